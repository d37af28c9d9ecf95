"""What a run publishes: dataset files, splits, manifest, card, funnel, and a backup of what a new emission would lose."""
