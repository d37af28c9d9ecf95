"""Broken variants of the code that keeps replies and money: for each, some test must fail."""
