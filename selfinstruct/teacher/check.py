"""One tiny question to a teacher: how it wants to be asked, how fast it is, whether it thinks, and what it bills.

Nothing is written but what was learnt, and that only when a run starts: the dialect is in the answer.
"""

import time
from collections.abc import Callable
from contextlib import AsyncExitStack

from selfinstruct.config import Config
from selfinstruct.errors import TeacherRefusedError
from selfinstruct.records import Message, Record, Request, Sampling, Usage
from selfinstruct.teacher.billing.budget import cost, worst_case
from selfinstruct.teacher.billing.prices import price_of
from selfinstruct.teacher.http.body import object_of, read_reply
from selfinstruct.teacher.http.chat import chat_fields
from selfinstruct.teacher.http.classify import Response, classify, describe, explain_refusal, heard, is_web_page, spoken
from selfinstruct.teacher.http.endpoint import Endpoint
from selfinstruct.teacher.http.usage import reasoning_tokens
from selfinstruct.teacher.speech import Speech
from selfinstruct.teacher.start import enter_address

_QUESTION = "Name one river in France and say in one short sentence where it rises."
_MOST_SENT = 16
"""Requests of one check: each learns something from the last."""


class Checked(Record):
    """What came of the question."""

    base_url: str
    model: str
    answered_by: str
    """The model that the reply names."""
    answer: str
    fault: str
    finish_reason: str
    dialect: str
    """What differs from a plain request; empty if nothing does."""
    requests: int
    seconds: float
    usage: Usage | None
    thinks: bool
    thought_tokens: int
    """As the provider counts them; 0 where it does not."""
    cost_usd: str | None
    """Of this one question; None when the price is not known."""


async def check(config: Config, say: Callable[[str], None]) -> Checked:
    """Return what came of asking; an embedded teacher is started for it. Raises TeacherRefusedError with the provider's words."""
    async with AsyncExitStack() as stack:
        address, deadline_s = await enter_address(config, stack, say)
        endpoint = Endpoint(address, deadline_s, 1)
        stack.push_async_callback(endpoint.close)
        return await _ask(config, endpoint, say)


async def _ask(config: Config, endpoint: Endpoint, say: Callable[[str], None]) -> Checked:
    speech = Speech(config, None, say)
    for number in range(1, _MOST_SENT + 1):
        body = speech.dialect.fields(chat_fields(_request(config)) | config.teacher.extra)
        used, began = speech.dialect, time.monotonic()
        answer = heard(await endpoint.complete(body, {}))
        seconds = time.monotonic() - began
        meaning = classify(answer)
        if meaning == "done" and not _is_no_completion(answer):
            return _checked(config, speech, answer, number, seconds)
        if meaning != "failed" or not speech.learn(used, body, answer):
            raise TeacherRefusedError(_refused(config, answer, meaning))
    raise TeacherRefusedError(
        f"{config.teacher.base_url} refuses the question {_MOST_SENT} times, each for another reason"
    )


def _refused(config: Config, answer: Response, meaning: str) -> str:
    if meaning in {"pause", "stop"}:
        return explain_refusal(answer, config.teacher.base_url, config.teacher)
    if meaning == "failed":
        return f"{config.teacher.base_url} refuses the question (status {answer.status}).{spoken(answer)} Set [teacher] omit, rename or extra"
    if is_web_page(answer) and answer.status < 500:
        return explain_refusal(answer, config.teacher.base_url, config.teacher)
    if meaning == "done":
        return (
            f"{config.teacher.base_url} answers with no completion.{spoken(answer)} Check [teacher] base_url and model"
        )
    said = f"{config.teacher.base_url}: {describe(answer)}"
    if answer.phase == "connecting":
        return f"{said}; it was not reached. Check [teacher] base_url and the network, and that a server of your own is running"
    return f"{said}; try again later" if answer.status else f"{said}; check [teacher] base_url, or try again later"


def _is_no_completion(answer: Response) -> bool:
    return read_reply(answer.status, answer.body).fault == "malformed_reply"


def _request(config: Config) -> Request:
    teacher = config.teacher
    sampling = Sampling(
        model=teacher.model,
        temperature=teacher.answer_temperature,
        top_p=teacher.top_p,
        max_tokens=teacher.max_tokens,
        seed=config.run.seed,
    )
    return Request(
        language="en", index=0, step="answer", messages=(Message(role="user", content=_QUESTION),), sampling=sampling
    )


def _checked(config: Config, speech: Speech, answer: Response, requests: int, seconds: float) -> Checked:
    reply = read_reply(answer.status, answer.body)
    thoughts = reasoning_tokens(object_of(answer.body))
    price = price_of(config)
    spent = None if price is None else f"{cost(price, reply.usage or worst_case(_request(config))) / 1_000_000:.6f}"
    return Checked(
        base_url=config.teacher.base_url,
        model=config.teacher.model,
        answered_by=reply.model,
        answer=reply.text,
        fault=reply.fault,
        finish_reason=reply.finish_reason,
        dialect=speech.dialect.describe(),
        requests=requests,
        seconds=seconds,
        usage=reply.usage,
        thinks=bool(reply.thought or thoughts),
        thought_tokens=thoughts,
        cost_usd=spent,
    )
