"""Reading of replies: every span becomes a candidate, valid or with a fault."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

from selfinstruct.language import LANGUAGES, is_no_input
from selfinstruct.prompts import parse_items
from selfinstruct.records import FIRST_STEPS, Candidate, Reply, Request, Step
from selfinstruct.requests.checked import read_checked
from selfinstruct.requests.confirmed import Needed, confirmation_fault
from selfinstruct.requests.conversation import read_follow, with_turn
from selfinstruct.requests.evolve import evades, read_evolved
from selfinstruct.requests.grounded import read_grounded
from selfinstruct.requests.labelled import is_labelled, read_label, sealed
from selfinstruct.requests.short_question import is_short_question, why_not_asked
from selfinstruct.requests.translate import read_translation, with_back
from selfinstruct.requests.translate_parts import with_part
from selfinstruct.requests.wording import reworded


def read(request: Request, reply: Reply) -> list[Candidate]:
    """Return all spans of a first-step reply as candidates, in order; unreadable ones have a fault."""
    if reply.fault:
        return [_candidate(request, 0, fault=reply.fault, text=reply.text)]
    cut = reply.cut
    if request.step in _READ:
        return [_READ[request.step](request, reply, _candidate(request, 0, text=reply.text))]
    if request.step == "task":
        first, *more = _read_instruction(request, reply.text, cut)
        return [first if first.fault else read_checked(request, reply, first), *more]
    if request.step in {"instruction", "exercise"}:
        return _read_instruction(request, reply.text, cut)
    items = parse_items(reply.text, cut=cut)
    return [
        _candidate(
            request,
            position,
            instruction=item.instruction,
            input=item.input,
            output=item.output,
            fault=item.fault,
            text=item.text,
        )
        for position, item in enumerate(items)
    ] or [_candidate(request, 0, fault="empty_reply")]


_READ: Final[Mapping[Step, Callable[[Request, Reply, Candidate], Candidate]]] = {
    "computed": read_checked,
    "passage": read_checked,
    "question": read_grounded,
    "evolve": read_evolved,
    "follow": read_follow,
    "translate": read_translation,
    "translate.2": read_translation,
}
"""{first step: how its reply is read}, of those whose reply is one candidate."""


def fill(
    candidate: Candidate,
    step: Step,
    reply: Reply,
    needed: Needed = Needed(),  # noqa: B008 - it is immutable
    disabled: Collection[str] = (),
) -> Candidate:
    """Return a candidate with the result of a later step, or with a fault for an unusable reply.

    `needed` is what a look at a task or an answer needs; `disabled` are the rules that a further turn of a conversation is not held to.
    """
    if candidate.recipe == "conversation":
        return with_turn(candidate, step, reply, disabled)
    if candidate.recipe == "translate":
        return with_back(candidate, reply) if step == "back" else with_part(candidate, step, reply)
    if step in {"answerable", "confirm", "again", "reread", "closed"}:
        return candidate.model_copy(update={"fault": confirmation_fault(candidate, step, reply, needed)})
    text = reply.text.strip()
    if step == "wording":
        return _reworded(candidate, text)
    return _filled(candidate, step, reply, text)


def _filled(candidate: Candidate, step: Step, reply: Reply, text: str) -> Candidate:
    """Return a candidate with an answer, or with the material that its task works on."""
    fault = reply.fault or ("truncated" if reply.cut else "")
    if fault:
        return candidate.model_copy(update={"fault": fault, "output": text if step in {"answer", "meet"} else ""})
    if step in {"answer", "meet"}:
        answered = candidate.model_copy(update={"output": text, "reasoning": reply.thought.strip()})
        evasive = candidate.recipe == "evolve" and evades(answered)
        return answered.model_copy(update={"fault": "evades"}) if evasive else answered
    return _with_material(candidate, step, text)


def _reworded(candidate: Candidate, text: str) -> Candidate:
    """Return a candidate in another wording; one that cannot be used leaves the words that code has."""
    drawn = candidate.drawn
    other = reworded(candidate.instruction, text, drawn.kept if drawn else (), candidate.language)
    worded = candidate.model_copy(update={"instruction": other or candidate.instruction})
    return sealed(worded) if is_labelled(worded) else worded


def _with_material(candidate: Candidate, step: Step, text: str) -> Candidate:
    """Return a candidate with the input that a task works on, and the label that goes with it."""
    language = LANGUAGES[candidate.language]
    if step == "input":
        given = _strip_head(text, (*language.input_words, *_MATERIAL_WORDS))
        missing = not given or is_no_input(given)
        return candidate.model_copy(update={"input": given, "fault": "missing_input" if missing else ""})
    label, given = read_label(text, language)
    lacks = {} if label and given else {"fault": "unparsable", "lacks": "the reply has no line for label, input"}
    return candidate.model_copy(update={"input": given, "output": label} | lacks)


_MATERIAL_WORDS = ("Material", "Text", "Message", "材料", "短文", "通知", "留言")


def _candidate(request: Request, position: int, **fields: object) -> Candidate:
    own = {"language": request.language, "index": request.index, "position": position, "topic": request.topic}
    if request.step in {"instruction", "exercise"}:
        fields["shown"] = request.shown
    return Candidate.model_validate(own | {"recipe": FIRST_STEPS.get(request.step, "batch")} | fields)


def _read_instruction(request: Request, text: str, cut: bool) -> list[Candidate]:
    """Return the first paragraph as instruction, and the rest as a separate span."""
    if request.step == "exercise":
        return [_read_exercise(request, text.strip(), cut)]
    language = LANGUAGES[request.language]
    body = _strip_head(text.strip(), language.instruction_words)
    head, _, tail = body.partition("\n")
    instruction = re.sub(r"^\d{1,3}\s*[.)、]\s*", "", head).strip()
    if len(instruction) > 1 and (instruction[0], instruction[-1]) in {('"', '"'), ("“", "”"), ("「", "」")}:
        instruction = instruction[1:-1].strip()
    fault = "" if instruction else "empty_reply"
    found = [
        _candidate(
            request, 0, instruction=instruction, fault="truncated" if cut and not tail.strip() else fault, text=head
        )
    ]
    if tail.strip():
        found.append(_candidate(request, 1, fault="outside_items", text=tail.strip()))
    return found


def _read_exercise(request: Request, text: str, cut: bool) -> Candidate:
    """Return a text and the task on it, in whichever order: one paragraph behind a word for a task, the rest behind one for a text."""
    language = LANGUAGES[request.language]
    first, _, rest = text.partition("\n")
    text_words = (*language.input_words, *_MATERIAL_WORDS)
    if _strip_head(text, text_words) != text:  # the text stands first: the task is the last paragraph
        rest, _, first = text.rpartition("\n")
        first = first if _strip_head(first, language.instruction_words) != first else ""
    head, given = first.strip(), _strip_head(rest.strip(), text_words).strip()
    if cut or not head or not given or given == rest.strip():
        found = (
            {"fault": "truncated"}
            if cut
            else {"fault": "unparsable", "lacks": "the reply has no text and task, each behind its word"}
        )
        return _candidate(request, 0, text=text, **found)
    instruction = _strip_head(head, language.instruction_words).strip()
    lacks = why_not_asked(instruction, given, request.language) if _shows_short_questions(request) else ""
    fault = "not_answerable" if lacks else ""
    return _candidate(request, 0, instruction=instruction, input=given, text=text, fault=fault, lacks=lacks)


def _shows_short_questions(request: Request) -> bool:
    """Return whether all tasks that a request for an exercise shows, each in its last paragraph, are questions with one short answer."""
    words = LANGUAGES[request.language].instruction_words
    shown = (one.content.rpartition("\n")[2] for one in request.messages if one.role == "assistant")
    return all(is_short_question(_strip_head(task, words), request.language) for task in shown)


def _strip_head(text: str, words: Sequence[str]) -> str:
    """Return a reply without a leading field label."""
    heads = "|".join(map(re.escape, words))
    return re.sub(rf"^[#*\s]*(?:{heads})[*\s]*[:：][*\s]*", "", text, count=1, flags=re.IGNORECASE)
