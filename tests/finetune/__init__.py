"""Tests of the trainer; they need the [finetune] extra, and neither network nor weights."""
