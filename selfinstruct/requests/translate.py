"""The recipe `translate`: a row is carried into the other language, all its texts in one request, and first it is said whether it can be.

Source: InstaTrans (2410.01512) asks for a whole record in one call; Luotuo and NeMo Curator translate field by field and line by line, and lose
what belongs together. Code, links, placeholders and formulas are markers on the way, so that none of them can change.
"""

import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from selfinstruct.quality.translation import Pair
from selfinstruct.quality.translation.spans import Hidden
from selfinstruct.records import Candidate, Drawn, Message, Original, Reply, Request, Sampling, Step, Translated
from selfinstruct.requests.originals import BOUND, CHANGED, KEEP, drawn_of, tokens_needed, tokens_of
from selfinstruct.requests.parts import Part, parts_of
from selfinstruct.requests.plan import Plan, Visible
from selfinstruct.requests.translation_reply import FAULT, Answer, left_over, read_answer, shown
from selfinstruct.rouge import score, tokens

TEMPERATURE: Final = 0.0
"""A translation has little to gain from chance, and invariants to lose."""
AGAIN: Final[Step] = "translate.2"
_PASSING: Final = frozenset({"empty_reply", "held"})
_OTHER_TERMS: Final = "the glossary has other terms for this row, which is asked for with them; its texts are the same"
_BACK: Final = ("instruction", "input", "output")
"""What is translated back."""


def compose_translation(plan: Plan, index: int, _: Visible) -> Request:
    """Return the request for the translation of a row; of one that code decides it is never sent."""
    one = plan.originals[index]
    if one is None:
        raise LookupError(
            f"{plan.language}/{index}: there is no row to translate; this is a bug of selfinstruct, please report it"
        )
    drawn = drawn_of(one, comments=plan.config.generate.translate_comments)
    if one.decided:
        nobody = Sampling(model="", temperature=0.0, top_p=1.0, max_tokens=0, seed=0)
        return Request(language=plan.language, index=index, step="translate", messages=(), sampling=nobody, drawn=drawn)
    parts = parts_of(drawn)
    return plan.request(
        index,
        "translate",
        asking(plan, first_part(plan, parts) if parts else _whole(plan, one), one.terms),
        temperature=TEMPERATURE,
        max_tokens=min(
            tokens_of(piece.text for piece in parts[0]) if parts else tokens_needed(one), plan.config.teacher.max_tokens
        ),
        drawn=drawn,
    )


def is_lost(request: Request, reply: Reply) -> bool:
    """Return whether a reply says nothing of its row, by a fault that may pass: the row is asked for once more."""
    return request.step == "translate" and reply.fault in _PASSING


def once_more(request: Request) -> Request:
    """Return the request for a row whose first reply is lost, with another seed."""
    seed = random.Random(request.sampling.seed).randrange(2**31)
    return request.model_copy(update={"step": AGAIN, "sampling": request.sampling.model_copy(update={"seed": seed})})


def asking(plan: Plan, row: str, terms: Iterable[tuple[str, str]]) -> list[Message]:
    """Return the messages that ask for the translation of what stands in `row`, with the terms to keep to."""
    template = plan.prompts.templates["translate"]
    said = "\n".join(f"{term} → {wanted}" for term, wanted in terms)
    asked = template.turn("user with terms", row=row, terms=said) if said else template.turn("user", row=row)
    return [template.turn("system"), asked]


def first_part(plan: Plan, parts: Sequence[Part]) -> str:
    """Return what a prompt shows of the first part of a row that comes in several."""
    row = shown({piece.name: piece.text for piece in parts[0]})
    return plan.prompts.templates["translate_part"].text("first", count=str(len(parts)), row=row)


def _whole(plan: Plan, one: Original) -> str:
    hidden = Hidden(comments=plan.config.generate.translate_comments)
    return shown({name: hidden.hide(text) for name, text in one.texts.items()})


def decided(one: Original, candidate: Candidate) -> Candidate:
    """Return the candidate of a row that code decides: itself, or rejected by a rule."""
    kept = candidate.model_copy(update=_fields(drawn_of(one)))
    if one.decided == KEEP:
        return kept.model_copy(update={"translation": Translated(decision="keep")})
    said = {"translation": Translated(decision="drop", reason=one.detail)} if one.decided == BOUND else {}
    return kept.model_copy(update={"fault": one.decided, "lacks": one.detail, **said})


def read_translation(request: Request, reply: Reply, candidate: Candidate) -> Candidate:
    """Return the candidate of a reply: the row in the other language, or the reason why it cannot be."""
    drawn = request.drawn or Drawn(kind="translate")
    source = texts_of(drawn)
    carried = candidate.model_copy(update=_fields(drawn))
    if reply.cut:
        return carried.model_copy(update={"fault": "truncated"})
    parts = parts_of(drawn)
    answer = read_answer(reply.text, {piece.name: piece.text for piece in parts[0]} if parts else source)
    if answer.lacks:
        return carried.model_copy(update={"fault": FAULT, "lacks": answer.lacks})
    said = {"translation": Translated(decision=answer.decision, reason=answer.reason, adapted=answer.adapted)}
    if answer.decision == "drop":
        return carried.model_copy(update={"fault": BOUND, "lacks": answer.reason or "no reason is given", **said})
    if answer.decision == "keep":
        return carried.model_copy(update=said)
    return _translated(carried, answer, source, said)


def pair_of(candidate: Candidate) -> Pair | None:
    """Return a translation beside its source; None for a candidate that is none."""
    if candidate.drawn is None or candidate.translation is None or candidate.source is None:
        return None
    return _pair(candidate)


@lru_cache(maxsize=4)
def _pair(candidate: Candidate) -> Pair:
    """Return the pair that each rule looks at in turn."""
    drawn, said = candidate.drawn or Drawn(kind=""), candidate.translation or Translated(decision="translate")
    target = texts_of(candidate)
    return Pair(texts_of(drawn), target, candidate.language, said.adapted, drawn.details, _comments(drawn))


def texts_of(row: Drawn | Candidate) -> dict[str, str]:
    """Return the texts of a row by the names that a prompt gives them."""
    names = ("instruction", "input", "output", "system", "history", "reasoning")
    return Original(id="", text_hash="", **{name: getattr(row, name) for name in names}).texts


def compose_back(plan: Plan, candidate: Candidate) -> Request:
    """Return the request for the way back of a translation, which measures it."""
    hidden = Hidden()
    texts = {name: hidden.hide(text) for name in _BACK if (text := getattr(candidate, name).strip())}
    template = plan.prompts.templates["back"]
    size = sum(len(text.encode("utf-8", "surrogatepass")) for text in texts.values())
    return plan.request(
        candidate.index,
        "back",
        [template.turn("system"), template.turn("user", row=shown(texts))],
        position=candidate.position,
        temperature=TEMPERATURE,
        max_tokens=min(size // 2 + 128, plan.config.teacher.max_tokens),
    )


def with_back(candidate: Candidate, reply: Reply) -> Candidate:
    """Return a translation with what it reads like translated back; one that cannot be read is no measurement, and no fault."""
    said = candidate.translation
    if said is None or reply.fault or reply.cut:
        return candidate
    hidden = Hidden()
    wanted = {name: hidden.hide(getattr(candidate, name)) for name in _BACK if getattr(candidate, name).strip()}
    answer = read_answer(reply.text, wanted)
    if answer.lacks:
        return candidate
    back = "\n".join(hidden.show(answer.texts[name]) for name in wanted)
    measured = score(tokens(back), tokens(measured_text(candidate.drawn)))
    return candidate.model_copy(
        update={"translation": said.model_copy(update={"back": back, "score": round(measured, 4)})}
    )


def measured_text(drawn: Drawn | None) -> str:
    """Return what the way back of a translation is compared with."""
    return "\n".join(text for name in _BACK if (text := getattr(drawn, name, "").strip()))


def of_today(plan: Plan, candidate: Candidate, texts: Collection[str]) -> Candidate:
    """Return a candidate that was read from a reply, as the rows to translate are now, whose texts have the hashes `texts`: they, or the terms, may have changed."""
    one = plan.originals[candidate.index]
    if one is None:
        there = candidate.source is not None and candidate.source.text_hash in texts
        lacks = _OTHER_TERMS if there else "the row that was translated is not there any more"
        return candidate.model_copy(update={"fault": CHANGED, "lacks": lacks})
    said = candidate.translation
    wants = one.back and not candidate.fault and said is not None and said.decision != KEEP
    return (
        candidate.model_copy(update={"translation": said.model_copy(update={"wants_back": True})})
        if wants and said
        else candidate
    )


def _comments(drawn: Drawn | None) -> bool:
    return drawn is not None and drawn.kind.endswith(".comments")


def _fields(drawn: Drawn) -> dict[str, Any]:
    names = ("instruction", "input", "output", "system", "history", "reasoning")
    return {name: getattr(drawn, name) for name in names} | {"source": drawn.source, "drawn": drawn}


def _translated(carried: Candidate, answer: Answer, source: dict[str, str], said: dict[str, Translated]) -> Candidate:
    return with_texts(carried.model_copy(update=said), shown_again(carried, answer.texts), source)


def shown_again(carried: Candidate, texts: Mapping[str, str]) -> dict[str, str]:
    """Return the texts of a reply with what the markers of their row stand for."""
    hidden = Hidden(comments=_comments(carried.drawn))
    for text in texts_of(carried.drawn or Drawn(kind="translate")).values():
        hidden.hide(text)
    return {name: hidden.show(text) for name, text in texts.items()}


def with_texts(carried: Candidate, texts: Mapping[str, str], source: Mapping[str, str]) -> Candidate:
    """Return the candidate of a row with translated texts, or with a fault where one holds a marker that stands for nothing."""
    if mark := left_over(texts, source):
        return carried.model_copy(update={"fault": FAULT, "lacks": f"{mark} stands for nothing"})
    turns = range(1, len(carried.history) + 1)
    history = tuple((texts.get(f"question {number}", ""), texts.get(f"answer {number}", "")) for number in turns)
    names = ("system", "instruction", "input", "reasoning", "output")
    return carried.model_copy(update={name: texts.get(name, "") for name in names} | {"history": history})
