"""Composing requests and reading replies: pure functions between the pool and the teacher, for both recipes.

`batch` asks for several whole tasks in one reply, as Stanford Alpaca does. `steered` asks for one instruction as chat turns with a
drawn topic and first verb, and buys the rest in later steps: an input or a label where one is needed, then the answer.
A request depends on nothing but the run's seed, its slot, the seeds, the prompts and the part of the pool it may see.
"""

from selfinstruct.requests.compose import compose, compose_step
from selfinstruct.requests.plan import FIRST_STEPS, Plan
from selfinstruct.requests.read import fill, read
from selfinstruct.requests.steps import next_step, wants_label

__all__ = ["FIRST_STEPS", "Plan", "compose", "compose_step", "fill", "next_step", "read", "wants_label"]
