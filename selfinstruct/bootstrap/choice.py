"""The judge's word on two answers to one task of a run: one order a request, and what both say of the answers of `[generate] answers`.

The answer that stands is shown first in the odd order. The other order is asked only where the first one prefers the rival, for a rival takes the place of
an answer only if it is better in both.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Final, Literal, NamedTuple

from selfinstruct.judging.pair import MOST_TOKENS, Order, Pair, pair_messages
from selfinstruct.judging.reading import read_pair
from selfinstruct.prompts.rubric import Rubric, criteria_in
from selfinstruct.records import Candidate, LanguageCode, Reply, Request, Step
from selfinstruct.requests import Plan
from selfinstruct.requests.several import finalists

PROMPT: Final = "compare"
WORDS: Final[tuple[Step, Step]] = ("better.1", "better.2")
Word = Literal["row", "other", "tie", ""]
"""The answer that stands, the other one, neither; or nothing that can be read."""


class Contest(NamedTuple):
    """Two answers between which neither checks nor agreement decide."""

    standing: Candidate
    rival: Candidate
    steps: tuple[Step, Step]
    """What both are the replies to."""


def contest_of(answered: Mapping[Step, Candidate], disabled: Collection[str]) -> Contest | None:
    """Return the two answers that a judge has to choose between; None where the choice is made."""
    steps, candidates = list(answered), list(answered.values())
    first, second = finalists(candidates, disabled)
    if second is None:
        return None
    return Contest(candidates[first], candidates[second], (steps[first], steps[second]))


def compose_choice(plan: Plan, contest: Contest, step: Step) -> Request:
    """Return the request that has the judge choose in one order; it remembers of which replies it is."""
    answers = (contest.standing.output, contest.rival.output)
    request = compose_word(plan, contest.standing, answers, step, contest.standing.key)
    return request.model_copy(update={"shown": contest.steps})


def compose_word(plan: Plan, candidate: Candidate, answers: tuple[str, str], step: Step, key: str) -> Request:
    """Return the request that has two answers compared; `key` is the place of the candidate asked of."""
    template, judge = plan.prompts.templates[PROMPT], plan.prompts.judge
    assert judge is not None  # noqa: S101 - it is read wherever this prompt is
    before = [
        template.turn(part, text=text).content
        for turns in candidate.history
        for part, text in zip(("user asked", "user was told"), turns, strict=True)
    ]
    task = f"{candidate.instruction}\n\n{candidate.input}" if candidate.input else candidate.instruction
    question = "\n\n".join([*before, template.turn("user asked", text=task).content] if before else [task])
    pair = Pair(language=plan.language, question=question, first=answers[0], second=answers[1])
    order: Order = "compare.1" if _row_first(step) else "compare.2"
    messages = pair_messages(pair, order, Rubric(plan.language, criteria_in(judge), template))
    index, position = map(int, key.rpartition("/")[2].split("."))
    most = plan.config.judge.max_tokens or MOST_TOKENS
    request = plan.request(
        index, step, messages, position=position, temperature=0.0, max_tokens=most, topic=candidate.topic
    )
    model = plan.config.judge.speaks(plan.config.teacher).model
    return request.model_copy(update={"sampling": request.sampling.model_copy(update={"model": model, "top_p": 1.0})})


def read_word(reply: Reply, step: Step, language: LanguageCode, answers: Sequence[str] = ()) -> Word:
    """Return which of the answers a reply prefers in its order; "" where it says nothing that can be read."""
    better = read_pair(reply, language, answers).better
    if better in {"tie", ""}:
        return "tie" if better else ""
    return "row" if (better == "first") == _row_first(step) else "other"


def _row_first(step: Step) -> bool:
    return int(step.rpartition(".")[2]) % 2 == 1


def prefers_rival(words: Sequence[Word]) -> bool:
    """Return whether all words so far are for the rival."""
    return all(word == "other" for word in words)
