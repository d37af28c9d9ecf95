"""Turn a few hundred English and Chinese seed tasks into an instruction dataset you can trust, and fine-tune a model on it."""
