"""Whole instruction files in, whole files out: near-duplicates dropped, defects repaired."""
