"""The further requests of a row that is translated in parts, and what their replies add to it.

What becomes of the row is decided with its first part, which holds its task; a further one can still say that it cannot leave its language. The
rules look at the whole when the last part is there.
"""

from typing import Any, Final

from selfinstruct.quality.translation.pair import cut
from selfinstruct.quality.translation.remains import holds
from selfinstruct.records import Candidate, Drawn, Reply, Request, Step, Translated
from selfinstruct.requests.originals import BOUND, tokens_of
from selfinstruct.requests.parts import STEPS, Part, parts_of
from selfinstruct.requests.plan import Plan
from selfinstruct.requests.translate import TEMPERATURE, asking, shown_again, texts_of, with_texts
from selfinstruct.requests.translation_reply import FAULT, Answer, read_answer, shown

_TASK: Final = 400
"""Characters of the translated task that a further part is shown with."""


def compose_part(plan: Plan, candidate: Candidate, step: Step) -> Request:
    """Return the request for a further part of a row; what was adapted before it is among the terms to keep to."""
    drawn = candidate.drawn or Drawn(kind="translate")
    said = candidate.translation or Translated(decision="translate")
    parts, number = parts_of(drawn), _number(step)
    part = parts[number - 1]
    values = {"number": str(number), "count": str(len(parts)), "task": cut(candidate.instruction, _TASK)}
    row = plan.prompts.templates["translate_part"].text("further", row=shown(_wanted(part)), **values)
    stated = dict((*drawn.details, *said.adapted))
    terms = [(term, to) for term, to in stated.items() if any(holds(piece.text, term) for piece in part)]
    return plan.request(
        candidate.index,
        step,
        asking(plan, row, terms),
        position=candidate.position,
        temperature=TEMPERATURE,
        max_tokens=min(tokens_of(piece.text for piece in part), plan.config.teacher.max_tokens),
    )


def with_part(candidate: Candidate, step: Step, reply: Reply) -> Candidate:
    """Return a candidate with a further part, joined to what is there as it was in the source; or with a fault for a reply that cannot be used."""
    said = candidate.translation
    if reply.fault or reply.cut or said is None or candidate.drawn is None:
        return candidate.model_copy(update={"fault": reply.fault or "truncated"})
    part = parts_of(candidate.drawn)[_number(step) - 1]
    answer = read_answer(reply.text, _wanted(part))
    if answer.lacks:
        return candidate.model_copy(update={"fault": FAULT, "lacks": f"part {_number(step)}: {answer.lacks}"})
    if answer.decision == "drop":
        dropped = said.model_copy(update={"decision": "drop", "reason": answer.reason})
        lacks = answer.reason or "no reason is given"
        return candidate.model_copy(update={"fault": BOUND, "lacks": lacks, "translation": dropped})
    return _joined(candidate, said, part, answer)


def _joined(candidate: Candidate, said: Translated, part: Part, answer: Answer) -> Candidate:
    texts = texts_of(candidate)
    for name, text in shown_again(candidate, answer.texts).items():
        before = next(piece.before for piece in part if piece.name == name)
        texts[name] = f"{texts[name]}{before}{text}" if name in texts else text
    adapts: dict[str, Any] = {"decision": "adapt"} if answer.decision == "adapt" else {}
    adapted = tuple(dict.fromkeys((*said.adapted, *answer.adapted)))
    told = candidate.model_copy(update={"translation": said.model_copy(update={"adapted": adapted} | adapts)})
    return with_texts(told, texts, texts_of(told.drawn or Drawn(kind="translate")))


def _wanted(part: Part) -> dict[str, str]:
    return {piece.name: piece.text for piece in part}


def _number(step: Step) -> int:
    return STEPS.index(step) + 2
