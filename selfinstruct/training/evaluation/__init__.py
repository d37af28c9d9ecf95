"""Validation loss, ROUGE-L and EOS rate of base against tuned model."""
