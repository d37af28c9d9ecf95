"""Kinds on tasks of the teacher's own: a condition that is appended to the task, and whether the answer keeps it."""
