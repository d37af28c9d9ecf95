"""The recipe `documents`: a question on a passage, its answer, and the words of the passage that prove it."""

import random
import re
from typing import Final

from selfinstruct.errors import ConfigError
from selfinstruct.records import Candidate, Check, Drawn, Reply, Request, Source
from selfinstruct.requests.plan import Plan, Visible
from selfinstruct.requests.quotation import place_of
from selfinstruct.rouge import score, tokens
from selfinstruct.verifiers.kind import shortened
from selfinstruct.verifiers.quote import digest

_SAME = 0.5
"""ROUGE-L of two answers that say the same."""
_TOKENS = 256
_PARTS: Final = {
    "question": ("question", "问题", "題目", "题目"),
    "answer": ("answer", "答案", "回答"),
    "quote": ("quote", "原文", "原话"),
}
_COLON: Final = r"[”*\s]*+[:：][*\s]*+"
_ANY: Final = rf"[#“]*(?:{'|'.join(re.escape(word) for words in _PARTS.values() for word in words)})"
_NOT_SAID: Final = ("not stated", "unknown", "没有提到", "未提到", "没有提及", "不知道")


def compose_grounded(plan: Plan, index: int, visible: Visible) -> Request:
    """Return a request for a question on a passage: every passage once, in an order drawn anew each time round.

    From the second time on it is drawn at the temperature of instructions: at that of answers the first question would come again.
    """
    if not plan.passages:
        raise ConfigError("[generate] documents: names no text in this language; the recipe documents needs some")
    again, place = divmod(visible.number, len(plan.passages))
    order = list(range(len(plan.passages)))
    random.Random(f"{plan.config.run.seed}/{plan.language}/passages/{again}").shuffle(order)
    passage = plan.passages[order[place]]
    template = plan.prompts.templates["question"]
    source = Source(document=passage.document, span=(passage.start, passage.start + len(passage.text)))
    return plan.request(
        index,
        "question",
        [template.turn("system"), template.turn("user", passage=passage.text)],
        temperature=plan.config.teacher.temperature if again else plan.config.teacher.answer_temperature,
        max_tokens=min(_TOKENS, plan.config.teacher.max_answer_tokens),
        topic=passage.id,
        drawn=Drawn(kind="quote", passage=passage.text, source=source),
    )


def read_grounded(request: Request, reply: Reply, candidate: Candidate) -> Candidate:
    """Return the candidate of a reply: question, passage and answer, with the span that it quotes."""
    drawn = request.drawn or Drawn(kind="")
    parts = {name: _part(reply.text, name) for name in _PARTS}
    if not all(parts.values()) or drawn.source is None or drawn.source.span is None:
        lacks = f"the reply has no line for {', '.join(name for name, part in parts.items() if not part)}"
        return candidate.model_copy(update={"fault": "truncated" if reply.cut else "unparsable", "lacks": lacks})
    if not parts["question"].rstrip(" \"'”’」*").endswith(("?", "？")):
        lacks = f"`{shortened(parts['question'])}` is no question"
        return candidate.model_copy(update={"fault": "truncated" if reply.cut else "unparsable", "lacks": lacks})
    place = place_of(parts["quote"], drawn.passage)
    fields = {"instruction": parts["question"], "input": drawn.passage, "output": parts["answer"], "drawn": drawn}
    if place is None:
        lacks = f"the passage does not hold `{shortened(parts['quote'])}`"
        return candidate.model_copy(update=fields | {"fault": "quote_not_found", "lacks": lacks})
    if not _holds(drawn.passage[slice(*place)], parts["answer"]):
        lacks = f"`{shortened(parts['quote'])}` holds less than half of the answer's words"
        return candidate.model_copy(update=fields | {"fault": "quote_without_answer", "lacks": lacks})
    start = drawn.source.span[0]
    source = Source(document=drawn.source.document, span=(start + place[0], start + place[1]))
    check = Check(
        kind="quote",
        arguments={"quote": drawn.passage[slice(*place)], "asked": digest(parts["question"], parts["answer"])},
        span=place,
    )
    return candidate.model_copy(update=fields | {"checks": (check,), "source": source})


def answers_alike(left: str, right: str) -> bool:
    """Return whether two short answers say the same: one holds the other, or their ROUGE-L is high."""
    one, other = " ".join(tokens(left)), " ".join(tokens(right))
    if not one or not other or says_nothing(left) or says_nothing(right):
        return False
    return f" {one} " in f" {other} " or f" {other} " in f" {one} " or score(one.split(), other.split()) >= _SAME


def _holds(quote: str, answer: str) -> bool:
    """Return whether half of an answer's words, or characters in Chinese, stand in the words that are to prove it."""
    said = set(tokens(answer))
    return 2 * len(said & set(tokens(quote))) >= len(said)


def says_nothing(answer: str) -> bool:
    """Return whether an answer is that there is none."""
    return any(words in answer.lower() for words in _NOT_SAID)


def _part(text: str, name: str) -> str:
    """Return what stands behind the name of a part, on its line or the next; "" where the next part stands there."""
    words = "|".join(map(re.escape, _PARTS[name]))
    found = re.search(rf"^[\s*#“]*(?:{words}){_COLON}(?!{_ANY}{_COLON})(.+)$", text, re.IGNORECASE | re.MULTILINE)
    return found[1].strip() if found else ""
