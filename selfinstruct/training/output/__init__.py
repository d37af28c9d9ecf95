"""What a training run leaves: adapter, card, loss curve, metadata."""
