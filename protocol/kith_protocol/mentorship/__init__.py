"""A mentorship as both sides see it: agreement, sessions, goals, closing, thanks."""
