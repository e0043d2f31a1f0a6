"""The Python client SDK and the member's commands."""
