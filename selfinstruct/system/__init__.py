"""Operating-system helpers: files, git, a forked child process, an event loop."""
