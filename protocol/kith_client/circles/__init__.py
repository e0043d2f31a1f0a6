"""Circles on the member's device."""
