"""Supposing other settings: the whole run again from its journal, in memory, and what that does to one candidate and to the rest."""

import difflib
from collections.abc import Mapping, Sequence

from selfinstruct.bootstrap.checks import EXCLUDED, NEAR_DUPLICATE
from selfinstruct.bootstrap.judge import LOW
from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.config import Config
from selfinstruct.dedup import contamination
from selfinstruct.errors import InputError
from selfinstruct.journal import Journal
from selfinstruct.quality.rules import RULES
from selfinstruct.quality.translation import TRANSLATION_RULE_NAMES
from selfinstruct.records import Record, Verdict
from selfinstruct.requests import Plan
from selfinstruct.runs.replay import replay

_NO_RULES = {
    NEAR_DUPLICATE: "--threshold 1 keeps every near-duplicate",
    contamination.RULE: "[filter] held_out without that file compares with it no more",
    EXCLUDED: "take its id out of [validate] exclude",
    LOW: "[judge] least says how strict the judge is",
    "over_target": "a higher [target] takes more rows",
}
"""Reasons to reject that are no rule, and what decides them."""


class WhatIfRun(Record):
    """How a candidate and its run end under other settings."""

    settings: str
    verdict: str
    gained: int
    """Rows of its language that come in, and that go."""
    lost: int


def change(config: Config, threshold: float | None, disable: Sequence[str]) -> Config | None:
    """Return the configuration under the settings that are supposed, or None when none is."""
    if threshold is None and not disable:
        return None
    filter_, rules = config.filter, config.validate_
    if threshold is not None:
        both = filter_.threshold.model_copy(update={"en": threshold, "zh": threshold})
        filter_ = filter_.model_copy(update={"threshold": both})
    known = (*RULES, *TRANSLATION_RULE_NAMES)
    for name in disable:
        if name in _NO_RULES:
            raise InputError(f"--disable: {name} cannot be switched off; {_NO_RULES[name]}")
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            raise InputError(
                f"--disable: unknown rule {name}; {f'did you mean {near[0]}?' if near else 'docs/rules.md has them all'}"
            )
    off = {language: (*names, *disable) for language, names in rules.disable.items()}
    rules = rules.model_copy(update={"disable": off})
    return config.model_copy(update={"filter": filter_, "validate_": rules})


def what_if(plans: Mapping[str, Plan], journal: Journal, now: Bootstrap, key: str, other: Config) -> WhatIfRun:
    """Return what `filter` would make of a candidate and its language under another configuration."""
    language = now.plan.language
    supposed = {name: plan._replace(config=other.of_language(plan.language)) for name, plan in plans.items()}
    wanted = {language, *([plans[language].source] if plans[language].source else [])}
    then = replay({name: plan for name, plan in supposed.items() if name in wanted}, journal)[language]
    verdict = next((one for one in then.verdicts if one.candidate.key == key), None)
    before, after = ({row.id for row in bootstrap.rows} for bootstrap in (now, then))
    parts = [f"[filter] threshold = {getattr(other.filter.threshold, language):g}"]
    if off := other.validate_.disable.get(language):
        parts.append(f"[validate] disable = {list(off)}")
    return WhatIfRun(
        settings=", ".join(parts), verdict=describe(verdict), gained=len(after - before), lost=len(before - after)
    )


def describe(verdict: Verdict | None) -> str:
    """Return a verdict in words."""
    if verdict is None:
        return "not judged: the target stands before its turn"
    if verdict.pending:
        return f"pending: {verdict.detail}"
    return f"rejected: {verdict.rule}" if verdict.rule else "accepted"
