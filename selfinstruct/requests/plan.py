"""The plan of one language: everything its requests are composed from."""

import random
from typing import NamedTuple

from selfinstruct.config import Config
from selfinstruct.dedup.contamination import EvaluationSets
from selfinstruct.prompts import Prompts
from selfinstruct.records import LanguageCode, Step, Task

FIRST_STEPS: frozenset[Step] = frozenset({"batch", "instruction"})


class Plan(NamedTuple):
    """The input of request composition, and the evaluation sets that rows must not repeat."""

    language: LanguageCode
    config: Config
    seeds: tuple[Task, ...]
    prompts: Prompts
    evaluation_sets: EvaluationSets = EvaluationSets()
    """Evaluation sets; never extended."""

    def rng(self, index: int, step: Step) -> random.Random:
        """Return the random generator of one slot and step, derived from the seed."""
        suffix = "" if step in FIRST_STEPS else f"/{step}"
        return random.Random(f"{self.config.run.seed}/{self.language}/{index}{suffix}")
