"""The demonstration: communities on loopback, filled with real skill lists and own offers."""
