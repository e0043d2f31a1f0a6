"""Circles: small groups across communities, made of one-to-one conversations."""
