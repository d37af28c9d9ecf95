"""What one language still needs: from the run's own yield where there is one, else from what its prompts and seeds say.

A *turn* here is one first-step request with all later steps it leads to: the requests, tokens and rows of a turn are what is known
or assumed; the rows that are missing, divided by the rows of a turn, are the turns that are needed.
"""

import math
import statistics
from collections import Counter
from collections.abc import Iterator, Mapping

from selfinstruct.bootstrap.judge import MOST_TOKENS, compose_judge
from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.journal import Recorded
from selfinstruct.records import Candidate, Record, Usage
from selfinstruct.requests import Plan
from selfinstruct.runs.estimate.span import Span, mean, span
from selfinstruct.runs.estimate.translation import still_asked
from selfinstruct.runs.estimate.turn import JUDGED_KEPT, SAMPLE, Turn, assumed_turn, prompt_tokens
from selfinstruct.teacher import read_reply
from selfinstruct.teacher.billing.tokens import likely_tokens

ENOUGH_TURNS = 8
"""Settled turns from which the run's own yield is used."""
TIRED = 0.8
"""Of the run's own yield, at the high end, when more rows are missing than stand: the pool grows, and with it the near-duplicates."""
JUDGEMENT = span(20, 60)
"""Tokens of a judgement: three named scores are 20 to 30, a remark doubles that."""


class Need(Record):
    """What one language still needs."""

    missing: int
    requests: Span
    prompt: Span
    completion: Span
    """Tokens."""
    basis: str
    """`run`: its own yield so far; `assumptions`; `nothing`: the target stands."""


class Used(Record):
    """What a language has used so far."""

    replies: int = 0
    prompt: int = 0
    completion: int = 0
    """Tokens as the provider counted them, or as counted here where it did not."""

    def plus(self, one: Recorded) -> "Used":
        """Return this and one more reply."""
        usage = _usage(one)
        return Used(
            replies=self.replies + 1,
            prompt=self.prompt + usage.prompt_tokens,
            completion=self.completion + usage.completion_tokens,
        )


def need_of(bootstrap: Bootstrap, used: Used) -> Need:
    """Return what a language needs to reach its target; `used` is what its replies so far have used."""
    if not _may_be_seen(bootstrap):
        return _translated(bootstrap)
    missing = max(bootstrap.target - len(bootstrap.rows), 0)
    if not missing:
        return Need(missing=0, requests=span(0), prompt=span(0), completion=span(0), basis="nothing")
    seen = bootstrap.settled >= ENOUGH_TURNS and bool(bootstrap.rows)
    turn = _seen_turn(bootstrap, used) if seen else assumed_turn(bootstrap.plan, bootstrap.next_index)
    turns = span(missing) / turn.rows
    turns = span(math.ceil(turns.low), math.ceil(turns.high))
    plan = bootstrap.plan
    judgements = span(0) if seen else span(missing * len(plan.config.judge_steps)) / JUDGED_KEPT
    return Need(
        missing=missing,
        requests=turns * turn.requests + judgements / span(1, _together(plan)),
        prompt=turns * turn.prompt + judgements * _judge_prompt(plan),
        completion=turns * turn.completion + judgements * JUDGEMENT.capped(MOST_TOKENS),
        basis=turn.basis,
    )


def until_own(bootstraps: Mapping[str, Bootstrap], needs: Mapping[str, Need]) -> Iterator[str]:
    """Yield from how many settled requests on a language goes by the run's own figures, where one goes by assumptions yet."""
    assumed = {language for language, one in needs.items() if one.basis == "assumptions"}
    waiting = [language for language, one in bootstraps.items() if _may_be_seen(one) and language in assumed]
    if waiting:
        so_far = ", ".join(f"{language} {bootstraps[language].settled}" for language in waiting)
        yield (
            f"all this until a row stands and {ENOUGH_TURNS} requests of a language are settled, in order; from then on its figures are the run's own. "
            f"Settled so far: {so_far}"
        )


def from_own(bootstraps: Mapping[str, Bootstrap], needs: Mapping[str, Need]) -> Iterator[str]:
    """Yield from how many settled requests the figures are that are the run's own."""
    own = [f"{language} {one.settled}" for language, one in bootstraps.items() if needs[language].basis == "run"]
    if own:
        yield f"by the run's own figures, from so many settled requests: {', '.join(own)}"


def _may_be_seen(bootstrap: Bootstrap) -> bool:
    return "translate" not in bootstrap.plan.config.recipes


def _together(plan: Plan) -> int:
    """Return how many rows one judgement is on at most."""
    return (plan.config.judge.rows_per_request or 1) if "batch" in plan.config.recipes else 1


def _translated(bootstrap: Bootstrap) -> Need:
    """Return what a language needs whose rows are translations."""
    missing, requests, prompt, completion = still_asked(bootstrap)
    basis = "assumptions" if missing else "nothing"
    return Need(missing=missing, requests=requests, prompt=prompt, completion=completion, basis=basis)


def _seen_turn(bootstrap: Bootstrap, used: Used) -> Turn:
    """Return the turn of a run: mean rows with two standard errors, mean requests and tokens."""
    accepted = Counter(verdict.candidate.index for verdict in bootstrap.verdicts if verdict.accepted)
    counts = [accepted[bootstrap.plan.config.part.index_at(place)] for place in range(bootstrap.settled)]
    middle = statistics.fmean(counts)
    error = 2 * statistics.stdev(counts) / math.sqrt(len(counts))
    least = max(middle - error, middle / 2) * (TIRED if bootstrap.target > 2 * len(bootstrap.rows) else 1)
    started = span(len(bootstrap.requests))
    return Turn(
        rows=span(least, middle + error),
        requests=span(used.replies) / started,
        prompt=span(used.prompt) / started,
        completion=span(used.completion) / started,
        basis="run",
    )


def _usage(one: Recorded) -> Usage:
    reply = read_reply(one.status, one.body)
    if reply.usage:
        return reply.usage
    model = one.request.sampling.model
    prompt, answer = prompt_tokens(one.request.messages, model), span(*likely_tokens(reply.text, model))
    return Usage(prompt_tokens=round(prompt.high), completion_tokens=round(answer.high))


def _judge_prompt(plan: Plan) -> Span:
    """Return the prompt tokens of a judgement, with seeds as the rows; none when the judge is off."""
    if not plan.config.judge_steps:
        return span(0)
    rows = [
        Candidate(
            language=plan.language,
            index=number,
            position=0,
            **task.model_dump(include={"instruction", "input", "output"}),
        )
        for number, task in enumerate(plan.seeds[:SAMPLE])
    ]
    model = plan.config.teacher.model
    step = plan.config.judge_steps[0]
    return mean(prompt_tokens(compose_judge(plan, row, step).messages, model) for row in rows)
