"""Key pages: the bundles of own offers, and of other nodes', many at a time."""
