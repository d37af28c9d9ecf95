"""Where rows come from and why candidates went: the lines of `provenance.jsonl` and `rejected.jsonl`."""

from collections.abc import Iterator, Mapping
from typing import Any

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.dataset.review.apply import RULE as REMOVED
from selfinstruct.dataset.review.apply import Applied, Made
from selfinstruct.records import Candidate, Row, Verdict, row_of, text_hash
from selfinstruct.runs.made_by_hand import BrokenRows


def provenance(
    bootstraps: Mapping[str, Bootstrap], applied: Mapping[str, Applied], broken: Mapping[str, BrokenRows]
) -> Iterator[dict[str, Any]]:
    """Yield one line for each row, by id; `broken` is what rows made by hand break, per language."""
    rows = [(made.row.id, language, made) for language, one in applied.items() for made in one.rows]
    for name, language, made in sorted(rows, key=lambda one: one[0]):
        yield (
            (_origin(bootstraps[language], made.verdict) if made.verdict else _NOBODY)
            | {"id": name, "language": made.row.language, "text_hash": _hash(made.row)}
            | (_judged(made.verdict) if made.verdict else {})
            | _by_hand(made, broken[language])
        )


def _origin(bootstrap: Bootstrap, verdict: Verdict) -> dict[str, Any]:
    request = bootstrap.requests[verdict.candidate.index]
    return {
        "id": "",
        "language": "",
        "request": verdict.candidate.index,
        "position": verdict.candidate.position,
        "seeds": list(request.shown),
        "topic": request.topic,
        "verb": request.verb,
        "model": bootstrap.models.get(verdict.candidate.index) or request.sampling.model,
        "nearest": verdict.nearest.id if verdict.nearest else None,
        "score": verdict.nearest.score if verdict.nearest else None,
    } | _recipe(bootstrap, verdict.candidate)


def _recipe(bootstrap: Bootstrap, candidate: Candidate) -> dict[str, Any]:
    """Return the recipe of a row where a run has several, or one whose rows are proved."""
    recipes = bootstrap.plan.config.recipes
    if len(recipes) == 1 and not set(recipes) - {"batch", "steered"}:
        return {}
    drawn = candidate.drawn
    made = {"by_code": candidate.by_code, "ended_by": candidate.ended}
    if candidate.source and candidate.source.parent and drawn:
        made |= {"parent": candidate.source.parent, "operation": drawn.kind, "persona": drawn.persona}
    return (
        {"recipe": candidate.recipe} | {name: value for name, value in made.items() if value} | _translated(candidate)
    )


def _translated(candidate: Candidate) -> dict[str, Any]:
    """Return what was said of a row that was translated, and how it was measured."""
    said = candidate.translation
    if said is None:
        return {}
    back = {} if said.score is None else {"back": said.score}
    return (
        {"decision": said.decision}
        | ({"adapted": [list(pair) for pair in said.adapted]} if said.adapted else {})
        | back
    )


_NOBODY = {"id": "", "language": "", "request": None}


def _hash(row: Row) -> str:
    return text_hash(row.instruction, row.input, row.output)


def _by_hand(made: Made, broken: BrokenRows) -> dict[str, Any]:
    """Return what a person did to a row, and the rules that it breaks now; nothing for a row that nobody touched."""
    if not made.by_hand:
        return {}
    was = {"was": made.was} if made.was not in {"", made.row.id} else {}
    flags = [one.rule for one in broken.get(made.row.id, ())]
    return {"by_hand": made.by_hand} | was | ({"flags": flags} if flags else {})


def rejections(
    bootstraps: Mapping[str, Bootstrap], applied: Mapping[str, Applied], said: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """Yield one line for each rejected candidate, in order of judgement: all that is needed to judge it again by hand.

    `said` is {id of a row: who rejected it in review, and why}.
    """
    for language, one in applied.items():
        for verdict in one.verdicts:
            if verdict.rule:
                nearest = bootstraps[language].acceptance.text_of(verdict.nearest)
                yield _rejection(with_reviewers(verdict, said), nearest) | _taken_out(bootstraps[language], verdict)


def _taken_out(bootstrap: Bootstrap, verdict: Verdict) -> dict[str, Any]:
    """Return id and recipe of a row that people took out, where its rows are told by recipe."""
    recipe = _recipe(bootstrap, verdict.candidate).get("recipe") if verdict.rule == REMOVED else None
    return {"row": row_of(verdict.candidate).id, "recipe": recipe} if recipe else {}


def with_reviewers(verdict: Verdict, said: Mapping[str, str]) -> Verdict:
    """Return the verdict on a row that was taken out, with what reviewers said of it."""
    if verdict.rule != REMOVED or verdict.detail or not said:
        return verdict
    return verdict.model_copy(update={"detail": said.get(row_of(verdict.candidate).id, "")})


def heard_rows(bootstraps: Mapping[str, Bootstrap]) -> Iterator[Row]:
    """Yield every candidate of the replies as the row that it is or would be: accepted, rejected, or beyond the target."""
    for bootstrap in bootstraps.values():
        judged = (verdict.candidate for verdict in bootstrap.verdicts)
        for candidate in (*judged, *bootstrap.unread()):
            yield row_of(bootstrap.acceptance.replies.complete(candidate)[0])


def _rejection(verdict: Verdict, nearest_text: str | None) -> dict[str, Any]:
    candidate = verdict.candidate
    return {
        "candidate": candidate.key,
        "language": candidate.language,
        "request": candidate.index,
        "position": candidate.position,
        "stage": verdict.stage,
        "rule": verdict.rule,
        "detail": verdict.detail,
        "nearest": verdict.nearest.id if verdict.nearest else None,
        "nearest_text": nearest_text,
        "score": verdict.nearest.score if verdict.nearest else None,
        "held_out": verdict.held_out.model_dump() if verdict.held_out else None,
        "instruction": candidate.instruction,
        "input": candidate.input,
        "output": candidate.output,
        "text": candidate.text,
    } | _judged(verdict)


def _judged(verdict: Verdict) -> dict[str, Any]:
    """Return the scores of each judgement, one that could not be read as null; nothing when the judge is off."""
    return {"judged": [one.scores or None for one in verdict.judged]} if verdict.judged else {}
