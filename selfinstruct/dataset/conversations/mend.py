"""Mending a turn: HTML becomes Markdown, labels of the page go, and what `validate --fix` repairs is repaired. Each is counted by name."""

from collections.abc import Sequence

from selfinstruct.dataset.conversations.html import is_rendered, is_wrapped, to_markdown
from selfinstruct.dataset.conversations.interface import without_labels
from selfinstruct.dataset.conversations.records import Said
from selfinstruct.language import LANGUAGES
from selfinstruct.language.guess import guess_language
from selfinstruct.quality.repair import characters_without_width, repair_text, speaks_of_invisible

HTML, INTERFACE = "html", "interface_text"
_LOOK = 2_000
_KEPT = frozenset(["escaped_escapes"])
"""Repairs that a turn alone does not show to be right."""


def mended(said: Sequence[Said]) -> tuple[Said, ...]:
    """Return the turns of a conversation with their texts mended."""
    page = _is_page(said)
    without_width = any(characters_without_width(one.turn.text) for one in said)
    spares = without_width and any(speaks_of_invisible(one.turn.text) for one in said)
    return tuple(_mended(one, page=page, spares=spares) for one in said)


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


def _mended(one: Said, *, page: bool, spares: bool) -> Said:
    text, names = one.turn.text, list[str]()
    if not text:
        return one
    if page and (is_wrapped(text) or is_rendered(text)):
        try:
            text = to_markdown(text)
        except RecursionError:
            return one._replace(turn=one.turn._replace(text=""), defect="HTML that is nested too deeply")
        names.append(HTML)
    stripped = without_labels(text)
    names += [INTERFACE] * stripped.changed
    text, repairs = repair_text(stripped.text, "turn", spares=spares, keeps=_KEPT)
    thought, more = repair_text(one.turn.reasoning, "turn", keeps=_KEPT) if one.turn.reasoning else ("", [])
    names += [name for name in dict.fromkeys((*repairs, *more)) if name != "stray_whitespace"]
    return one._replace(turn=one.turn._replace(text=text, reasoning=thought), mended=tuple(names))
