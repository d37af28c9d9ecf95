"""Every check of one candidate in the order of judgement, beyond the one that decided, and what the verdict would be without one.

The list is that of `bootstrap.checks`, walked to its end: the first check that is broken and in force decides. What-ifs leave everything
before the candidate as it is: a setting changes earlier verdicts too, and then `what_if.py` runs all of it again.
"""

import math
from typing import Literal

from selfinstruct.bootstrap.acceptance import Acceptance
from selfinstruct.bootstrap.checks import NEAR_DUPLICATE, Case, Check, Reason
from selfinstruct.bootstrap.draft import Draft
from selfinstruct.bootstrap.judge import LOW, UNREADABLE, verdict_of
from selfinstruct.config import Config
from selfinstruct.dedup import contamination
from selfinstruct.quality.rules import RULES, all_flags
from selfinstruct.quality.translation import TRANSLATION_RULE_NAMES
from selfinstruct.records import LanguageCode, Neighbour, Record, Stage, row_of
from selfinstruct.runs.explanation.find import FoundCandidate
from selfinstruct.system.numbers import amount

State = Literal["passed", "broken", "off", "open", "flagged"]
"""off: switched off, and would be broken; open: what it looks at was never bought; flagged: a warning, which rejects nothing."""


class CheckResult(Record):
    """What one rule says of the candidate."""

    stage: Stage
    rule: str
    state: State
    detail: str = ""


class WhatIf(Record):
    """One change of a setting, and the verdict then."""

    change: str
    verdict: str


def nearest_of(found: FoundCandidate) -> Neighbour | None:
    """Return the nearest seed or row accepted before the candidate's turn."""
    if found.candidate is None or not found.candidate.instruction:
        return None
    if found.verdict and found.verdict.nearest:
        return found.verdict.nearest
    return _before(found).nearest(found.candidate)


def checks_of(found: FoundCandidate, nearest: Neighbour | None) -> list[CheckResult]:
    """Return what each check says, in order, up to a reply that cannot be used; none when no reply was ever read."""
    if found.candidate is None:
        return []
    accepted, draft = _before(found), Draft(found.bootstrap.spans(found.request)[found.position])
    draft.nearest = nearest
    said: dict[tuple[Stage, str], CheckResult] = {}
    for check in accepted.checks:
        one = _check(check, accepted, draft)
        if not one.rule:
            continue  # a fault that is not there has no name
        earlier = said.get(
            (one.stage, one.rule)
        )  # the evaluation sets are compared with again when the answer is there
        if earlier is None or (earlier.state == "passed" and one.state != "open"):
            said[one.stage, one.rule] = one
        if not check.rule:
            return list(said.values())
    complete, missing = accepted.replies.complete(draft.candidate)
    flags = all_flags(complete, accepted.disabled) if not missing else []
    return [
        *said.values(),
        *(CheckResult(stage="answer", rule=name, state="flagged", detail=text) for name, text in flags),
    ]


def decides(checks: list[CheckResult], without: str = "") -> CheckResult | None:
    """Return the check that rejects, or None; a rule named `without` counts as not there."""
    return next((check for check in checks if check.state == "broken" and check.rule != without), None)


def what_ifs(found: FoundCandidate, checks: list[CheckResult], nearest: Neighbour | None) -> list[WhatIf]:
    """Return the changes of settings that would change the verdict or its rule, each by itself."""
    config, language = found.bootstrap.plan.config, found.bootstrap.plan.language
    if found.verdict is None or found.candidate is None:
        return []
    changes: list[WhatIf] = []
    decided = decides(checks)
    if decided:
        if setting := _setting(config, language, decided, nearest):
            changes.append(WhatIf(change=setting, verdict=_verdict(checks, decided.rule)))
    elif nearest and nearest.score > 0:
        changes.append(
            WhatIf(
                change=f"[filter] threshold.{language} below {_shown(nearest.score)}",
                verdict="rejected: near_duplicate",
            )
        )
    changes += [
        WhatIf(change=f'without "{check.rule}" in [validate] disable', verdict=f"rejected: {check.rule}")
        for number, check in enumerate(checks)
        if check.state == "off" and (decided is None or number < checks.index(decided))
    ]
    return changes


def _setting(config: Config, language: LanguageCode, check: CheckResult, nearest: Neighbour | None) -> str:
    """Return the setting under which a check would not reject, or nothing when no setting does that."""
    if check.rule == "near_duplicate" and nearest:
        return f"[filter] threshold.{language} of at least {_shown(nearest.score, up=True)}"
    if check.rule == "over_target":
        return f"[target] {language} above {config.target[language]}"
    if check.rule in {LOW, UNREADABLE}:
        return "[judge] least = 0, or low enough"
    if check.rule == contamination.RULE:
        return "[filter] held_out without that file"
    return f'"{check.rule}" in [validate] disable' if check.rule in {*RULES, *TRANSLATION_RULE_NAMES} else ""


def told_apart(score: float, threshold: float) -> str:
    """Return a score with four digits, or as many as tell it from the threshold.

    >>> told_apart(0.7, 0.7), told_apart(0.7000000000000001, 0.7)
    ('0.7000', '0.7000000000000001')
    """
    shown = (f"{score:.{digits}f}" for digits in range(4, 17))
    return next(
        (
            one
            for one in shown
            if (float(one) > threshold) == (score > threshold) and (float(one) < threshold) == (score < threshold)
        ),
        repr(score),
    )


def _shown(score: float, *, up: bool = False) -> str:
    """Return a score with four digits, rounded so that the sentence stays true."""
    return f"{(math.ceil if up else math.floor)(score * 1e4) / 1e4:.4f}"


def _verdict(checks: list[CheckResult], without: str) -> str:
    after = decides(checks, without)
    if after:
        return f"rejected: {after.rule}"
    return "pending: the rest has to be bought" if any(check.state == "open" for check in checks) else "accepted"


def _check(check: Check, accepted: Acceptance, draft: Draft) -> CheckResult:
    """Return what one check says of a candidate, whatever the checks before it said."""
    case, missing = accepted.case_of(draft, check.needs)
    if missing:
        return CheckResult(stage=check.stage, rule=check.rule, state="open")
    reason = check.look(accepted, case)
    off = reason is not None and reason.rule in accepted.disabled
    return CheckResult(
        stage=check.stage,
        rule=reason.rule if reason else check.rule,
        state="off" if off else "broken" if reason else "passed",
        detail=_detail(check, accepted, case, reason),
    )


def _detail(check: Check, accepted: Acceptance, case: Case, reason: Reason | None) -> str:
    """Return what a reader wants to know of a check: more than a verdict keeps, of some even where nothing was found."""
    if check.rule == NEAR_DUPLICATE and case.nearest:
        score = told_apart(case.nearest.score, accepted.threshold)
        return f"ROUGE-L {score} to {case.nearest.id}, threshold {accepted.threshold:g}"
    if check.rule == LOW:
        return verdict_of(case.judged, accepted.plan.config.judge.least)[1]
    if reason is None or reason.detail:
        return reason.detail if reason else ""
    if check.rule == "over_target":
        return f"{amount(accepted.target, 'row')} stood already"
    if check.rule:
        same = accepted.same_task(row_of(case.candidate).id)
        return f"the same task as {same.key}" if same else ""
    return _why_unread(check, reason)


def _why_unread(check: Check, reason: Reason) -> str:
    if reason.rule == "held":
        return "no reply came; its request is not sent again"
    return "the reader found no complete task here" if check.stage == "read" else "its reply cannot be used"


def _before(found: FoundCandidate) -> Acceptance:
    return found.bootstrap.acceptance.before(found.request, found.position)
