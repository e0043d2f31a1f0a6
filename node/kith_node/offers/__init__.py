"""A community's own offers: publish, edit, extend, withdraw, seal, release."""
