"""The item format: rendering numbered tasks in a prompt, and parsing them from a reply."""
