"""How long it will take: the journal holds no times, so this is from stated speeds, the work ahead and the concurrency."""

import math
import os

from selfinstruct.config import Config
from selfinstruct.runs.estimate.span import Span, span
from selfinstruct.weights import WEIGHTS

BATCH_TAKES = span(30, 1440)
"""Minutes a batch takes: 24 hours is what providers promise, half an hour a guess, not measured."""
ANSWERS_AFTER_S = span(0.5, 3)
WRITES_PER_S = span(25, 100)
"""Seconds before a hosted model begins to write, and tokens that it writes each second in one reply: round numbers, not measured."""
READS_PER_CORE_S, WRITES_PER_CORE_S = 55, 20
"""Tokens per second and core of the embedded 0.5B teacher at eight replies at once, measured on two cores."""
READ_ANEW = span(0.3, 1.0)
"""Share of the prompt tokens that the embedded teacher does not find in its prefix cache."""
_MEASURED = WEIGHTS["qwen2.5-coder-0.5b-instruct"].size


def minutes(config: Config, requests: Span, prompt: Span, completion: Span) -> Span:
    """Return minutes for this many requests and tokens in all."""
    if config.teacher.transport == "batch_api":
        return _batches(config, requests)
    if config.teacher.kind == "embedded":
        return _embedded(config, prompt, completion)
    at_once = min(config.limits.concurrency, config.generate.window * len(config.target))
    seconds = requests * ANSWERS_AFTER_S + completion / WRITES_PER_S
    return (seconds / span(60 * at_once)).at_least(_at_the_limits(config, requests, prompt + completion))


def speeds(config: Config) -> str:
    """Return the speeds in words."""
    if config.teacher.transport == "batch_api":
        return (
            f"minutes: a batch takes {BATCH_TAKES.low / 60:g} to {BATCH_TAKES.high / 60:g} hours and holds what [generate] window "
            "lets be asked at once; each is followed by the next"
        )
    if config.teacher.kind == "embedded":
        return (
            f"minutes: {READS_PER_CORE_S} tokens read and {WRITES_PER_CORE_S} written a second on a core (measured for the "
            "0.5B model, others by the size of their weights), on one idle core at worst and all at best"
        )
    return (
        f"minutes: a reply begins after {ANSWERS_AFTER_S.low:g} to {ANSWERS_AFTER_S.high:g} s and is written at "
        f"{WRITES_PER_S.low:g} to {WRITES_PER_S.high:g} tokens a second, {config.limits.concurrency} at once; {_limits(config)}"
    )


def _at_the_limits(config: Config, requests: Span, tokens: Span) -> Span:
    """Return the minutes that the account's rate limits leave no way around; none where they are not stated."""
    per_minute = ((requests, config.limits.requests_per_minute), (tokens, config.limits.tokens_per_minute))
    least = span(0)
    for needed, most in per_minute:
        least = least.at_least(needed / span(most) if most else span(0))
    return least


def _limits(config: Config) -> str:
    limits = config.limits
    stated = [
        f"{most:,} {what}"
        for what, most in (("requests", limits.requests_per_minute), ("tokens", limits.tokens_per_minute))
        if most
    ]
    if stated:
        return f"at most {' and '.join(stated)} a minute ([limits])"
    return "no rate limit is counted: set requests_per_minute and tokens_per_minute of your account under [limits] to have them counted"


def _batches(config: Config, requests: Span) -> Span:
    """Return the minutes of batches one after another, each as large as the window lets it be."""
    at_once = min(config.limits.batch_requests, config.generate.window * len(config.target))
    return Span(low=math.ceil(requests.low / at_once), high=math.ceil(requests.high / at_once)) * BATCH_TAKES


def _embedded(config: Config, prompt: Span, completion: Span) -> Span:
    weights = WEIGHTS.get(config.teacher.model)
    slower = weights.size / _MEASURED if weights else 1
    cores = span(config.teacher.threads) if config.teacher.threads else span(1, os.cpu_count() or 1)
    seconds = prompt * READ_ANEW / span(READS_PER_CORE_S) + completion / span(WRITES_PER_CORE_S)
    return seconds * span(slower / 60) / cores
