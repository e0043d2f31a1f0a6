"""The library: what communities know and share; see ``service``."""
