"""What one language still needs: from the run's own yield where there is one, else from what its prompts and seeds say.

A *turn* here is one first-step request with all later steps it leads to: the requests, tokens and rows of a turn are what is known
or assumed; the rows that are missing, divided by the rows of a turn, are the turns that are needed.
"""

import math
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence

from selfinstruct.bootstrap.judge import MOST_TOKENS, compose_judge
from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.journal import Recorded
from selfinstruct.language import LANGUAGES
from selfinstruct.prompts import render_items
from selfinstruct.records import Candidate, Message, Record, Step, Usage
from selfinstruct.requests import Plan, compose, compose_step
from selfinstruct.runs.estimate.span import Span, mean, span, total
from selfinstruct.teacher import read_reply
from selfinstruct.teacher.billing.tokens import likely_tokens

ENOUGH_TURNS = 8
"""Settled turns from which the run's own yield is used."""
KEPT = span(0.5, 0.85)
"""Share of the tasks read that become rows. The embedded teacher's demo kept 24 of 33 (0.73) on 2026-11-24; no strong teacher
measured yet, and the near-duplicate filter takes more as the pool grows."""
TIRED = 0.8
"""Of the run's own yield, at the high end, when more rows are missing than stand: the pool grows, and with it the near-duplicates."""
OF_A_SEED = span(0.5, 1.0)
"""Length of a task or instruction, measured by the seeds: prompts ask for no more than seeds hold."""
OF_AN_ANSWER = span(0.3, 1.0)
"""Length of an answer of the steered recipe, which asks for three sentences; the demo's were 0.9 (English) and 0.3 (Chinese)."""
ANSWERS = span(0.8, 1.0)
INPUTS = span(0.0, 0.3)
"""Answers, and inputs or labels, bought per instruction of the steered recipe; the demo bought 1.0 and 0.03."""
JUDGED_KEPT = span(0.5, 0.95)
"""Share of the judged rows that reach `[judge] least`: a guess, no teacher measured yet."""
JUDGEMENT = span(20, 60)
"""Tokens of a judgement: three named scores are 20 to 30, a remark doubles that."""
TEMPLATE = span(3, 8)
"""Tokens a chat template adds to a message: OpenAI's 3 or 4, Qwen's 5."""
_SAMPLE = 8
"""First prompts composed to measure their length."""


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


class _Turn(Record):
    rows: Span
    requests: Span
    prompt: Span
    completion: Span
    basis: str


def need_of(bootstrap: Bootstrap, used: Used) -> Need:
    """Return what a language needs to reach its target; `used` is what its replies so far have used."""
    missing = max(bootstrap.target - len(bootstrap.rows), 0)
    if not missing:
        return Need(missing=0, requests=span(0), prompt=span(0), completion=span(0), basis="nothing")
    seen = bootstrap.settled >= ENOUGH_TURNS and bool(bootstrap.rows)
    turn = _seen_turn(bootstrap, used) if seen else _assumed_turn(bootstrap.plan, bootstrap.settled)
    turns = span(missing) / turn.rows
    turns = span(math.ceil(turns.low), math.ceil(turns.high))
    plan = bootstrap.plan
    judgements = span(0) if seen else span(missing * len(plan.config.judge_steps)) / JUDGED_KEPT
    return Need(
        missing=missing,
        requests=turns * turn.requests + judgements,
        prompt=turns * turn.prompt + judgements * _judge_prompt(plan),
        completion=turns * turn.completion + judgements * JUDGEMENT.capped(MOST_TOKENS),
        basis=turn.basis,
    )


def _seen_turn(bootstrap: Bootstrap, used: Used) -> _Turn:
    """Return the turn of a run: mean rows with two standard errors, mean requests and tokens."""
    accepted = Counter(verdict.candidate.index for verdict in bootstrap.verdicts if verdict.accepted)
    counts = [accepted[index] for index in range(bootstrap.settled)]
    middle = statistics.fmean(counts)
    error = 2 * statistics.stdev(counts) / math.sqrt(len(counts))
    least = max(middle - error, middle / 2) * (TIRED if bootstrap.target > 2 * len(bootstrap.rows) else 1)
    started = span(len(bootstrap.requests))
    return _Turn(
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
    prompt, answer = _prompt(one.request.messages, model), span(*likely_tokens(reply.text, model))
    return Usage(prompt_tokens=round(prompt.high), completion_tokens=round(answer.high))


def _assumed_turn(plan: Plan, index: int) -> _Turn:
    model = plan.config.teacher.model
    first = mean(
        _prompt(compose(plan, number, ()).messages, model) for number in range(index, index + _SAMPLE)
    )  # seeds stand in for the rows that later prompts show
    turn = _batch_turn(plan, first) if plan.config.recipe == "batch" else _steered_turn(plan, first)
    return turn.model_copy(update={"rows": turn.rows * JUDGED_KEPT}) if plan.config.judge_steps else turn


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
        for number, task in enumerate(plan.seeds[:_SAMPLE])
    ]
    model = plan.config.teacher.model
    step = plan.config.judge_steps[0]
    return mean(_prompt(compose_judge(plan, row, step).messages, model) for row in rows)


def _batch_turn(plan: Plan, first: Span) -> _Turn:
    most = plan.config.teacher.max_tokens
    language = LANGUAGES[plan.language]
    task = _length(plan, [render_items([task], language) for task in plan.seeds]) * OF_A_SEED
    fitting = (span(most) / task).capped(plan.config.generate.tasks_per_request)
    completion = (task * span(plan.config.generate.tasks_per_request)).capped(most)
    return _Turn(rows=fitting * KEPT, requests=span(1), prompt=first, completion=completion, basis="assumptions")


def _steered_turn(plan: Plan, first: Span) -> _Turn:
    teacher = plan.config.teacher
    instruction = (_length(plan, [task.instruction for task in plan.seeds]) * OF_A_SEED).capped(
        teacher.max_instruction_tokens
    )
    answer = (_length(plan, [task.output for task in plan.seeds]) * OF_AN_ANSWER).capped(teacher.max_answer_tokens)
    return _Turn(
        rows=KEPT,
        requests=span(1) + ANSWERS + INPUTS,
        prompt=first + ANSWERS * _later(plan, "answer") + INPUTS * _later(plan, "input"),
        completion=instruction + (ANSWERS + INPUTS) * answer,
        basis="assumptions",
    )


def _later(plan: Plan, step: Step) -> Span:
    """Return the prompt tokens of a later step, with seeds as the candidates."""
    candidates = [
        Candidate(language=plan.language, index=number, position=0, instruction=task.instruction, topic=task.topic)
        for number, task in enumerate(plan.seeds[:_SAMPLE])
    ]
    model = plan.config.teacher.model
    return mean(_prompt(compose_step(plan, candidate, step).messages, model) for candidate in candidates)


def _prompt(messages: Sequence[Message], model: str) -> Span:
    return total(span(*likely_tokens(message.content, model)) + TEMPLATE for message in messages)


def _length(plan: Plan, texts: Iterable[str]) -> Span:
    return mean(span(*likely_tokens(text, plan.config.teacher.model)) for text in texts)
