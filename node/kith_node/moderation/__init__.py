"""Reports, applications to join, removals, and what other nodes pass on."""
