"""The optimisation loop: steps, checkpoints, measurements."""
