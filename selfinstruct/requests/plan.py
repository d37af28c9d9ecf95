"""What the requests of one language are composed from."""

import random
from typing import NamedTuple

from selfinstruct.config import Config
from selfinstruct.dedup.contamination import EvaluationSets
from selfinstruct.prompts import Prompts
from selfinstruct.records import LanguageCode, Step, Task

FIRST_STEPS: frozenset[Step] = frozenset({"batch", "instruction"})


class Plan(NamedTuple):
    """What a language's requests are made from, and what its rows must not repeat."""

    language: LanguageCode
    config: Config
    seeds: tuple[Task, ...]
    prompts: Prompts
    evaluation_sets: EvaluationSets = EvaluationSets()
    """Empty unless a set is given; never added to."""

    def rng(self, index: int, step: Step) -> random.Random:
        """Return the randomness of one slot: derived, never carried on."""
        suffix = "" if step in FIRST_STEPS else f"/{step}"
        return random.Random(f"{self.config.run.seed}/{self.language}/{index}{suffix}")
