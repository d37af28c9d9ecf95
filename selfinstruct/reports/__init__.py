"""What a run, a file or a diff looks like to a reader."""
