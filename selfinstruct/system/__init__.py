"""The machine under the pipeline: files, git, a forked child."""
