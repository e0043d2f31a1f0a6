"""The node among other nodes: actor, peering, inbox, outbox, delivery, catch-up."""
