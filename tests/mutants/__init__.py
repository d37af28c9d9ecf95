"""Mutants: broken variants of the code; for each, some test must fail."""
