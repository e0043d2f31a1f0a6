"""Accounts, invites, sign-in and session tokens of one community."""
