"""Conversations of two people: knock, answer and what follows, without any input or output."""
