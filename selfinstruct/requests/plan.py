"""The plan of one language: everything its requests are composed from."""

import random
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from selfinstruct.config import Config
from selfinstruct.dedup.contamination import EvaluationSets
from selfinstruct.documents import Passage
from selfinstruct.prompts import Prompts
from selfinstruct.records import FIRST_STEPS, LanguageCode, Message, Original, Request, Sampling, Step, Task


class Plan(NamedTuple):
    """The input of request composition, and the evaluation sets that rows must not repeat."""

    language: LanguageCode
    config: Config
    seeds: tuple[Task, ...]
    prompts: Prompts
    evaluation_sets: EvaluationSets = EvaluationSets()
    """Evaluation sets; never extended."""
    passages: tuple[Passage, ...] = ()
    """Of the documents, in this language."""
    parents: tuple[Task, ...] = ()
    """Rows that were given to evolve or to go on from, in this language."""

    originals: Sequence[Original | None] = ()
    """Rows of the other language that are translated into this one, each under the number of its request; None under one that is gone."""
    source: LanguageCode | None = None
    """The language of this run whose rows it translates; None where it has rows of its own, or translates those of a file."""
    glossary: tuple[tuple[str, str], ...] = ()
    """(term, its translation) that translations keep to."""

    def rng(self, index: int, step: Step) -> random.Random:
        """Return the random generator of one slot and step, derived from the seed."""
        suffix = "" if step in FIRST_STEPS else f"/{step}"
        return random.Random(f"{self.config.run.seed}/{self.language}/{index}{suffix}")

    def request(  # noqa: PLR0913 - all that makes a request
        self,
        index: int,
        step: Step,
        messages: Sequence[Message],
        *,
        position: int = 0,
        temperature: float,
        max_tokens: int,
        top_logprobs: int = 0,
        **fields: object,
    ) -> Request:
        """Return a request of this language; its sampling seed is that of the slot."""
        slot = f"{self.config.run.seed}/{self.language}/{index}.{position}/{step}"
        teacher = self.config.teacher
        sampling = Sampling(
            model=teacher.model,
            temperature=temperature,
            top_p=teacher.top_p,
            max_tokens=max_tokens,
            seed=random.Random(slot).randrange(2**31),
            top_logprobs=top_logprobs,
        )
        own = {"language": self.language, "index": index, "position": position, "step": step}
        return Request.model_validate(own | {"messages": tuple(messages), "sampling": sampling} | fields)


class Visible(NamedTuple):
    """What request number i may know of the run: the pool as it stood after request i - window, and its place among the recipes."""

    rows: Sequence[Task] = ()
    """Rows that were accepted."""
    number: int = 0
    """How many requests of the same recipe stand before it."""
    yields: Mapping[str, tuple[int, int]] = {}
    """{kind of a provable task: (times asked, rows)}."""
