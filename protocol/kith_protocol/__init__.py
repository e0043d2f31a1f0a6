"""What nodes and clients say to each other: documents and sans-IO state machines."""
