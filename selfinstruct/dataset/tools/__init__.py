"""Tools on whole instruction files: removing near-duplicates, validating and repairing rows."""
