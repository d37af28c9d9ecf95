"""What makes a row a bad one: rules, the findings they give on a file, and what can be repaired."""
