"""A mentorship inside a conversation: the member's side."""
