"""The member's commands, one module for each group; ``kith_client.cli`` puts them together."""
