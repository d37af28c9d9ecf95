"""The records that travel between stages: frozen, typed, checked where they enter.

Seed -> Task -> Request -> Reply -> Candidate -> Verdict -> Row. No behaviour beyond what a record knows of itself.
"""

import hashlib
import unicodedata
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer

LanguageCode = Literal["en", "zh"]
Severity = Literal["error", "warning"]
"""Of a rule: what breaks it is rejected, or only flagged."""
Step = Literal["batch", "instruction", "input", "answer", "label", "judge.1", "judge.2"]


class Record(BaseModel):
    """Base of all records: immutable, no unknown field."""

    model_config = ConfigDict(frozen=True, extra="forbid")


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
    is_classification: bool = False
    is_local: bool = False
    """True when the task lives in the life, institutions or literature of its language's speakers."""


class Task(Record):
    """What a prompt can show: a seed or an accepted row."""

    id: str
    instruction: str
    input: str = ""
    output: str = ""
    topic: str = ""
    is_classification: bool = False


class Message(Record):
    """One chat turn."""

    role: Literal["system", "user", "assistant"]
    content: str


class Sampling(Record):
    """What the teacher is asked to sample with; part of what makes a request."""

    model: str
    temperature: float
    top_p: float
    max_tokens: int
    seed: int
    """Derived from the run's seed and the slot; a provider may ignore it."""


class Request(Record):
    """One question to the teacher, complete: the same slot of the same run always composes the same request."""

    language: LanguageCode
    index: int
    """Number of the request in its language, from 0; a later step keeps the index of its candidate."""
    position: int = 0
    """Position of the candidate, in reply order, that a later step completes."""
    step: Step
    messages: tuple[Message, ...]
    sampling: Sampling
    shown: tuple[str, ...] = ()
    """Ids of the seeds and rows shown as examples, in order."""
    topic: str = ""
    verb: str = ""

    @property
    def slot(self) -> str:
        """Name of the place in the run that this request fills, e.g. `zh/12.0/answer`."""
        return f"{self.language}/{self.index}.{self.position}/{self.step}"


class Usage(Record):
    """Tokens as the provider counted them."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    """All output that is billed, thoughts included."""
    cost_micro_usd: int | None = None  # as the provider states it


class Reply(Record):
    """What the teacher said, and thought before; read from the raw body in the journal."""

    text: str = ""
    thought: str = ""
    finish_reason: str = ""
    cut: bool = False
    model: str = ""
    usage: Usage | None = None
    """None when the body had none: the worst case stays in the bill."""
    fault: str = ""
    """Rule name when there is nothing to read: `empty_reply`, `all_thought`, `content_filtered`, `malformed_reply`, `request_rejected`, `held`."""


class Candidate(Record):
    """One item read from a reply: a task, or a span that could not be read and says why."""

    language: LanguageCode
    index: int
    position: int
    instruction: str = ""
    input: str = ""
    output: str = ""
    topic: str = ""
    fault: str = ""
    """Rule that the reader already found broken, e.g. `truncated`."""
    text: str = ""
    """The span of the reply that this was read from."""

    @property
    def key(self) -> str:
        """Name of the candidate in its run, e.g. `zh/12.0`."""
        return f"{self.language}/{self.index}.{self.position}"


class Neighbour(Record):
    """The nearest seed or earlier accepted instruction."""

    id: str
    score: float
    """ROUGE-L F-measure, 0 to 1."""


class ContaminationMatch(Record):
    """What a candidate repeats of an evaluation set."""

    file: str
    line: int
    """Line, or position in an array, from 1."""
    field: Literal["question", "input", "output"]
    """Of the evaluation example; its question is instruction and input together."""
    how: Literal["exact", "near", "overlap"]
    score: float
    """ROUGE-L of the questions, or the share of the evaluation text that shared runs of tokens cover."""
    text: str


class Judgement(Record):
    """What the judge said of a row in one order of its criteria."""

    scores: dict[str, int] = {}
    """{criterion: 1 to 5}; empty when the reply could not be read."""
    strict: bool = False
    """The reply was the JSON object that was asked for and nothing else."""

    @property
    def mean(self) -> float:
        """Mean score; 0 when there is none."""
        return sum(self.scores.values()) / len(self.scores) if self.scores else 0.0


Stage = Literal["", "read", "instruction", "filter", "held_out", "answer", "target", "judge"]
"""Where a candidate was rejected: reading the reply, rules on the instruction, near-duplicates, evaluation sets, rules on the whole row,
target, the teacher as a judge."""


class Verdict(Record):
    """How one candidate ended: accepted (no rule), rejected by a rule, or pending (its answer was not bought)."""

    candidate: Candidate
    stage: Stage = ""
    rule: str = ""
    detail: str = ""
    nearest: Neighbour | None = None
    held_out: ContaminationMatch | None = None
    judged: tuple[Judgement, ...] = ()
    pending: bool = False

    @property
    def accepted(self) -> bool:
        """Whether the candidate became a row."""
        return not self.rule and not self.pending

    @property
    def survived(self) -> bool:
        """Whether the instruction passed its rules and the near-duplicate filter, whatever became of its answer."""
        return self.stage not in {"read", "instruction", "filter"}


class Row(Record):
    """One line of the dataset."""

    id: str
    language: LanguageCode
    instruction: str
    input: str
    output: str
    history: tuple[tuple[str, str], ...] = ()
    """Earlier (user, assistant) turns of the conversation that this row goes on; written only where there are any."""

    @model_serializer(mode="wrap")
    def _without_empty_history(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        value: dict[str, Any] = serialize(self)
        if not self.history:
            value.pop("history", None)
        return value


def row_id(language: str, instruction: str, input_text: str) -> str:
    """Return 16 hex digits that stay the same when only the answer, width, case or whitespace changes."""
    text = f"{language}\n{folded(instruction)}\n{folded(input_text)}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def text_hash(instruction: str, input_text: str, output: str) -> str:
    """Return 16 hex digits of exactly what a row says, which any edit changes."""
    text = f"{instruction}\0{input_text}\0{output}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def folded(text: str) -> str:
    """Return a text in which width, case and blanks do not count: NFKC, lower case, blanks as one."""
    wide = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return " ".join(wide.lower().split())


def row_of(candidate: Candidate) -> Row:
    r"""Return the dataset row of an accepted candidate: NFC, lines that end in `\n`."""
    instruction, given, output = (
        unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
        for text in (candidate.instruction, candidate.input, candidate.output)
    )
    identifier = row_id(candidate.language, instruction, given)
    return Row(id=identifier, language=candidate.language, instruction=instruction, input=given, output=output)
