"""Near-duplicates by exact ROUGE-L, and contamination with evaluation sets."""
