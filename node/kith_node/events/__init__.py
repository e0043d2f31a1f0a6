"""One constant tick to everybody, so that clients know when to look."""
