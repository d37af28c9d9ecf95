"""What a teacher's text says out of its role: an evolved task that speaks of its making, a user's turn in which somebody else speaks.

A task speaks to whoever does it, and a user's turn to whoever answers; both are looked at for who speaks, of what, and what is no part of
them. Wrappers are taken off, the rest is named. The frames stand in `language/*/roles.txt`; a teacher writes those of either language.
Source: Evol-Instruct and h2o-wizardlm drop `As an AI` and `new prompt`; WizardLM #8 has answers in its instructions; CAMEL names role flipping.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from selfinstruct.language import LANGUAGES

_PAIRS: Final = {'"': '"', "“": "”", "「": "」", "**": "**"}
_QUOTED: Final = re.compile(r"[\"“「『][^\"“”「」『』\n]{1,400}[\"”」』]")
_NOTE: Final = re.compile(r"[(（\[【*_]{1,2}([^()（）\[\]【】*_]{6,300})[)）\]】*_]{1,2}\W{0,3}\Z")
"""A text in brackets, or set apart by stars, at the end."""
_FIRST: Final = re.compile(r"\W*(?:please |now |then |in \w+ \w+, )?(\w+)")
_CLAUSE: Final = re.compile(r"[:：\n]|(?<=[.。!！])\s*(?=\S)")
_HEADED: Final = re.compile(r"\W{0,6}\w{1,14}\W{0,3}[:：]")
_MATERIAL: Final = frozenset('"“「『-|>')
"""What a line of given material begins with."""
_LONGEST_REMARK: Final = 200
"""Characters of a clause that speaks of the task."""
_ASKS_BACK: Final = re.compile(
    r"[?？]|\bplease (?:paste|send|share|give|tell|provide|add|upload|attach)\b|请[^。]{0,8}(?:发|贴|提供|告诉|补充|上传)",
    re.IGNORECASE,
)
_PARAGRAPH: Final = re.compile(r"\n\s*(?:-{3,}\s*\n\s*)?")
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])\s*")
_LOOK: Final = 2_000
"""Characters that are looked at; an announcement comes early, a remark late."""


class Misspoken(NamedTuple):
    """What a text says out of its role; no rule, nothing."""

    rule: str = ""
    detail: str = ""


def bare_task(text: str) -> str:
    """Return a task without an assent, a label, quotation marks or stars around it.

    >>> bare_task('Sure! **New task:** "Name a river."')
    'Name a river.'
    """
    said = text.strip()
    said = said if _said("hands_over", said) else _without("assents", said)
    labelled = _without("label_of_task", said)
    return _unpaired(said if _said("answers_itself", labelled) and labelled != said else labelled)


def bare_turn(text: str) -> str:
    """Return what a user says without a label or quotation marks around it.

    >>> bare_turn("Follow-up question: And in winter?")
    'And in winter?'
    """
    return _unpaired(_without("label_of_turn", text.strip()))


def of_task(task: str) -> Misspoken:
    """Return what an evolved task says that no task says."""
    if spoken := _of_speaker(task):
        return spoken
    if found := _announced(task) or _remarked(task):
        return Misspoken("leaked_scaffold", f"speaks of its making: {found}")
    if found := _said("hands_over", task):
        return Misspoken("leaked_scaffold", f"is handed over: {found}")
    at = own_answer(task)
    return Misspoken("leaked_scaffold", f"carries its answer: {task[at : at + 60].strip()}") if at else Misspoken()


def of_turn(turn: str, answer: str) -> Misspoken:
    """Return what a user's turn says that no user says to whoever gave him this answer."""
    if spoken := _of_speaker(turn):
        return spoken
    if found := _said("stage_direction", turn):
        return Misspoken("leaked_scaffold", f"says what is thought: {found}")
    if found := _said("plans_to_ask", turn):
        return Misspoken("leaked_prompt", f"speaks of what to say: {found}")
    said = _unquoted(turn)
    kinds = ("serves",) if _asks_back(answer) else ("serves", "speaks_of_question", "hands_over")
    found = next((found for kind in kinds if (found := _said(kind, said))), "")
    return Misspoken("other_speaker", f"answers, and asks nothing: {found}") if found else Misspoken()


def own_answer(text: str) -> int:
    """Return where the answer that a text gives to itself begins, with its label; 0 where it gives none.

    One that is to be worked on, a form, and words on how to answer are none.
    """
    for language in LANGUAGES.values():
        found = language.answers_itself.search(language.folded(text[:_LOOK]))
        if not found or not text[: found.start()].strip():
            continue
        before, behind = text[: found.start()], text[found.start(1) :]
        around = f"{before}\n{behind.partition(chr(10))[2]}"
        if not _said("given_answer", around) and not _said("how_to_answer", behind):
            return found.start()
    return 0


def _of_speaker(text: str) -> Misspoken | None:
    if found := _said("is_machine", _unquoted(text)):
        return Misspoken("self_reference", f'says "{found}"')
    if found := _said("cannot_do", _unquoted(text)):
        return Misspoken("refusal", f'says "{found}"')
    return None


def _announced(task: str) -> str:
    """Return a first clause that says what was done to the task, where the task stands behind it."""
    clause, rest = (*_CLAUSE.split(task[:_LOOK], maxsplit=1), "")[:2]
    if len(clause) > _LONGEST_REMARK or not rest.strip() or _orders(clause) or not _orders(rest):
        return ""
    return _said("speaks_of_work", f"{clause}:") or _of_work(clause)


def _remarked(task: str) -> str:
    """Return a last clause that says what was done to the task, or speaks to whoever ordered it."""
    for part in _closings(task):
        if len(part) > _LONGEST_REMARK or part[0] in _MATERIAL or (_orders(part) and not _HEADED.match(part)):
            continue
        pointing = _said("points_back", part) and _of_work(part)
        if found := _said("speaks_of_work", part) or pointing or _said("serves", part):
            return found
    return ""


def _of_work(clause: str) -> str:
    """Return a clause that names the task and a change of it, and nobody's own matter."""
    named = _said("names_work", clause) and _said("names_change", clause) and not _said("owned", clause)
    return clause.strip()[:80] if named else ""


def _orders(text: str) -> bool:
    """Return whether a text begins with an order, or asks."""
    english, chinese = LANGUAGES["en"].sets["verbs"], LANGUAGES["zh"].sets["verbs"]
    word = _FIRST.match(text.lower())
    bare = re.sub(r"\A\W+", "", text)
    verb = next((bare[:length] for length in (2, 1) if bare[:length] in chinese), "")
    begins = bool(word and word[1] in english) or (bool(verb) and bare[len(verb) : len(verb) + 1] not in {"后", "过"})
    return begins or bool(re.match("[请用把给将以]|为(?!了)", bare)) or bool(re.search(r"[?？]", text))


def _unquoted(text: str) -> str:
    """Return a text without what it quotes, unless it is nothing else."""
    rest = _QUOTED.sub(" ", text)
    return rest if re.search(r"\w", rest) else text


def _asks_back(answer: str) -> bool:
    """Return whether the last sentence of an answer asks for something, which the user then hands over."""
    last = [part for part in _SENTENCE.split(answer[-_LOOK:].strip()) if part][-1:]
    return any(_ASKS_BACK.search(part) for part in last)


def _closings(text: str) -> Iterator[str]:
    """Yield what may be a remark at the end of a text, where something stands before it."""
    end = text[-_LOOK:].strip()
    if (note := _NOTE.search(end)) and note.start():
        yield note[1]
    for between in (_PARAGRAPH, _SENTENCE):
        parts = [part for part in between.split(end) if part]
        if len(parts) > 1:
            yield parts[-1]


def _without(wrapper: str, text: str) -> str:
    for language in LANGUAGES.values():
        found = getattr(language, wrapper).search(language.folded(text))
        if found and text[found.end() :].strip():
            return text[found.end() :].strip()
    return text


def _unpaired(text: str) -> str:
    """Return a text without the one pair of marks that is around all of it."""
    for opening, closing in _PAIRS.items():
        inner = text[len(opening) : -len(closing)]
        if text.startswith(opening) and text.endswith(closing) and inner and not {*_marks(opening, closing, inner)}:
            return inner.strip()
    return text


def _marks(opening: str, closing: str, inner: str) -> Iterator[str]:
    return (mark for mark in (opening, closing) if mark in inner)


def _said(kind: str, text: str) -> str:
    """Return what a text says of a section of `roles.txt`, or ""."""
    for language in LANGUAGES.values():
        if found := getattr(language, kind).search(language.folded(text[:_LOOK])):
            return str(found[0]).strip()[:80]
    return ""
