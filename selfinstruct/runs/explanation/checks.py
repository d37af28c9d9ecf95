"""Every check of one candidate in the order of judgement, beyond the one that decided, and what the verdict would be without one.

The first check that is broken and in force decides, as in `bootstrap`; a test holds the two together on whole runs. What-ifs leave
everything before the candidate as it is: a setting changes earlier verdicts too, and then `suppose.py` runs all of it again.
"""

import math
from collections.abc import Iterator
from typing import Literal

from selfinstruct.bootstrap.judge import LOW, UNREADABLE, verdict_of
from selfinstruct.config import Config
from selfinstruct.dedup import contamination
from selfinstruct.dedup.filter import Pool
from selfinstruct.language import LANGUAGES
from selfinstruct.quality.rules import INSTRUCTION_RULES, ROW_RULES, RULES, all_flags, repeats
from selfinstruct.records import Candidate, LanguageCode, Neighbour, Record, Stage, Verdict, row_of
from selfinstruct.runs.explanation.find import FoundCandidate

State = Literal["passed", "broken", "off", "open", "flagged"]
"""off: switched off, and would be broken; open: what it looks at was never bought; flagged: a warning, which rejects nothing."""


class Check(Record):
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
    pool = Pool(1.0)
    for task in found.bootstrap.plan.seeds:
        pool.add(task.id, task.instruction)
    for verdict in _before(found):
        if verdict.accepted:
            row = row_of(verdict.candidate)
            pool.add(row.id, row.instruction)
    return pool.nearest(found.candidate.instruction)


def checks_of(found: FoundCandidate, nearest: Neighbour | None) -> list[Check]:
    """Return the checks in order; none when no reply was ever read."""
    candidate, verdict = found.candidate, found.verdict
    if candidate is None:
        return []
    if candidate.fault and (verdict is None or verdict.stage == "read"):
        return [
            Check(stage="read", rule=candidate.fault, state="broken", detail="the reader found no complete task here")
        ]
    return [*_instruction(found, candidate, nearest), *_row(found, candidate)]


def decides(checks: list[Check], without: str = "") -> Check | None:
    """Return the check that rejects, or None; a rule named `without` counts as not there."""
    return next((check for check in checks if check.state == "broken" and check.rule != without), None)


def what_ifs(found: FoundCandidate, checks: list[Check], nearest: Neighbour | None) -> list[WhatIf]:
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


def _setting(config: Config, language: LanguageCode, check: Check, nearest: Neighbour | None) -> str:
    """Return the setting under which a check would not reject, or nothing when no setting does that."""
    if check.rule == "near_duplicate" and nearest:
        return f"[filter] threshold.{language} of at least {_shown(nearest.score, up=True)}"
    if check.rule == "over_target":
        return f"[target] {language} above {config.target[language]}"
    if check.rule in {LOW, UNREADABLE}:
        return "[judge] least = 0, or low enough"
    if check.rule == contamination.RULE:
        return "[filter] held_out without that file"
    return f'"{check.rule}" in [validate] disable' if check.rule in RULES else ""


def _shown(score: float, *, up: bool = False) -> str:
    """Return a score with four digits, rounded so that the sentence stays true."""
    return f"{(math.ceil if up else math.floor)(score * 1e4) / 1e4:.4f}"


def _verdict(checks: list[Check], without: str) -> str:
    after = decides(checks, without)
    if after:
        return f"rejected: {after.rule}"
    return "pending: the rest has to be bought" if any(check.state == "open" for check in checks) else "accepted"


def _instruction(found: FoundCandidate, candidate: Candidate, nearest: Neighbour | None) -> Iterator[Check]:
    language, disabled = LANGUAGES[candidate.language], found.bootstrap.acceptance.disabled
    steered = found.bootstrap.plan.config.recipe == "steered"  # then nothing but the instruction was there yet
    early = candidate.model_copy(update={"input": "", "output": ""}) if steered else candidate
    for rule in INSTRUCTION_RULES:
        yield _check("instruction", rule.__name__, rule(early, language), off=rule.__name__ in disabled)
    threshold = getattr(found.bootstrap.plan.config.filter.threshold, candidate.language)
    near = nearest is not None and nearest.score > threshold
    detail = f"ROUGE-L {nearest.score:.4f} to {nearest.id}, threshold {threshold:g}" if nearest else ""
    yield Check(stage="filter", rule="near_duplicate", state="broken" if near else "passed", detail=detail)
    if not len(found.bootstrap.plan.evaluation_sets):
        return
    if found.bootstrap.acceptance.complete(candidate)[1] in {None, "answer"}:
        match = found.bootstrap.plan.evaluation_sets.find(candidate, threshold)
        where = contamination.where(match) if match else ""
        yield _check("held_out", contamination.RULE, where)
    else:
        yield Check(stage="held_out", rule=contamination.RULE, state="open")


def _row(found: FoundCandidate, candidate: Candidate) -> Iterator[Check]:
    disabled = found.bootstrap.acceptance.disabled
    if candidate.fault:
        yield Check(stage="answer", rule=candidate.fault, state="broken", detail="its reply cannot be used")
        return
    complete = found.bootstrap.acceptance.complete(candidate)[1] is None
    language = LANGUAGES[candidate.language]
    for rule in ROW_RULES:
        if complete:
            yield _check("answer", rule.__name__, rule(candidate, language), off=rule.__name__ in disabled)
        else:
            yield Check(stage="answer", rule=rule.__name__, state="open")
    yield from _places(found, candidate)
    if complete:
        for name, detail in all_flags(candidate, disabled):
            yield Check(stage="answer", rule=name, state="flagged", detail=detail)


def _places(found: FoundCandidate, candidate: Candidate) -> Iterator[Check]:
    """Yield the checks that depend on what was accepted before."""
    earlier = [verdict.candidate for verdict in _before(found) if verdict.accepted]
    row = row_of(candidate)
    same = next((one for one in earlier if row_of(one).id == row.id), None)
    rule = repeats(row.output, row_of(same).output) if same else "duplicate"
    yield _check("filter", rule, f"the same task as {same.key}" if same else "")
    full = len(earlier) >= found.bootstrap.target
    yield _check("target", "over_target", f"{found.bootstrap.target} rows stood already" if full else "")
    if judged := _judged(found, candidate):
        yield judged


def _judged(found: FoundCandidate, candidate: Candidate) -> Check | None:
    """Return what the teacher as a judge said, when there is one."""
    config, standing = found.bootstrap.plan.config, found.bootstrap.acceptance
    if not config.judge_steps:
        return None
    judgements, missing = standing.judged(candidate)
    if missing or standing.complete(candidate)[1]:
        return Check(stage="judge", rule=LOW, state="open")
    rule, detail = verdict_of(judgements, config.judge.least)
    return Check(stage="judge", rule=rule or LOW, state="broken" if rule else "passed", detail=detail)


def _before(found: FoundCandidate) -> Iterator[Verdict]:
    """Yield the verdicts before the candidate's turn."""
    for verdict in found.bootstrap.verdicts:
        if (verdict.candidate.index, verdict.candidate.position) >= (found.request, found.position):
            return
        yield verdict


def _check(stage: Stage, rule: str, detail: str, *, off: bool = False) -> Check:
    return Check(stage=stage, rule=rule, state="passed" if not detail else "off" if off else "broken", detail=detail)
