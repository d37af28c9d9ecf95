"""Dataset files: reading any instruction file, writing ours, exporting to the formats of others."""
