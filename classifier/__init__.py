"""Training of the classifier behind the wording rules: rows, script, licence."""
