"""The output of a run: dataset files, splits, manifest, card, funnel, and a backup of manual edits."""
