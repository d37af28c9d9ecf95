"""The rows of a view: one for each row of the run at most, with where it comes from, and a ledger of those that are not there. Pure."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from selfinstruct.dataset.export.layouts import fitting, placed_values
from selfinstruct.language import LANGUAGES
from selfinstruct.records import Row
from selfinstruct.rouge import score, tokens
from selfinstruct.runs.derive.decide import Decision, decision_of, judged_by, usable
from selfinstruct.runs.derive.stories import Other, Story
from selfinstruct.runs.derive.views import Needs, View


class Part(NamedTuple):
    """A row as it is in a view, and where it comes from."""

    row: Row
    origin: dict[str, Any]
    by: str = ""
    """By whose word one answer was taken rather than another."""


class Content(NamedTuple):
    """What a view holds."""

    values: list[dict[str, Any]]
    """Its rows in the layout, in the order of the file."""
    provenance: list[dict[str, Any]]
    """A line for each, in the same order."""
    ledger: dict[str, Any]
    """rows == emitted + the sum of left_out."""


def content_of(view: View, stories: Sequence[Story]) -> Content:
    """Return the rows of a view, their provenance and its ledger; raises AssertionError where that does not add up."""
    left_out: Counter[str] = Counter()
    parts: list[Part] = []
    for story in stories:
        part = _PART[view.needs](story)
        if isinstance(part, Part):
            parts.append(part)
        else:
            left_out[part] += 1
    held = {row.id for row in fitting([part.row for part in parts], view.layout, view.thoughts, view.name).rows}
    left_out["layout"] += len(parts) - len(held)
    parts = [part for part in parts if part.row.id in held]
    placed = placed_values([part.row for part in parts], view.layout, view.thoughts)
    provenance = [{"line": number} | parts[place].origin for number, (place, _) in enumerate(placed, 1)]
    ledger: dict[str, Any] = {"rows": len(stories), "emitted": len(placed), "left_out": _counted(left_out)}
    if ledger["rows"] != ledger["emitted"] + sum(ledger["left_out"].values()):
        raise AssertionError(
            f"the ledger of the view {view.name} does not add up: {ledger}. This is a bug of selfinstruct, please report it; nothing was written"
        )
    ledger["edited"] = sum(bool(part.origin.get("edited")) for part in parts)
    if view.buys:
        ledger["by"] = _counted(Counter(part.by for part in parts))
    if view.needs == "pair":
        ledger["lengths"] = _lengths([part.row for part in parts])
    return Content([value for _, value in placed], provenance, ledger)


def _counted(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: count for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])) if count}


def _lengths(pairs: Sequence[Row]) -> dict[str, dict[str, float]]:
    """Return by language how long both answers are on average, in words or characters, and how often the longer one is chosen.

    Who learns from pairs in which length tells the better answer learns length (Singhal et al. 2023, "A Long Way to Go").
    """
    found: dict[str, dict[str, float]] = {}
    for code in sorted({row.language for row in pairs}):
        units = LANGUAGES[code].units
        sides = [(units(row.output), units(row.rejected)) for row in pairs if row.language == code]
        longer = [better > worse for better, worse in sides if better != worse]
        found[code] = {
            "chosen": round(sum(better for better, _ in sides) / len(sides), 1),
            "rejected": round(sum(worse for _, worse in sides) / len(sides), 1),
            "longer_chosen": round(sum(longer) / len(longer), 3) if longer else 0.0,
        }
    return found


def _origin(story: Story) -> dict[str, Any]:
    edited = {"edited": True} if story.made.by_hand else {}
    return {"id": story.row.id, "language": story.row.language, "requests": list(story.requests)} | edited


def _row(story: Story) -> Part | str:
    return Part(story.row.model_copy(update={"reasoning": ""}), _origin(story))


def _thought(story: Story) -> Part | str:
    if story.thought:
        return Part(story.row.model_copy(update={"reasoning": story.thought}), _origin(story))
    if not story.candidate:
        return "added_by_hand"
    return "answer_edited" if story.candidate.reasoning else "no_thought"


def _pair(story: Story) -> Part | str:
    found = decision_of(story)
    if not isinstance(found, Decision):
        return found
    chosen, rejected = (one.text if one else story.row.output for one in (found.chosen, found.rejected))
    update = {"output": chosen, "rejected": rejected, "reasoning": "", "checks": (), "source": None}
    return Part(story.row.model_copy(update=update), _origin(story) | _decided(story, found), found.by)


def _decided(story: Story, found: Decision) -> dict[str, Any]:
    by = {"by": found.by} | ({"name": found.name} if found.name else {})
    sides = {"chosen": found.chosen, "rejected": found.rejected}
    return by | {side: _answer(story, one) for side, one in sides.items()}


def _answer(story: Story, other: Other | None) -> dict[str, Any]:
    """Return whose answer it is; the row's own says so where a person wrote it."""
    if other:
        return {"from": "teacher" if other.origin == "edit" else other.origin, "request": other.request}
    return {"from": "row"} | ({"edited": True} if story.edited else {})


def _best(story: Story) -> Part | str:
    """Return the answer of a person; else of two the one that the judge prefers, of three and more the one that is nearest to all others."""
    if not story.candidate:
        return "added_by_hand"
    if not story.same_question:
        return "question_edited"
    others = list(usable(story))
    if story.edited:
        return _chosen(story, None, "person", len(others) + 1)  # the teacher's own answer is another one
    if not others:
        return "one_answer"
    if len(others) > 1:
        return _chosen(story, _medoid(story, others), "agreement", len(others))
    found = judged_by(story, others[0])
    return _chosen(story, found.chosen, found.by, 1) if isinstance(found, Decision) else found


def _chosen(story: Story, other: Other | None, by: str, others: int) -> Part:
    row = story.row.model_copy(update={"reasoning": ""} | ({"output": other.text} if other else {}))
    return Part(row, _origin(story) | {"by": by, "of": others + 1, "chosen": _answer(story, other)}, by)


def _medoid(story: Story, others: Sequence[Other]) -> Other | None:
    """Return the answer that is nearest to all others by ROUGE-L, the row's own first of equals; None for that."""
    texts = [tokens(story.row.output), *(tokens(other.text) for other in others)]
    nearness = [
        sum(score(text, other) for place, other in enumerate(texts) if place != own) for own, text in enumerate(texts)
    ]
    best = nearness.index(max(nearness))
    return others[best - 1] if best else None


_PART: Final[Mapping[Needs, Callable[[Story], Part | str]]] = {
    "row": _row,
    "thought": _thought,
    "pair": _pair,
    "several": _best,
}
