"""Tasks whose answer code computes."""
