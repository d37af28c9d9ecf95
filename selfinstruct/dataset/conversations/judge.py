"""One conversation of a file from its value to what is spooled of it: cleaned, split, and its rows written. Child processes do this."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from selfinstruct.dataset.conversations.clean import clean
from selfinstruct.dataset.conversations.read import read
from selfinstruct.dataset.conversations.records import Cleaned, Cut, Exchange, Read, Said
from selfinstruct.dataset.conversations.sketch import opening_of, sketches_of, whole_of
from selfinstruct.dataset.conversations.split import OVER_BUDGET, Budget, split
from selfinstruct.dataset.conversations.spool import Part, Spooled, dumped
from selfinstruct.dataset.conversations.verdicts import Disabled, language_of_turn
from selfinstruct.dataset.io.parse import read_row
from selfinstruct.dataset.io.rows import as_row
from selfinstruct.dataset.io.thoughts import with_thought
from selfinstruct.language.guess import guess_language
from selfinstruct.records import LanguageCode, Row, row_id
from selfinstruct.records.place import place
from selfinstruct.system.files import to_line

_LOOK = 1_000
"""Characters by which the language is told of what is no conversation."""


class Settings(NamedTuple):
    """What a conversation is judged by."""

    path: Path
    disabled: Disabled
    budget: Budget = Budget()


class Judged(NamedTuple):
    """A conversation for the spool, and what it is first compared by; None for one that is rejected."""

    data: bytes
    opening: str | None
    language: LanguageCode


def judge(settings: Settings, values: list[tuple[int, Any]]) -> list[Judged]:
    """Return some conversations of the file, each judged by itself."""
    judged = [_judged(read(line, value, settings.path), settings) for line, value in values]
    sketches = sketches_of([one.words for one in judged])
    return [
        Judged(dumped(one._replace(sketch=sketch)), one.opening if one.parts else None, one.language)
        for one, sketch in zip(judged, sketches, strict=True)
    ]


def _judged(found: Read, settings: Settings) -> Spooled:
    if found.unreadable[0]:
        language = guess_language(str(found.value)[:_LOOK])
        return Spooled(found.line, found.name, language, 0, [], [], Cut(*found.unreadable, 0), value=found.value)
    cleaned = clean(found, settings.disabled)
    parts, lost = split(cleaned, found.told, settings.budget)
    cut = cleaned.cut
    if lost and not cut:
        detail = f"question and answer are longer than {settings.budget.tokens} tokens by themselves"
        cut = Cut(OVER_BUDGET, detail, lost[0].said.number)
    gone = sorted((*cleaned.lost, *lost), key=lambda one: one.said.number)
    texts = [one.turn.text for part in parts for exchange in part for one in exchange.said if one.turn.text]
    return Spooled(
        found.line,
        found.name,
        cleaned.language,
        len(found.said),
        [_part(part, found, cleaned, settings.path) for part in parts],
        [(one.said.number, one.rule, one.said.original) for one in gone],
        cut,
        [(one.number, one.original) for one in cleaned.system] if parts else [],
        *opening_of([exchange for part in parts for exchange in part]),
        whole_of(texts),
    )


def _part(exchanges: Sequence[Exchange], found: Read, cleaned: Cleaned, path: Path) -> Part:
    """Return a part of a conversation as a row."""
    said = [one for exchange in exchanges for one in exchange.said]
    row = _row(exchanges, found, cleaned, path)
    return Part(
        row.id,
        to_line(row.model_dump()),
        [one.number for one in said],
        [language_of_turn(one.turn.text) for one in said],
        {str(one.number): list(one.mended) for one in said if one.mended},
        [one.original for one in said],
    )


def _row(exchanges: Sequence[Exchange], found: Read, cleaned: Cleaned, path: Path) -> Row:
    """Return the row of a part, as a file with its turns is read: at once where it has texts alone."""
    told = [text for text in (*found.told, *(one.turn.text for one in cleaned.system)) if text]
    pairs = [(one.asked.turn.text, one.answered.turn) for one in exchanges if one.answered and not one.between]
    if found.tools or len(pairs) < len(exchanges):
        return _row_with_calls(exchanges, told, found, cleaned, path)
    history = tuple((asked, with_thought(turn.reasoning, turn.text)) for asked, turn in pairs[:-1])
    asked, last = pairs[-1]
    system, language = "\n\n".join(told), cleaned.language
    return Row(
        id=row_id(language, asked, "", system, history),
        language=language,
        instruction=asked,
        input="",
        output=last.text,
        system=system,
        history=history,
        reasoning=last.reasoning,
        unlearned=tuple(number for number, (_, turn) in enumerate(pairs[:-1]) if not turn.learned),
    )


def _row_with_calls(
    exchanges: Sequence[Exchange], told: Sequence[str], found: Read, cleaned: Cleaned, path: Path
) -> Row:
    said = [one for exchange in exchanges for one in exchange.said]
    system = [{"role": "system", "content": text} for text in told]
    value = {"language": cleaned.language, "messages": [*system, *map(_message, said)], "tools": list(found.tools)}
    where = place(path, found.line)
    return as_row(read_row(found.line, value, where), where)


def _message(said: Said) -> dict[str, Any]:
    turn = said.turn
    if turn.message is not None:
        return turn.message
    thought = {"reasoning_content": turn.reasoning} if turn.reasoning else {}
    return {"role": turn.role, "content": turn.text} | thought | ({} if turn.learned else {"weight": 0})
