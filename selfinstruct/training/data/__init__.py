"""From rows to batches of token ids, with what is learned and what is masked."""
