"""One conversation's machine, loaded from the vault for a single step."""

from __future__ import annotations

from kith_client.shelf import Shelf
from kith_protocol.conversation.machine import Conversation


def load_machine(shelf: Shelf, conversation: bytes) -> Conversation:
    """Return the machine of a conversation, as its records are now.

    Args:
        shelf: of the vault.
        conversation: 16 bytes.

    Raises:
        UsageError: there is no such conversation.
    """
    machine = Conversation.load(shelf.records_of(conversation), lane=shelf.lane(conversation))
    if machine.needs_new_lane:
        # The vault was set back: what is written from now on must not look like a fork.
        shelf.renew_device()
        machine = Conversation.load(
            shelf.records_of(conversation), lane=shelf.lane(conversation)
        )
    return machine
