"""Output of a training run: adapter, card, loss curve, metadata."""
