"""A running community: storage, federation, HTTP and command line."""
