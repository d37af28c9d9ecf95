"""The embedded teacher: its server process, and how it is launched."""
