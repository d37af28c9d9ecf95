"""Kinds of provable tasks on a text that the teacher writes: the details of the text are known, so the answer is too."""
