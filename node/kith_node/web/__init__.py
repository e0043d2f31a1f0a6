"""The web client's files, as built into the package, and their digest."""
