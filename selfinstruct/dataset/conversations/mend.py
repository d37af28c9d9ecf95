"""Mending a turn: HTML becomes Markdown, labels of the page go, and what `validate --fix` repairs is repaired. Each is counted by name."""

from collections.abc import Sequence
from typing import NamedTuple

from selfinstruct.dataset.conversations.escapes import may_be_escaped, speaks_of_escapes, without_escapes
from selfinstruct.dataset.conversations.html import is_rendered, is_wrapped, to_markdown
from selfinstruct.dataset.conversations.interface import without_labels
from selfinstruct.dataset.conversations.records import Said
from selfinstruct.dataset.conversations.traces import has_sources, thought_apart, without_sources
from selfinstruct.language import LANGUAGES
from selfinstruct.language.guess import guess_language
from selfinstruct.quality.repair import characters_without_width, repair_text, speaks_of_invisible

HTML, INTERFACE, ESCAPES = "html", "interface_text", "markdown_escapes"
_LOOK = 2_000
_KEPT = frozenset(["escaped_escapes"])
"""Repairs that a turn alone does not show to be right."""


def mended(said: Sequence[Said]) -> tuple[Said, ...]:
    """Return the turns of a conversation with their texts mended."""
    page = _is_page(said)
    without_width = any(characters_without_width(one.turn.text) for one in said)
    spares = without_width and any(speaks_of_invisible(one.turn.text) for one in said)
    escaped = any(may_be_escaped(one.turn.text) for one in said)
    escaped = escaped and not speaks_of_escapes(one.turn.text[:_LOOK] for one in said if one.turn.role == "user")
    sourced = not any(has_sources(one.turn.text) for one in said if one.turn.role == "user")
    found, asked = list[Said](), ""
    for one in said:
        found.append(_mended(one, _Doubts(page, spares, escaped, sourced, asked)))
        asked = one.turn.text[:_LOOK] if one.turn.role == "user" else asked
    return tuple(found)


class _Doubts(NamedTuple):
    """What the whole conversation says of a turn that looks as if it were to be mended."""

    page: bool
    """It was saved as HTML."""
    spares: bool
    """It is about characters without width."""
    escaped: bool
    """Backslashes before marks are none of its subjects."""
    sourced: bool
    """Nor are marks of sources."""
    asked: str
    """The question before it."""


def _is_page(said: Sequence[Said]) -> bool:
    """Return whether a conversation was saved as HTML: by the classes of such pages, or all answers are HTML and no question is about it."""
    if any(is_rendered(one.turn.text) for one in said):
        return True
    answers = [one.turn.text for one in said if one.turn.role == "assistant"]
    return bool(answers) and all(map(is_wrapped, answers)) and not any(map(_is_about_markup, said))


def _is_about_markup(one: Said) -> bool:
    text = one.turn.text[:_LOOK]
    language = LANGUAGES[guess_language(text)]
    return one.turn.role == "user" and (bool(language.matches(language.about_markup, text)) or "html" in text.lower())


def _mended(one: Said, told: _Doubts) -> Said:
    text, thought, names = one.turn.text, one.turn.reasoning, list[str]()
    if not text:
        return one
    if told.page and (is_wrapped(text) or is_rendered(text)):
        try:
            text = to_markdown(text)
        except RecursionError:
            return one._replace(turn=one.turn._replace(text=""), defect="HTML that is nested too deeply")
        names.append(HTML)
    before = text
    if one.turn.role == "assistant":
        thought, text = (thought, text) if thought else thought_apart(text)
        text = without_sources(text) if told.sourced else text
    text = without_labels(text, told.asked if one.turn.role == "assistant" else None).text
    names += [INTERFACE] * (text != before)
    unescaped = without_escapes(text) if told.escaped else text
    names += [ESCAPES] * (unescaped != text)
    text, repairs = repair_text(unescaped, "turn", spares=told.spares, keeps=_KEPT)
    thought, more = repair_text(thought, "turn", keeps=_KEPT) if thought else ("", [])
    names += [name for name in dict.fromkeys((*repairs, *more)) if name != "stray_whitespace"]
    return one._replace(turn=one.turn._replace(text=text, reasoning=thought), mended=tuple(names))
