"""The row of a dataset: an instruction, its answer, and what a model may be given or may do in between."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import SerializerFunctionWrapHandler, model_serializer

from selfinstruct.records.pipeline import Candidate, LanguageCode
from selfinstruct.records.proof import Check, JsonObject, Record, Source, compared_text


class Row(Record):
    """One line of the dataset.

    On the disk the optional fields are there only where they hold something, so a plain row has five keys. A row with `rejected` is a
    preference pair: its `output` is then written as `chosen`.
    """

    id: str
    language: LanguageCode
    instruction: str
    input: str
    output: str
    system: str = ""
    """What the model is told before the conversation."""
    history: tuple[tuple[str, str], ...] = ()
    """Earlier (user, assistant) turns of the conversation that this row goes on."""
    reasoning: str = ""
    """What was thought before the answer."""
    tools: tuple[JsonObject, ...] = ()
    """Tools that the model may call: JSON objects, as OpenAI's API and JSON Schema have them."""
    calls: tuple[JsonObject, ...] = ()
    """Tool calls and their results between question and answer: messages as OpenAI's API has them; `turn` names an earlier turn, from 0."""
    unlearned: tuple[int, ...] = ()
    """Turns of `history`, from 0, whose answer is context and is never trained on."""
    source: Source | None = None
    checks: tuple[Check, ...] = ()
    rejected: str = ""
    """The worse answer of a preference pair."""

    @model_serializer(mode="wrap")
    def _stated(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        value: dict[str, Any] = serialize(self)
        for name in _OPTIONAL:
            if not getattr(self, name):
                value.pop(name, None)
        if self.rejected and "output" in value:
            value["chosen"] = value.pop("output")
            value["rejected"] = value.pop("rejected")
        return value

    @property
    def carries_tools(self) -> bool:
        """Whether tools or calls are part of what it teaches."""
        return bool(self.tools or self.calls)

    @property
    def compared(self) -> str:
        """What the near-duplicate filter compares."""
        return compared_text(self)


_OPTIONAL: Final = ("system", "history", "reasoning", "tools", "calls", "unlearned", "source", "checks", "rejected")


def row_id(  # noqa: PLR0913, PLR0917 - all that makes a task
    language: str,
    instruction: str,
    input_text: str,
    system: str = "",
    history: Sequence[Sequence[str]] = (),
    tools: Sequence[JsonObject] = (),
) -> str:
    """Return 16 hex digits that stay the same when only the answer, width, case or whitespace changes.

    What the question stands in (system, earlier turns, tools) counts where there is any.
    """
    text = f"{language}\n{folded(instruction)}\n{folded(input_text)}"
    if system or history or tools:
        around = [folded(system), [[folded(part) for part in pair] for pair in history], list(tools)]
        text += "\n" + json.dumps(around, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def with_own_id(row: Row) -> Row:
    """Return a row with the id that its text has."""
    own = row_id(row.language, row.instruction, row.input, row.system, row.history, row.tools)
    return row if row.id == own else row.model_copy(update={"id": own})


def text_hash(instruction: str, input_text: str, output: str) -> str:
    """Return 16 hex digits of exactly what a row says, which any edit changes."""
    text = f"{instruction}\0{input_text}\0{output}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def whole_hash(texts: Mapping[str, str]) -> str:
    """Return 16 hex digits of all texts of a row, {name: text}, which any edit of any of them changes."""
    text = json.dumps({name: value for name, value in texts.items() if value}, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def folded(text: str) -> str:
    """Return a text in which width, case and blanks do not count: NFKC, lower case, blanks as one."""
    wide = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return " ".join(wide.lower().split())


def candidate_of(row: Row) -> Candidate:
    """Return a row as a candidate, for the rules."""
    names = ("instruction", "input", "output", "system", "history", "checks", "source")
    return Candidate(language=row.language, index=0, position=0, **{name: getattr(row, name) for name in names})


def row_of(candidate: Candidate) -> Row:
    r"""Return the dataset row of an accepted candidate: NFC, lines that end in `\n`."""
    names = ("instruction", "input", "output", "system")
    texts = {name: plain_text(getattr(candidate, name)) for name in names}
    history = tuple((plain_text(question), plain_text(answer)) for question, answer in candidate.history)
    identifier = row_id(candidate.language, texts["instruction"], texts["input"], texts["system"], history)
    more = {"history": history, "checks": candidate.checks, "source": candidate.source}
    return Row.model_validate({"id": identifier, "language": candidate.language} | texts | more)


def plain_text(text: str) -> str:
    r"""Return a text as rows hold it: NFC, lines that end in `\n`."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
