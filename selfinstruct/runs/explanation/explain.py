"""The explanation of one candidate: everything known of it, from the journal and the sources of its run."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from selfinstruct.bootstrap.checks import NEAR_DUPLICATE
from selfinstruct.config import Config
from selfinstruct.dataset.review.apply import RULE as REMOVED
from selfinstruct.dataset.review.apply import Applied
from selfinstruct.dataset.review.decisions import Decision, read_recorded
from selfinstruct.dataset.review.verdicts import read_decisions
from selfinstruct.errors import InputError
from selfinstruct.journal import Journal
from selfinstruct.records import FIRST_STEPS, Candidate, ContaminationMatch, Neighbour, Record, row_of
from selfinstruct.runs.by_hand import applied
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.explanation.checks import CheckResult, WhatIf, checks_of, decides, nearest_of, what_ifs
from selfinstruct.runs.explanation.find import FoundCandidate, find, names_request
from selfinstruct.runs.explanation.kept_run import found_in, key_in
from selfinstruct.runs.explanation.of_seed import check_no_seed
from selfinstruct.runs.explanation.origin import Origin, StepTaken, origin_of, steps_of
from selfinstruct.runs.explanation.sends import Asked, asked_for
from selfinstruct.runs.explanation.what_if import WhatIfRun, change, what_if
from selfinstruct.runs.explanation.without_reply import settled
from selfinstruct.runs.inputs import Inputs, load_inputs
from selfinstruct.runs.kept import read_kept
from selfinstruct.runs.languages import with_every_language
from selfinstruct.runs.made_by_hand import broken_by_hand
from selfinstruct.runs.provenance import with_reviewers
from selfinstruct.runs.replay import replay
from selfinstruct.runs.reviewed import said_by_reviewers

State = Literal["accepted", "rejected", "pending", "held", "lost", "gone", "unread"]
"""lost: no reply is there; gone: one was, and it is paid for."""


_QUOTED = 120
"""Most characters of a neighbour in a detail; `nearest` has all of it."""


class Shown(Record):
    """A seed or row that a prompt showed."""

    id: str
    instruction: str


class Near(Record):
    """The nearest seed or row accepted before, with its text."""

    id: str
    score: float
    text: str


class Explanation(Record):
    """Everything known of one candidate."""

    candidate: str
    """Its place, e.g. `zh/12.0`."""
    id: str | None
    """Of the row that it is, or would be; None while it has no instruction."""
    state: State
    stage: str
    rule: str
    detail: str
    text: Candidate | None
    asked: tuple[Asked, ...]
    span: tuple[int, int] | None
    """Where the item stands in its first reply, in characters; None when that cannot be said."""
    shown: tuple[Shown, ...]
    checks: tuple[CheckResult, ...]
    nearest: Near | None
    held_out: ContaminationMatch | None
    what_if: tuple[WhatIf, ...]
    supposed: WhatIfRun | None
    origin: Origin | None = None
    """What it was made from; None when no reply was ever read."""
    steps: tuple[StepTaken, ...] = ()
    """What each later step decided."""
    of_request: int = 0
    """How many candidates its request has, where only the request was named, e.g. `zh/12`; else 0."""
    by_hand: Decision | None = None
    """What a person decided about the row."""
    reviewed: str = ""
    """Who rejected or edited it in review, and why."""
    broken_by_hand: tuple[CheckResult, ...] = ()
    """Rules that the row breaks as a person made it; it is kept all the same."""


def explain(
    config: Config,
    folder: RunDirectory,
    identifier: str,
    *,
    threshold: float | None = None,
    disable: Sequence[str] = (),
) -> Explanation:
    """Return the explanation of a candidate or row; raises InputError with the nearest ids when there is none.

    It is answered from the verdicts that are kept, if they hold; else the run is replayed. `threshold` and `disable` are settings to what_if:
    the run is then replayed under them as well.
    """
    if not folder.journal.is_dir():
        raise InputError(
            f"{folder.journal}: no journal, so replies cannot be shown; name the run that has it with --run"
        )
    folder.check_same_asking(config, sources=None)
    config, _ = with_every_language(folder.manifest(), config, asks=False)
    inputs = load_inputs(config)
    other = change(config, threshold, disable)
    if other is None and not folder.review.exists() and (explanation := _from_kept(config, folder, inputs, identifier)):
        return explanation
    plans = inputs.plans
    journal = Journal(folder.journal, read_only=True)
    bootstraps = replay(plans, journal)
    decisions = read_decisions(folder.review)
    rows = applied(folder, config, bootstraps)
    said = said_by_reviewers(folder)
    broken = {
        name: one for language in rows for name, one in broken_by_hand(bootstraps[language], rows[language]).items()
    }
    check_no_seed(identifier, config, plans)
    found = find(identifier, bootstraps, journal, _made_by_hand(folder, decisions.values()), broken)
    supposed = what_if(plans, journal, found.bootstrap, found.key, other) if other else None
    asked = asked_for(folder.journal, found.bootstrap.plan.language, found.request, found.position)
    asked = settled(folder, config, asked)
    explanation = _explanation(found, asked, supposed)
    decision = decisions.get(explanation.id or "")
    flags = broken.get(decision.row.id, ()) if decision and decision.row else ()
    by_hand = {
        "by_hand": decision,
        "broken_by_hand": tuple(CheckResult(stage="answer", state="flagged", **one._asdict()) for one in flags),
    }
    reviewed = {"reviewed": said.get(explanation.id or "", "")}
    return _of_request(found, identifier, explanation).model_copy(
        update=by_hand | reviewed | _removed(found.key, rows[found.bootstrap.plan.language], said)
    )


def _from_kept(config: Config, folder: RunDirectory, inputs: Inputs, identifier: str) -> Explanation | None:
    """Return the explanation from the verdicts that are kept; None where they do not hold, or have no such candidate."""
    kept = read_kept(folder, config, inputs.sha256)
    key = key_in(kept, identifier) if kept else ""
    if kept is None or not key or key.partition("/")[0] not in inputs.plans:
        return None
    language, request, position = re.split(r"[/.]", key)
    asked = settled(folder, config, asked_for(folder.journal, language, int(request), int(position)))
    found = found_in(kept, inputs.plans[language], key, asked)
    return _of_request(found, identifier, _explanation(found, asked, None)) if found else None


def _of_request(found: FoundCandidate, identifier: str, explanation: Explanation) -> Explanation:
    """Return an explanation with how many candidates there are, where the user named a request and none of them."""
    if not names_request(identifier):
        return explanation
    return explanation.model_copy(update={"of_request": len(found.bootstrap.spans(found.request))})


def _removed(key: str, rows: Applied, said: Mapping[str, str]) -> dict[str, Any]:
    """Return what becomes of an accepted candidate that a person took out, as `rejected.jsonl` says it; nothing for any other."""
    verdict = next((one for one in rows.verdicts if one.candidate.key == key and one.rule == REMOVED), None)
    if verdict is None:
        return {}
    verdict = with_reviewers(verdict, said)
    back = WhatIf(change="the decision in review.jsonl withdrawn, or its line there deleted", verdict="accepted")
    return {
        "state": "rejected",
        "stage": verdict.stage,
        "rule": verdict.rule,
        "detail": verdict.detail,
        "what_if": (back,),
    }


def _made_by_hand(folder: RunDirectory, decisions: Iterable[Decision]) -> dict[str, str]:
    """Return {id of a row that was edited or added, rejected since or not: id that the journal gives it}, "" for an added one."""
    made = (*read_recorded(folder.review).by_hand.values(), *decisions)
    return {one.row.id: "" if one.decision == "added" else one.id for one in made if one.row}


def _explanation(found: FoundCandidate, asked: list[Asked], supposed: WhatIfRun | None) -> Explanation:
    candidate, verdict = found.candidate, found.verdict
    nearest = nearest_of(found)
    checks = checks_of(found, nearest) if verdict else []
    decided = decides(checks)
    text = found.bootstrap.acceptance.text_of(nearest)
    return Explanation(
        candidate=found.key,
        id=row_of(candidate).id if candidate and candidate.instruction else None,
        state=_state(found, asked),
        stage=verdict.stage if verdict else "",
        rule=verdict.rule if verdict else "",
        detail=(verdict.detail if verdict else "") or _in_words(decided, nearest, text),
        text=candidate,
        asked=tuple(asked),
        span=_span(found, asked),
        shown=_shown(found, asked),
        checks=tuple(checks),
        nearest=Near(id=nearest.id, score=nearest.score, text=text) if nearest and text is not None else None,
        held_out=verdict.held_out if verdict else None,
        what_if=tuple(what_ifs(found, checks, nearest)),
        supposed=supposed,
        origin=origin_of(found),
        steps=steps_of(found),
    )


def _in_words(decided: CheckResult | None, nearest: Neighbour | None, text: str | None) -> str:
    """Return what a check found where the verdict keeps no words: of a near-duplicate also what its neighbour says."""
    if decided is None or decided.rule != NEAR_DUPLICATE or not nearest or not text:
        return decided.detail if decided else ""
    return f"{decided.detail}: {text if len(text) <= _QUOTED else text[: _QUOTED - 1] + '…'}"


def _state(found: FoundCandidate, asked: Sequence[Asked]) -> State:
    verdict = found.verdict
    if verdict is None:
        if found.candidate:
            return "unread"
        is_gone = any(send.outcome == "paid and gone" for one in asked for send in one.sends)
        return "held" if any(one.held for one in asked) else "gone" if is_gone else "lost"
    if verdict.pending:
        return "pending"
    if verdict.rule == "held":
        return "held"
    return "rejected" if verdict.rule else "accepted"


def _span(found: FoundCandidate, asked: Sequence[Asked]) -> tuple[int, int] | None:
    """Return the place of the item in the first reply: items stand there in order, so each is looked for after the one before."""
    first = next((one for one in reversed(asked) if one.request.step in FIRST_STEPS), None)
    if first is None or first.reply is None or not first.reply.text:
        return None
    reply = first.reply.text.replace("\r\n", "\n")
    end = 0
    for text in found.bootstrap.spans(found.request):
        start = reply.find(text.text, end) if text.text else -1
        if text.position == found.position:
            return (start, start + len(text.text)) if start >= 0 else None
        end = start + len(text.text) if start >= 0 else end
    return None


def _shown(found: FoundCandidate, asked: Sequence[Asked]) -> tuple[Shown, ...]:
    ids = dict.fromkeys(identifier for one in asked for identifier in one.request.shown)
    return tuple(Shown(id=one, instruction=found.bootstrap.acceptance.instruction_of(one) or "") for one in ids)
