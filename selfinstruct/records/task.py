"""Seed tasks as their file has them, and what a prompt can show of one."""

from pydantic import StrictBool

from selfinstruct.records.proof import Record


class Instance(Record):
    """One input (may be empty) and its answer."""

    input: str = ""
    output: str


class Seed(Record):
    """A seed task in the shape of self-instruct's file, plus category, topic and is_local."""

    id: str
    name: str
    category: str = ""
    """Slug such as `open_qa`."""
    topic: str = ""
    """Subject in one to four words, in the seed's language; steers the `steered` recipe."""
    instruction: str
    instances: tuple[Instance, ...]
    is_classification: StrictBool = False
    is_local: StrictBool = False
    """True when the task lives in the life, institutions or literature of its language's speakers."""
    plain: StrictBool = False
    """True when it is short, on an everyday subject and answerable without rare knowledge: what a small teacher is shown."""


class Task(Record):
    """What a prompt can show: a seed or an accepted row."""

    id: str
    instruction: str
    input: str = ""
    output: str = ""
    topic: str = ""
    category: str = ""
    is_classification: bool = False
    plain: bool = False
    instances: tuple[Instance, ...] = ()
    """All of a classification seed."""
    system: str = ""
    history: tuple[tuple[str, str], ...] = ()
    """Earlier (user, assistant) turns; a task that goes on from some is no example of a task."""
    evolved: int = 0
    """How many times it was evolved from another."""
