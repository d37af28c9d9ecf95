"""Instruction files, dataset folders and run directories as dataset rows."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from selfinstruct.dataset.io.columns import columns_left
from selfinstruct.dataset.io.every_fault import read_rows
from selfinstruct.dataset.io.folders import OUR_ID, files_in, not_read, rows_apart
from selfinstruct.dataset.io.loaded import Loaded
from selfinstruct.dataset.io.names import answer_beside
from selfinstruct.dataset.io.thoughts import with_thought
from selfinstruct.errors import RecordError
from selfinstruct.records import JsonObject, Row, row_id
from selfinstruct.records.place import place
from selfinstruct.system.numbers import amount


def load_rows(path: Path, say: Callable[[str], None] = lambda _: None) -> list[Row]:
    """Return the rows of an instruction file, dataset folder or run directory, as dataset rows.

    A conversation becomes one row: its last answered question, with the earlier pairs as history. Texts that a row has no place for and
    what follows the last answer are left out; `say` receives their numbers. Raises RecordError for turns out of order, a conversation
    without answers, and invalid Unicode.
    """
    files = files_in(path)
    for what in (*rows_apart(path), *not_read(path, files)) if path.is_dir() else ():
        say(f"{path}: {what}")
    counts = LeftOut(columns=True)
    rows = [as_row(one, place(file, one.line)) for file in files for one in counts.over(read_rows(file))]
    empty = sum(not (row.output.strip() or row.calls) for row in rows)
    for what in (*counts.said(), *([f"{empty} of {len(rows)} rows have an empty answer"] if empty else [])):
        say(f"{path}: {what}")
    return rows


_FEW, _SHOWN = 3, 20
"""Unknown languages that are named, and characters of each."""
_NAMED = 10
"""Columns that are named."""


class LeftOut:
    """Counts what dataset rows cannot hold and what is left out for that."""

    def __init__(self, *, columns: bool = False, ids: bool = True) -> None:
        """Start at zero; with `columns`, those that a row has no place for are counted too, with `ids` also ids of another form than ours."""
        self._with_columns, self._columns = columns, Counter[str]()
        self._with_ids, self._foreign = ids, list[str]()
        self._others = self._unanswered = self._unlearned = self._ids = 0
        self._languages, self._answers = Counter[str](), Counter[str]()

    def over(self, loaded: Iterable[Loaded]) -> Iterator[Loaded]:
        """Yield the rows unchanged while counting."""
        for one in loaded:
            self._others += len(one.others)
            self._unanswered += one.unanswered
            self._unlearned += bool(one.unlearned) and len(one.pairs) - one.unanswered - 1 in one.unlearned
            self._fields(one)
            if self._with_columns:
                self._columns.update(columns_left(one).keys())
            yield one

    def _fields(self, one: Loaded) -> None:
        """Count fields whose value is not taken: a row has its own id, one of our languages, and one answer."""
        stated, language = one.value.get("id"), one.value.get("language")
        self._ids += stated is not None and not isinstance(stated, str)
        if self._with_ids and isinstance(stated, str) and stated.strip() and not OUR_ID.fullmatch(stated):
            self._foreign.append(stated[:_SHOWN])
        if language is not None and language != one.language:
            self._languages[str(language)[:_SHOWN]] += 1
        if one.is_conversation or one.value.keys() <= Row.model_fields.keys():
            return
        if other := answer_beside(one.value, one.fields[0], one.fields[2]):
            self._answers[f"`{other}` beside `{one.fields[2]}`"] += 1

    def said(self) -> tuple[str, ...]:
        """Return the counts as messages."""
        said = (
            (
                self._others,
                "system or tool text",
                "a row has one system text, before its first question, and tools as JSON",
            ),
            (self._unanswered, "last question", "no answer follows"),
            (self._unlearned, "last answer", "its weight is 0, so it would teach nothing"),
        )
        left = [f"{amount(count, what)} left out: {why}" for count, what, why in said if count]
        if self._columns:
            left.append(
                f"{_columns(self._columns)} left out: a row has no place for {'it' if len(self._columns) == 1 else 'them'}"
            )
        if self._ids:
            left.append(f"field `id` of {_rows(self._ids)} left out: it is no text; a row's id is a hash of its text")
        if self._foreign:
            named = ", ".join(dict.fromkeys(self._foreign[:_FEW])) + (", ..." if len(self._foreign) > _FEW else "")
            left.append(f"own `id` of {_rows(len(self._foreign))} replaced ({named}): a row's id is a hash of its text")
        if self._languages:
            named = ", ".join(f"{name!r} {count}" for name, count in self._languages.most_common(_FEW))
            left.append(
                f"field `language` of {_rows(self._languages.total())} left out ({named}): only en and zh are known; each text is read "
                "as the nearer one"
            )
        for name, count in self._answers.items():
            left.append(f"{name} of {_rows(count)} left out: both are answers, with other text; rename the one to take")
        return tuple(left)


def _columns(counts: Counter[str]) -> str:
    """Return which columns are left out of how many rows, the first of them by name."""
    named = [f"`{name[:_SHOWN]}` of {_rows(count)}" for name, count in counts.most_common(_NAMED)]
    more = len(counts) - len(named)
    return ", ".join(named) + (f" and {more} further columns" if more else "")


def _rows(count: int) -> str:
    return f"{count} row{'s' if count > 1 else ''}"


class LastTurn(NamedTuple):
    """What a row asks and answers last, and the conversation before."""

    instruction: str
    input: str
    output: str
    history: tuple[tuple[str, str], ...]
    reasoning: str = ""
    calls: tuple[JsonObject, ...] = ()
    unlearned: tuple[int, ...] = ()


def as_row(one: Loaded, where: str) -> Row:
    """Return one row of a file as a dataset row; `where` names it in errors."""
    if one.is_plain:
        return Row(**plain_fields(one, where))
    last = last_turn(one, where)
    identifier = row_id(one.language, last.instruction, last.input, one.system, last.history, one.tools)
    more: dict[str, Any] = {name: value for name, value in last._asdict().items() if value}
    more |= {
        name: value for name in ("system", "tools", "source", "checks", "rejected") if (value := getattr(one, name))
    }
    return Row(**({"id": identifier, "language": one.language, "instruction": "", "input": "", "output": ""} | more))


def plain_fields(one: Loaded, where: str) -> dict[str, Any]:
    """Return the fields of a question with its answer alone (`Loaded.is_plain`); `where` names it in errors."""
    _, _, instruction, given, output, language, *_ = one
    if not (instruction.isascii() and given.isascii() and output.isascii()):
        for name, text in zip(("instruction", "input", "output"), (instruction, given, output), strict=True):
            _check_unicode(text, where, name)
    identifier = row_id(language, instruction, given)
    return {"id": identifier, "language": language, "instruction": instruction, "input": given, "output": output}


def last_turn(one: Loaded, where: str) -> LastTurn:
    """Return the last answered question of a row that is learned, and the earlier pairs."""
    if one.defect:
        raise RecordError(
            f"{where}: {one.defect}; repair or remove the row (`selfinstruct validate` lists all of them)"
        )
    pairs = one.pairs[:-1] if one.unanswered else one.pairs
    while pairs and len(pairs) - 1 in one.unlearned:
        pairs = pairs[:-1]
    if not pairs:
        why = "no answer is learned: each has weight 0" if one.unlearned else "the only question has no answer"
        raise RecordError(f"{where}: {why}; write one or remove the row")
    instruction, given, output = pairs[-1]
    end = len(pairs) - 1
    history = tuple(
        (asked, with_thought(one.thoughts.get(number, ""), answered))
        for number, (asked, _, answered) in enumerate(pairs[:-1])
    )
    earlier = (("history", text) for pair in history for text in pair)
    for name, text in (("instruction", instruction), ("input", given), ("output", output), *earlier, *one.around):
        _check_unicode(text, where, name)
    calls = tuple(_placed(message, number, end) for number, message in one.calls if number <= end)
    unlearned = tuple(number for number in one.unlearned if number < end)
    return LastTurn(instruction, given, output, history, one.thoughts.get(end, ""), calls, unlearned)


def _placed(message: JsonObject, turn: int, end: int) -> JsonObject:
    """Return a call or result with the number of its turn, the last aside."""
    number = {} if turn == end else {"turn": turn}
    return number | {key: value for key, value in message.items() if key != "turn"}


def _check_unicode(text: str, where: str, name: str) -> None:
    try:
        text.isascii() or text.encode()
    except UnicodeEncodeError as error:
        raise RecordError(
            f"{where}: field `{name}` has half of a surrogate pair ({text[error.start]!r}); repair or remove the character"
        ) from error
