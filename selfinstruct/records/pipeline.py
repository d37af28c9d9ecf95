"""The records from a request to a verdict: Request -> Reply -> Candidate -> Verdict."""

from typing import Literal, get_args

from pydantic import SerializerFunctionWrapHandler, model_serializer

from selfinstruct.records.place import place, read_back
from selfinstruct.records.proof import Check, Drawn, JsonObject, Record, Source, compared_text
from selfinstruct.records.translation import Translated

LanguageCode = Literal["en", "zh"]
Severity = Literal["error", "warning"]
"""Of a rule: what breaks it is rejected, or only flagged."""
Recipe = Literal["batch", "steered", "checked", "documents", "evolve", "conversation", "translate"]
Step = Literal[
    "batch", "instruction", "exercise", "input", "answer", "label", "confirm", "again",
    "computed", "passage", "wording", "task", "meet",
    "question", "reread", "closed",
    "evolve", "answerable",
    "follow", "reply", "follow.2", "reply.2", "follow.3", "reply.3",
    "answer.2", "answer.3", "answer.4",
    "translate", "translate.2", "back",
    "part.2", "part.3", "part.4", "part.5", "part.6", "part.7", "part.8", "part.9", "part.10", "part.11", "part.12",
    "judge.1", "judge.2", "judges.1", "judges.2", "better.1", "better.2",
    "second", "second.2", "second.3", "dropped",
    "prefer.1", "prefer.2", "prefer.3", "prefer.4", "prefer.5", "prefer.6",
    "prefer.7", "prefer.8", "prefer.9", "prefer.10", "prefer.11", "prefer.12",
    "prefer.13", "prefer.14", "prefer.15", "prefer.16", "prefer.17", "prefer.18", "prefer.19", "prefer.20",
    "compare.1", "compare.2",
]  # fmt: skip
"""What a request asks for: first of a recipe, later of its candidates, of a view of the finished rows, of a comparison."""
JUDGED_BY: frozenset[Step] = frozenset(
    step for step in get_args(Step) if step.partition(".")[0] in {"judge", "judges", "better", "prefer", "compare"}
)
"""Steps that the judge is asked, whoever that is."""
CERTIFICATE_STEPS: frozenset[Step] = frozenset(("compare.1", "compare.2"))
"""Those of them that are about no row of a run, but say what the judge is worth."""
FIRST_STEPS: dict[Step, Recipe] = {
    "batch": "batch",
    "instruction": "steered",
    "exercise": "steered",
    "computed": "checked",
    "passage": "checked",
    "task": "checked",
    "question": "documents",
    "evolve": "evolve",
    "follow": "conversation",
    "translate": "translate",
    "translate.2": "translate",
}
"""{first step of a candidate: its recipe}."""


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
    top_logprobs: int = 0
    """Number of likeliest tokens whose log-probability is asked for."""

    @model_serializer(mode="wrap")
    def _stated(self, serialize: SerializerFunctionWrapHandler) -> JsonObject:
        return {name: value for name, value in serialize(self).items() if name != "top_logprobs" or value}


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
    drawn: Drawn | None = None
    """What code drew for a first step: a task of its own, or what is to become of a row."""

    @model_serializer(mode="wrap")
    def _stated(self, serialize: SerializerFunctionWrapHandler) -> JsonObject:
        return {name: value for name, value in serialize(self).items() if name != "drawn" or value}

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
    first_token: dict[str, float] = {}  # noqa: RUF012 - pydantic copies it
    """{token: its log-probability} of the likeliest first tokens; empty where they were not asked for, or are not given."""
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
    system: str = ""
    history: tuple[tuple[str, str], ...] = ()
    """Earlier (user, assistant) turns."""
    reasoning: str = ""
    """What the teacher thought before the answer, where that is known."""
    topic: str = ""
    shown: tuple[str, ...] = ()
    """Ids of the tasks that its instruction was written after, where a later step shows them too."""
    fault: str = ""
    """Rule that the reader already found broken, e.g. `truncated`."""
    lacks: str = ""
    """What the reader looked for in vain, in a few words."""
    text: str = ""
    """The span of the reply that this was read from."""
    recipe: Recipe = "batch"
    drawn: Drawn | None = None
    """The task that code drew, for the steps that are still to come."""
    checks: tuple[Check, ...] = ()
    source: Source | None = None
    by_code: bool = False
    """Question and answer are in the words of code alone."""
    translation: Translated | None = None
    """What was said of a row that was translated."""
    ended: str = ""
    """Rule that a further turn of the conversation broke, which is not part of it therefore."""

    @property
    def compared(self) -> str:
        """What the near-duplicate filter compares."""
        return compared_text(self)

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

    @property
    def place(self) -> str:
        """Where the example stands, as messages name it."""
        return place(self.file, read_back(self.file, self.line))


class Judgement(Record):
    """What the judge said of a row in one order of its criteria."""

    scores: dict[str, int] = {}  # noqa: RUF012 - pydantic copies it
    """{criterion: 1 to 5}; empty when the reply could not be read."""
    strict: bool = False
    """The reply was the JSON object that was asked for and nothing else."""

    @property
    def mean(self) -> float:
        """Mean score; 0 when there is none."""
        return sum(self.scores.values()) / len(self.scores) if self.scores else 0.0


Stage = Literal["", "read", "instruction", "filter", "held_out", "answer", "target", "judge", "review"]
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
