"""What a language that is translated still needs: its requests are known one by one, where the rows of their source are."""

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.records import Original
from selfinstruct.requests import compose
from selfinstruct.requests.originals import drawn_of
from selfinstruct.requests.parts import parts_of
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
    left = {index: count for index in range(len(plan.originals)) if (count := _left(bootstrap, index))}
    waiting = [(index, one) for index in left if (one := plan.originals[index])]
    to_come = max(bootstrap.target - len(bootstrap.rows) - len(waiting), 0) if plan.source else 0
    count = len(waiting) + to_come
    requests = sum(left.values()) + to_come
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
        span(requests + back),
        span(count) * asked + span(requests - count) * frame + span(back) * written,
        span(count) * written + span(back) * texts,
    )


def _left(bootstrap: Bootstrap, index: int) -> int:
    """Return how many requests a row still needs, ways back aside."""
    one = bootstrap.plan.originals[index]
    if one is None or one.decided or index < bootstrap.settled:
        return 0
    parts = max(len(parts_of(drawn_of(one, comments=bootstrap.plan.config.generate.translate_comments))), 1)
    heard = [len(bootstrap.acceptance.replies.of(candidate)) for candidate in bootstrap.spans(index)]
    return max(parts - 1 - heard[0], 0) if heard else parts


def _tokens(one: Original, model: str) -> Span:
    return span(*likely_tokens(shown(one.texts), model))
