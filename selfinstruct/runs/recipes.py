"""What each recipe and each kind of provable task brought: requests, rows, and of these the proved ones and those in the words of code."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.dataset.review.apply import Applied
from selfinstruct.language import LANGUAGES
from selfinstruct.quality.rules.proof import is_proved
from selfinstruct.records import FIRST_STEPS, Request, candidate_of


def recipe_summary(bootstraps: Mapping[str, Bootstrap], applied: Mapping[str, Applied]) -> dict[str, Any]:
    """Return `recipes` and `kinds` for the manifest, by language; nothing for a run of `batch` or `steered` alone.

    `applied` are the rows with what was done to them by hand: a row that was taken out is none, and one that was edited is proved again.
    """
    shown = {
        language: bootstrap
        for language, bootstrap in bootstraps.items()
        if len(bootstrap.plan.config.recipes) > 1 or set(bootstrap.plan.config.recipes) - {"batch", "steered"}
    }
    if not shown:
        return {}
    return {
        "recipes": {language: _by_recipe(bootstrap, applied[language]) for language, bootstrap in shown.items()},
        "kinds": {language: _by_kind(bootstrap) for language, bootstrap in shown.items()},
    }


def _by_recipe(bootstrap: Bootstrap, applied: Applied) -> dict[str, dict[str, int]]:
    asked = Counter(FIRST_STEPS[request.step] for request in _settled(bootstrap))
    made = [(one.verdict.candidate, one.row) for one in applied.rows if one.verdict]
    rows = Counter(candidate.recipe for candidate, _ in made)
    by_code = Counter(candidate.recipe for candidate, _ in made if candidate.by_code)
    proved = Counter(
        candidate.recipe for candidate, row in made if is_proved(candidate_of(row), LANGUAGES[row.language])
    )
    return {
        recipe: {
            "requests": asked[recipe],
            "rows": rows[recipe],
            "by_code": by_code[recipe],
            "proved": proved[recipe],
        }
        for recipe in bootstrap.plan.config.recipes
    }


def _by_kind(bootstrap: Bootstrap) -> dict[str, dict[str, int]]:
    kinds = {
        request.index: request.drawn.kind
        for request in _settled(bootstrap)
        if request.drawn and request.step != "translate"
    }
    accepted = (verdict.candidate.index for verdict in bootstrap.verdicts if verdict.accepted)
    rows = Counter(kinds[index] for index in accepted if index in kinds)
    return {kind: {"requests": count, "rows": rows[kind]} for kind, count in sorted(Counter(kinds.values()).items())}


def _settled(bootstrap: Bootstrap) -> list[Request]:
    return [
        request
        for index, request in sorted(bootstrap.requests.items())
        if index < bootstrap.next_index and index in bootstrap.models
    ]
