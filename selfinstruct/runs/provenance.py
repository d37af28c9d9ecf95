"""Where rows come from and why candidates went: the lines of `provenance.jsonl` and `rejected.jsonl`."""

from collections.abc import Iterator, Mapping
from typing import Any

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.records import Row, Verdict, row_of, text_hash


def provenance(bootstraps: Mapping[str, Bootstrap], models: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return one line for each accepted row, by id; `models` is {slot: model that answered}."""
    lines = []
    for bootstrap in bootstraps.values():
        for verdict in bootstrap.verdicts:
            if verdict.accepted:
                request, row = bootstrap.requests[verdict.candidate.index], row_of(verdict.candidate)
                lines.append(
                    {
                        "id": row.id,
                        "language": verdict.candidate.language,
                        "request": verdict.candidate.index,
                        "position": verdict.candidate.position,
                        "seeds": list(request.shown),
                        "topic": request.topic,
                        "verb": request.verb,
                        "model": models.get(request.slot) or request.sampling.model,
                        "nearest": verdict.nearest.id if verdict.nearest else None,
                        "score": verdict.nearest.score if verdict.nearest else None,
                        "text_hash": text_hash(row.instruction, row.input, row.output),
                    }
                    | _judged(verdict)
                )
    return sorted(lines, key=lambda line: str(line["id"]))


def rejections(bootstraps: Mapping[str, Bootstrap]) -> list[dict[str, Any]]:
    """Return one line for each rejected candidate, in order of judgement: all that is needed to judge it again by hand."""
    return [
        _rejection(verdict, bootstrap.acceptance.text_of(verdict.nearest))
        for bootstrap in bootstraps.values()
        for verdict in bootstrap.verdicts
        if verdict.rule
    ]


def heard_rows(bootstraps: Mapping[str, Bootstrap]) -> Iterator[Row]:
    """Yield every candidate of the replies as the row that it is or would be: accepted, rejected, or beyond the target."""
    for bootstrap in bootstraps.values():
        judged = (verdict.candidate for verdict in bootstrap.verdicts)
        for candidate in (*judged, *bootstrap.unread()):
            yield row_of(bootstrap.acceptance.complete(candidate)[0])


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
