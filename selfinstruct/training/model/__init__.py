"""The base model and the method attached to it."""
