"""What the answers that views lack would take, as a range: requests, tokens and money; nothing is sent."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from selfinstruct.config import Config
from selfinstruct.requests.another import PREFERRED, SECOND
from selfinstruct.runs.derive.purchase import composed, wanted
from selfinstruct.runs.derive.stories import Other, Story
from selfinstruct.runs.derive.views import View
from selfinstruct.runs.estimate.span import Span, span, total
from selfinstruct.runs.estimate.turn import prompt_tokens
from selfinstruct.runs.estimate.whole import money
from selfinstruct.teacher import price_of
from selfinstruct.teacher.billing.prices import describe_price
from selfinstruct.teacher.billing.tokens import likely_tokens

_OF_THE_FIRST = span(0.5, 1.5)
"""Length of another answer, measured by the one that stands."""
_WORD = span(15, 80)
"""Tokens of a word on two answers: the object alone, or a sentence of reason."""


class Price(NamedTuple):
    """What is still to be bought."""

    rows: int
    """Rows that lack an answer, or a word on one."""
    requests: Span
    prompt: Span
    completion: Span
    """Tokens."""
    cost_usd: Span | None
    """None when the price is not known."""
    price: str

    def document(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        spans = {"requests": self.requests, "prompt": self.prompt, "completion": self.completion}
        rounded = {name: {"low": round(one.low), "high": round(one.high)} for name, one in spans.items()}
        cost = self.cost_usd and {"low": round(self.cost_usd.low, 6), "high": round(self.cost_usd.high, 6)}
        tokens = {name: rounded[name] for name in ("prompt", "completion")}
        return {
            "rows": self.rows,
            "requests": rounded["requests"],
            "tokens": tokens,
            "cost_usd": cost,
            "price": self.price,
        }


class _Sent(NamedTuple):
    """One request, in tokens."""

    prompt: Span
    completion: Span


def price_of_views(config: Config, stories: Sequence[Story], views: Sequence[View], answers: int) -> Price | None:
    """Return what it takes at least and at most until nothing that can be bought is left; None where nothing can.

    At least one request for each row that lacks something; at most every answer that may be bought, and the judge in both orders on each.
    """
    needs = [sent for story in stories if (sent := _sent(story, views, answers))]
    if not needs:
        return None
    prompt, completion = (
        total(span(min(part.low for part in parts), sum(part.high for part in parts)) for parts in each)
        for each in (
            [[one.prompt for one in sent] for sent in needs],
            [[one.completion for one in sent] for sent in needs],
        )
    )
    requests = span(len(needs), sum(map(len, needs)))
    cost = money(price_of(config), prompt, completion)
    return Price(len(needs), requests, prompt, completion, cost, describe_price(config))


def _sent(story: Story, views: Sequence[View], answers: int) -> list[_Sent]:
    """Return every request that a row may still take."""
    steps = list(wanted(story, views, answers))
    teacher = story.plan.config.teacher
    reply = (span(*likely_tokens(story.row.output, teacher.model)) * _OF_THE_FIRST).capped(teacher.max_answer_tokens)
    asked = [step for step, other in steps if other is None]
    found = [_Sent(prompt_tokens(composed(story, step, None).messages, teacher.model), reply) for step in asked]
    open_words = [other for _, other in steps if other]
    if answers == 2 or any(view.needs == "pair" for view in views):  # of three and more their agreement decides
        open_words += [Other(story.row.output, step, "") for step in SECOND if step in asked]  # type: ignore[arg-type] # origins
    for other in open_words:
        words = (composed(story, step, other) for step in PREFERRED[other.origin])
        found += [_Sent(prompt_tokens(word.messages, teacher.model), _WORD) for word in words]
    return found
