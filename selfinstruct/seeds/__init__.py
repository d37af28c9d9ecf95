"""Seed tasks: reading and checking them, and the figures that describe them."""
