"""Mailboxes: opening and emptying them by their key, taking in what other nodes deliver."""
