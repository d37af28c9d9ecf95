"""Numbered items in a prompt and in a reply: rendering them, and finding them again in whatever a model wrote."""
