"""The embedded teacher: its server process and its launcher."""
