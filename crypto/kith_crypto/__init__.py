"""Pure functions over bytes: keys, signatures, sealing, hashes.

No I/O, no clock, no random source, no database. Import from the modules, not from here.
"""
