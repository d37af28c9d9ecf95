"""Conversations of other people cleaned turn by turn into a dataset: what is bad is cut by name, what is whole is kept."""
