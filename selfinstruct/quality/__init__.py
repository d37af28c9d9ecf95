"""Quality of rows: rules, their findings on a file, and automatic repairs."""
