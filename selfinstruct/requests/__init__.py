"""Requests and replies: pure functions between pool and teacher, for every recipe.

    batch      several whole tasks per reply, as Stanford Alpaca asks
    steered    one instruction, then an input or label if needed, then the answer: with a drawn topic and first verb for a strong teacher,
               a plain task on an everyday subject for a small one (plain.py)
    checked    tasks that code draws and proves, and the teacher words, writes or answers (checked.py)
    documents  questions on passages of documents, each proved by what it quotes (grounded.py)

A request depends only on the run's seed, its slot, the seeds, prompts and documents, and the visible part of the pool. `compose.py` writes
them, `read.py` reads what comes back, `steps.py` says what a candidate still needs.
"""

from selfinstruct.requests.compose import compose, compose_step
from selfinstruct.requests.plan import Plan, Visible
from selfinstruct.requests.read import fill, read
from selfinstruct.requests.steps import next_step, wants_label

__all__ = ["Plan", "Visible", "compose", "compose_step", "fill", "next_step", "read", "wants_label"]
