"""The recipe `conversation`: a row goes on, the teacher plays the user and then answers, until the drawn number of turns stands.

A further turn that breaks a rule ends the conversation before it; the first that does rejects the candidate, like any other.
Source: the multi-turn data of Vicuna (FastChat) and Baize (Xu et al. 2023); there a failed turn stays, or takes the whole with it.
"""

import re
from collections.abc import Collection, Sequence
from math import inf
from typing import Final

from selfinstruct.language import LANGUAGES
from selfinstruct.prompts.template import Template
from selfinstruct.quality.rules import INSTRUCTION_RULES, ROW_RULES, Rule
from selfinstruct.records import Candidate, Drawn, Message, Reply, Request, Step
from selfinstruct.requests.parents import drawn_from, given, one_of
from selfinstruct.requests.plan import Plan, Visible
from selfinstruct.requests.role import Misspoken, bare_turn, of_turn, own_answer
from selfinstruct.rouge import lcs, score, tokens

MOVES: Final = ("follow up", "correction", "constraint", "next step")
"""What the user does next: parts of the prompt `follow`."""
ASKED: Final[tuple[Step, ...]] = ("follow", "follow.2", "follow.3")
ANSWERED: Final[tuple[Step, ...]] = ("reply", "reply.2", "reply.3")
_SAME: Final = 0.8
"""ROUGE-L of a turn that repeats an earlier one."""
_WITHIN: Final = 0.95
"""Share of the words of a question that stand in an earlier turn in this order: it only says again what was said."""
_FEWEST_WITHIN: Final = 6
"""Words of a question that is compared so."""
_MOST_TOKENS: Final = 160
_HEAD: Final = re.compile(
    r"^[\s*#]*(?:user|person|human|me|用户|提问者|提问人|问题者|我)[*\s]*[:：][*\s]*", re.IGNORECASE
)
_OTHER: Final = re.compile(r"^[\s*#]*(?:assistant|ai|chatbot|助手|助理)[*\s]*[:：]", re.IGNORECASE | re.MULTILINE)
"""Where a question goes on with the part of the other speaker."""


def compose_follow(plan: Plan, index: int, visible: Visible) -> Request:
    """Return a request for the next question on a row."""
    rng = plan.rng(index, "follow")
    own = None if plan.parents else one_of(rng, visible.rows, lambda row: not row.history)
    parent = own or given(plan, visible)
    least, most = plan.config.generate.least_and_most_turns
    turns = rng.randint(max(least - 1, 1), most - 1)
    persona = rng.choice(plan.prompts.personas)
    drawn = drawn_from(parent, "").model_copy(update={"turns": turns, "persona": persona})
    move = rng.choice(MOVES)
    talk = [*drawn.history, (_question(drawn), drawn.output)]
    return plan.request(
        index,
        "follow",
        _asking(plan, talk, persona, move),
        temperature=plan.config.teacher.temperature,
        max_tokens=_MOST_TOKENS,
        shown=(parent.id,),
        topic=parent.topic,
        drawn=drawn.model_copy(update={"kind": move.replace(" ", "_")}),
    )


def read_follow(request: Request, reply: Reply, candidate: Candidate) -> Candidate:
    """Return the candidate of a reply: the next question, behind the row that it goes on from."""
    drawn = request.drawn or Drawn(kind="")
    history = (*drawn.history, (_question(drawn), drawn.output))
    fields = {"history": history, "system": drawn.system, "source": drawn.source, "drawn": drawn}
    asked = candidate.model_copy(update=fields | {"instruction": _said(reply.text)})
    rule, detail = Misspoken("truncated") if reply.cut else _no_question(asked, reply.text)
    return asked.model_copy(update={"fault": rule, "lacks": detail})


def compose_turn(plan: Plan, candidate: Candidate, step: Step) -> Request:
    """Return the request for an answer, or for a further question."""
    if step in ANSWERED:
        teacher = plan.config.teacher
        return _request(plan, candidate, step, answering(plan, candidate), teacher.answer_temperature)
    rng = plan.rng(candidate.index, step)
    talk = [*candidate.history, (candidate.instruction, candidate.output)]
    persona = candidate.drawn.persona if candidate.drawn else ""
    return _request(plan, candidate, step, _asking(plan, talk, persona, rng.choice(MOVES)), None)


def next_turn(candidate: Candidate, heard: Collection[Step]) -> Step | None:
    """Return what is said next; None when the drawn number of turns stands, or one of them broke a rule."""
    wanted = candidate.drawn.turns if candidate.drawn and not candidate.ended else 0
    pairs = zip(ASKED[:wanted], ANSWERED, strict=False)
    return next((step for pair in pairs for step in pair if step not in heard and step != "follow"), None)


def with_turn(candidate: Candidate, step: Step, reply: Reply, disabled: Collection[str]) -> Candidate:
    """Return a conversation with what was said next; where that breaks a rule, without its turn, and ended."""
    fault = reply.fault or ("truncated" if reply.cut else "")
    text, thought = reply.text.strip() if step in ANSWERED else _said(reply.text), reply.thought.strip()
    if step == "reply":  # the checks of any row look at it, and reject the whole; no further turn is bought then
        answered = candidate.model_copy(update={"output": text, "reasoning": thought, "fault": fault})
        return answered.model_copy(update={"ended": _broken(answered, ROW_RULES, disabled)})
    if step in ANSWERED:
        answered = candidate.model_copy(update={"output": text, "reasoning": thought})
        ended = fault or _broken(answered, ROW_RULES, disabled)
        return _without_last(candidate, ended) if ended else answered
    history = (*candidate.history, (candidate.instruction, candidate.output))
    asked = candidate.model_copy(update={"history": history, "instruction": text, "output": ""})
    ended = fault or _no_question(asked, reply.text).rule or _broken(asked, INSTRUCTION_RULES, disabled)
    return candidate.model_copy(update={"ended": ended}) if ended else asked


def _without_last(candidate: Candidate, ended: str) -> Candidate:
    question, answer = candidate.history[-1]
    fields = {"history": candidate.history[:-1], "instruction": question, "output": answer, "ended": ended}
    return candidate.model_copy(update=fields)


def _broken(turn: Candidate, rules: Sequence[Rule], disabled: Collection[str]) -> str:
    language = LANGUAGES[turn.language]
    return next((rule.__name__ for rule in rules if rule.__name__ not in disabled and rule(turn, language)), "")


def _no_question(asked: Candidate, heard: str) -> Misspoken:
    """Return what makes a question none, after what was said; no rule when it goes on."""
    if not asked.instruction:
        return Misspoken("other_speaker" if _OTHER.search(heard) else "empty_reply")
    if (misspoken := of_turn(asked.instruction, asked.history[-1][1])).rule:
        return misspoken
    words = tokens(asked.instruction)
    said = [tokens(text) for pair in asked.history for text in pair]
    least = _WITHIN * len(words) if len(words) >= _FEWEST_WITHIN else inf
    repeats = any(score(words, one) >= _SAME or lcs(words, one) >= least for one in said)
    return Misspoken("repeated_turn" if repeats else "")


def _question(drawn: Drawn) -> str:
    """Return instruction and input as the one turn that they are in a conversation."""
    return f"{drawn.instruction}\n\n{drawn.input}" if drawn.input else drawn.instruction


def _said(text: str) -> str:
    """Return what the user says, without his name, and without what the teacher wrote for the other speaker."""
    own = bare_turn(_OTHER.split(_HEAD.sub("", text.strip(), count=1), maxsplit=1)[0])
    answered = own_answer(own)
    return own[:answered].strip() if answered else own


def _asking(plan: Plan, talk: Sequence[tuple[str, str]], persona: str, move: str) -> list[Message]:
    template = plan.prompts.templates["follow"]
    lines = [line for question, answer in talk for line in _lines(template, question, answer)]
    system = template.turn("system", persona=persona, move=template.parts[move])
    return [system, template.turn("user", talk="\n\n".join(lines))]


def _lines(template: Template, question: str, answer: str) -> tuple[str, str]:
    return template.turn("user asked", text=question).content, template.turn("user was told", text=answer).content


def answering(plan: Plan, candidate: Candidate) -> list[Message]:
    """Return the messages that ask for the answer to the last question of a conversation."""
    template = plan.prompts.templates["answer"]
    system = Message(role="system", content=candidate.system) if candidate.system else template.turn("system")
    messages = [system]
    for question, answer in candidate.history:
        messages += [Message(role="user", content=question), Message(role="assistant", content=answer)]
    return [*messages, template.turn("user", instruction=candidate.instruction)]


def _request(
    plan: Plan, candidate: Candidate, step: Step, messages: Sequence[Message], temperature: float | None
) -> Request:
    teacher = plan.config.teacher
    return plan.request(
        candidate.index,
        step,
        messages,
        position=candidate.position,
        temperature=teacher.temperature if temperature is None else temperature,
        max_tokens=_MOST_TOKENS if temperature is None else teacher.max_answer_tokens,
        topic=candidate.topic,
    )
