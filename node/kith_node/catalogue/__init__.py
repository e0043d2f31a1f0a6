"""Own and remote offers as one searchable whole."""
