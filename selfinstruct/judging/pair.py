"""A question with two answers, and the requests that have it judged in both orders."""

import hashlib
import json
from typing import Literal, NamedTuple

from selfinstruct.judging.fences import frame_of, unframed
from selfinstruct.language import LANGUAGES
from selfinstruct.prompts.rubric import Rubric
from selfinstruct.records import LanguageCode, Message, Record, Request, Sampling, Step

Order = Literal["compare.1", "compare.2"]
ORDERS: tuple[Order, Order] = ("compare.1", "compare.2")
"""The answers as they stand, and swapped."""
MOST_TOKENS = 400
"""A verdict with its reason is 60 tokens; the rest is for a judge that cannot help thinking aloud."""
SHAPES = {
    "en": '{"reason": "one short sentence", "better": "1 | 2 | tie"}',
    "zh": '{"理由": "一句话", "更好": "1 | 2 | 平"}',
}
_NUMBERS = 10**7
"""What a journal takes as the number of a request, or of a position in it."""


class Pair(Record):
    """Two answers to one question."""

    language: LanguageCode
    question: str
    """Instruction and input."""
    first: str
    second: str
    reference: str = ""
    """An answer that is known to be right."""
    name: str = ""
    """What the journal remembers it by; no part of what is asked."""


class Speaker(NamedTuple):
    """How requests are sampled."""

    model: str
    seed: int
    max_tokens: int
    where: str = ""
    """What tells the model from another of the same name, such as its endpoint; part of a request's number, and not of the request."""


def compose_pair(pair: Pair, order: Order, rubric: Rubric, speaker: Speaker) -> Request:
    """Return the request that has a pair judged in one order, at temperature 0."""
    return request_of(pair.language, order, pair_messages(pair, order, rubric), speaker, pair.name)


def pair_messages(pair: Pair, order: Order, rubric: Rubric) -> tuple[Message, Message]:
    """Return what a judge is told of a pair in one order; no line of its texts can be taken for one of the frame around them."""
    language, template = LANGUAGES[pair.language], rubric.template
    frame = frame_of(template)
    question, known, *answers = (
        unframed(text, frame) for text in (pair.question, pair.reference, pair.first, pair.second)
    )
    first, second = answers if order == "compare.1" else reversed(answers)
    reference = template.text("reference", reference=known) + "\n\n" if known else ""
    values = {
        "criteria": "\n".join(f"- {name}{language.colon}{meaning}" for name, meaning in rubric.criteria.items()),
        "question": question,
        "first": first,
        "second": second,
        "reference": reference,
        "shape": SHAPES[pair.language],
    }
    return template.turn("system"), template.turn("user", **values)


def request_of(
    language: LanguageCode, step: Step, messages: tuple[Message, ...], speaker: Speaker, name: str
) -> Request:
    """Return a request whose number is drawn from all that it asks: the journal answers the same request again, and no other."""
    key = json.dumps([language, step, [one.model_dump() for one in messages], *speaker], ensure_ascii=False)
    digest = int(hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest(), 16)
    return Request(
        language=language,
        index=digest % _NUMBERS,
        position=digest // _NUMBERS % _NUMBERS,
        step=step,
        messages=messages,
        sampling=Sampling(
            model=speaker.model,
            temperature=0.0,
            top_p=1.0,
            max_tokens=speaker.max_tokens,
            seed=speaker.seed % 2**31,
        ),
        shown=(name,) if name else (),
    )
