"""Reports for readers: of a run, a file or a diff."""
