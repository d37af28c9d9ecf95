"""Requests and replies: pure functions between pool and teacher, for both recipes.

`batch` asks for several whole tasks per reply, as Stanford Alpaca does. `steered` asks for one instruction, with a
drawn topic and first verb, then for an input or label if needed, then for the answer. A request depends only on the
run's seed, its slot, the seeds, the prompts and the visible part of the pool.
"""

from selfinstruct.requests.compose import compose, compose_step
from selfinstruct.requests.plan import FIRST_STEPS, Plan
from selfinstruct.requests.read import fill, read
from selfinstruct.requests.steps import next_step, wants_label

__all__ = ["FIRST_STEPS", "Plan", "compose", "compose_step", "fill", "next_step", "read", "wants_label"]
