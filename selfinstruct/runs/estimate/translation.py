"""What a language that is translated still needs: its requests are known one by one, where the rows of their source are."""

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.records import Original
from selfinstruct.requests import compose
from selfinstruct.requests.translation_reply import shown
from selfinstruct.runs.estimate.span import Span, mean, span
from selfinstruct.runs.estimate.turn import SAMPLE, prompt_tokens
from selfinstruct.teacher.billing.tokens import likely_tokens

_OF_THE_SOURCE = span(0.6, 1.6)
"""Tokens of a translation for one of its source: English into Chinese takes fewer characters and more tokens of each."""
_UNKNOWN_ROW = span(60, 400)
"""Tokens of a row of the other language that is not there yet."""


def still_asked(bootstrap: Bootstrap) -> tuple[int, Span, Span, Span]:
    """Return (rows that are not decided, requests, prompt tokens, completion tokens) that a translation still needs."""
    plan = bootstrap.plan
    waiting = [
        (index, one)
        for index, one in enumerate(plan.originals)
        if one and not one.decided and index not in bootstrap.requests
    ]
    to_come = max(bootstrap.target - len(bootstrap.rows) - len(waiting), 0) if plan.source else 0
    count = len(waiting) + to_come
    back = sum(one.back for _, one in waiting) + (to_come if plan.config.generate.most_back is None else 0)
    if not count:
        return 0, span(0), span(0), span(0)
    model, sample = plan.config.teacher.model, waiting[:: max(len(waiting) // SAMPLE, 1)][:SAMPLE]
    texts = mean(_tokens(one, model) for _, one in sample) if sample else _UNKNOWN_ROW
    template = plan.prompts.templates["translate"]
    frame = prompt_tokens([template.turn("system"), template.turn("user", row="")], model)
    asked = (
        mean(prompt_tokens(compose(plan, index, "translate").messages, model) for index, _ in sample)
        if sample
        else frame + texts
    )
    written = texts * _OF_THE_SOURCE
    return (
        count,
        span(count + back),
        span(count) * asked + span(back) * written,
        span(count) * written + span(back) * texts,
    )


def _tokens(one: Original, model: str) -> Span:
    return span(*likely_tokens(shown(one.texts), model))
