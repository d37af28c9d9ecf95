"""Findings of the validation of instruction files: all rules for candidates, and mechanical defects."""

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from selfinstruct.language import LANGUAGES
from selfinstruct.quality.answers import RepeatedAnswers, digest
from selfinstruct.quality.calls import call_defects
from selfinstruct.quality.repair import FIXABLE, Field, defects, unwanted
from selfinstruct.quality.rules import MALFORMED_CHECKS, ROW_RULES, RULES, all_broken, all_flags, first_broken, repeats
from selfinstruct.records import Candidate, Check, JsonObject, LanguageCode, Severity
from selfinstruct.records.place import unit_of

_OF_ANY_TEXT = (
    "control_tokens", "control_characters", "invisible_characters", "mojibake", "email_address", "phone_number", "identity_number",
    "secret_key",
)  # fmt: skip
"""Rules that hold for what stands around an answer too: a system text, a thought, a worse answer, a tool's result."""
_SPOKEN = {"system", "reasoning", "rejected"}
_OF_TEXT_ANSWERS = frozenset({"empty_output", "unfinished_output"})
"""Rules that do not apply where a tool call is the answer."""
REPEATED_ANSWER = "repeated_answer"
REPEATED_ID = "repeated_id"
_NAMED = 5
"""Lines named of those that share an answer."""
_SHOWN = 40
"""Characters of an id."""


class Finding(NamedTuple):
    """One defect of one row."""

    line: int
    """Line number, or a RowNumber where rows have no lines, from 1."""
    rule: str
    severity: Severity
    detail: str

    @property
    def fixable(self) -> bool:
        """Whether `--fix` can repair it."""
        return self.rule in FIXABLE and not self.detail.startswith("contains <")  # HTML is left as it is


class Checked(NamedTuple):
    """A row as input to validation."""

    line: int
    language: LanguageCode
    instruction: str
    input: str
    output: str
    later: tuple[tuple[str, str], ...] = ()
    """The other (user, assistant) pairs of a conversation."""
    defect: str = ""
    """Error in the order of the turns, or ""."""
    others: tuple[str, ...] = ()
    """System and tool texts, on which the answer may depend."""
    fields: tuple[str, ...] = ("instruction", "input", "output")
    """Field names of instruction, input, output and each text of `later`."""
    around: tuple[tuple[str, str], ...] = ()
    """(field, text) of what stands around the answers: system, thoughts, worse answer."""
    answered_by_call: frozenset[int] = frozenset()
    """Pairs whose answer is a tool call: 0 for the row's own, from 1 those of `later`."""
    preference: tuple[str, str] | None = None
    """The better and the worse answer of a preference pair."""
    calls: tuple[JsonObject, ...] = ()
    """Tool calls and results."""
    tools: tuple[JsonObject, ...] = ()
    stated_id: str = ""
    """The id that the file states."""
    checks: tuple[Check, ...] = ()
    """What is said to prove the row."""
    checks_defect: str = ""
    """What of `checks` cannot be read, or ""."""


def findings(
    rows: Iterable[Checked], disabled: Mapping[LanguageCode, Container[str]] | None = None
) -> Iterator[Finding]:
    """Yield all findings of all rows in order, including duplicates of earlier rows; then those of many rows together."""
    review = Review(disabled)
    for row in rows:
        yield from review.of(row)
    yield from review.of_many()


class Review:
    """The findings of the rows of a file, one row after the other; of earlier rows it holds hashes."""

    def __init__(
        self, disabled: Mapping[LanguageCode, Container[str]] | None = None, *, ignores_broken: bool = False
    ) -> None:
        """Begin without a row; with `ignores_broken`, a row with an error makes no later row a duplicate."""
        self._disabled, self._ignores_broken = disabled or {}, ignores_broken
        self._seen: dict[bytes, tuple[int, bytes]] = {}
        """Task -> (line, answer) of its first row."""
        self._ids: dict[str, tuple[int, bytes]] = {}
        """Stated id -> (line, texts) of the first row that has it."""
        self._number: type[int] = int
        """What the rows are numbered with: lines, or positions."""
        self._answers = RepeatedAnswers()

    def of(self, row: Checked) -> list[Finding]:
        """Return the findings of the next row."""
        self._number = type(row.line)
        found = [*_of_row(row, self._disabled.get(row.language, ())), *self._of_id(row)]
        broken = any(one.severity == "error" for one in found)
        if row.later or (broken and self._ignores_broken):
            return found  # a conversation is more than its first question: duplicates are not looked for
        task, answer = digest(row.instruction, row.input, *row.others), digest(" ".join(row.output.split()))
        first, earlier = self._seen.setdefault(task, (row.line, answer))
        if first != row.line:
            found.append(
                Finding(
                    row.line,
                    repeats(answer.hex(), earlier.hex()),
                    "error",
                    f"{unit_of(first)} {first} has the same task",
                )
            )
        elif not broken and REPEATED_ANSWER not in self._disabled.get(row.language, ()):
            self._answers.add(row.line, row.language, (row.instruction, row.input), row.output)
        return found

    def _of_id(self, row: Checked) -> Iterator[Finding]:
        """Yield that an earlier row has the same id and other texts."""
        if not row.stated_id or REPEATED_ID in self._disabled.get(row.language, ()):
            return
        texts = digest(
            row.instruction, row.input, row.output, *(text for pair in row.later for text in pair), *row.others
        )
        first, earlier = self._ids.setdefault(row.stated_id, (row.line, texts))
        if earlier != texts:
            told = f"{unit_of(first)} {first} has the same id, {row.stated_id[:_SHOWN]!r}, and other texts"
            yield Finding(row.line, REPEATED_ID, "warning", told)

    def of_many(self) -> Iterator[Finding]:
        """Yield what is seen in many rows only: answers that different questions have, among rows without an error."""
        for one in self._answers.found():
            first, *others = map(self._number, one.lines)
            if one.long:
                told = f"{unit_of(first)} {first} has the same long answer to another question; {one.questions} questions have it"
                yield from (Finding(line, REPEATED_ANSWER, "error", told) for line in others)
            else:
                lines = ", ".join(map(str, one.lines[:_NAMED])) + (", ..." if len(one.lines) > _NAMED else "")
                told = (
                    f"{one.questions} different questions have this answer ({unit_of(first)}s {lines}): {one.beginning}"
                )
                yield Finding(first, REPEATED_ANSWER, "warning", told)


def _of_row(row: Checked, off: Container[str]) -> Iterator[Finding]:
    """Yield the findings of one row by itself."""
    if row.defect:
        yield Finding(row.line, "turns_out_of_order", "error", row.defect)
    candidate = _candidate(row, row.instruction, row.input, row.output, checks=row.checks)
    broken, flagged = list(all_broken(candidate, off)), list(all_flags(candidate, off))
    for rule, detail in broken:
        if 0 in row.answered_by_call and rule in _OF_TEXT_ANSWERS:
            continue
        yield Finding(row.line, rule, "error", detail)
    if row.checks_defect and MALFORMED_CHECKS not in off:
        yield Finding(row.line, MALFORMED_CHECKS, "warning", row.checks_defect)
    for rule, detail in flagged:
        yield Finding(row.line, rule, "warning", detail)
    is_named = any(rule == "escaped_escapes" and "&" in detail for rule, detail in (*broken, *flagged))
    yield from (one for one in _mechanical(row, off) if one.rule != "entities" or not is_named)
    yield from _later(row, off)
    yield from (Finding(row.line, rule, "error", detail) for rule, detail in _around(row) if rule not in off)


def _mechanical(row: Checked, off: Container[str]) -> Iterator[Finding]:
    """Yield defects that `--fix` can repair and that no content rule reports."""
    texts: list[tuple[Field, str]] = [("instruction", row.instruction), ("input", row.input), ("output", row.output)]
    texts += [("turn", text) for pair in row.later for text in pair] + [("turn", text) for _, text in row.around]
    keeps = unwanted(text for _, text in texts)
    for (field, text), name in zip(texts, (*row.fields, *(name for name, _ in row.around)), strict=True):
        for defect in defects(text, "turn" if "." in name else field, name, keeps):
            if defect.rule not in RULES and defect.rule not in off:
                yield Finding(row.line, *defect)


def _around(row: Checked) -> Iterator[tuple[str, str]]:
    """Yield (rule, detail) of what is wrong with a preference pair, or with calls."""
    if row.preference and row.preference[0].split() == row.preference[1].split():
        yield "same_answers", "chosen and rejected say the same"
    contents = ((f"calls.{number}", message.get("content")) for number, message in enumerate(row.calls))
    for field, text in (*row.around, *contents):
        if isinstance(text, str) and text:
            for rule in _OF_ANY_TEXT if field in _SPOKEN else _OF_ANY_TEXT[1:]:  # a call may be a text in tags
                if detail := RULES[rule](_candidate(row, "", "", text), LANGUAGES[row.language]):
                    yield rule, f"field `{field}`: {detail}"
    yield from call_defects(row.calls, row.tools)


def _later(row: Checked, off: Container[str]) -> Iterator[Finding]:
    """Yield the first broken rule of each further answer of a conversation."""
    for number, (asked, answer) in enumerate(row.later, 2):
        if number - 1 in row.answered_by_call:
            continue
        earlier = ((row.instruction, row.output), *row.later[: number - 2])
        if broken := first_broken(ROW_RULES, _candidate(row, asked, "", answer, history=earlier), off):
            yield Finding(row.line, broken[0], "error", f"pair {number} of the conversation: {broken[1]}")


def _candidate(row: Checked, instruction: str, given: str, output: str, **others: Any) -> Candidate:
    """Return a candidate; `others` are its checks, or what was said before."""
    texts = {"instruction": instruction, "input": given, "output": output, "system": "\n".join(row.others)}
    return Candidate(language=row.language, index=0, position=0, **texts, **others)
