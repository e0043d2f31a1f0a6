"""The vault format: records, how they are merged, and how they lie in encrypted chunks."""
