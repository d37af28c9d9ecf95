"""Which of two answers to a question is better, and by whose word: a person's, a check's, a rule's or the judge's. Pure."""

from collections.abc import Iterator, Mapping
from typing import Final, Literal, NamedTuple, get_args

from selfinstruct.bootstrap.choice import WORDS, read_word
from selfinstruct.language import LANGUAGES
from selfinstruct.quality.rules import ROW_RULES, first_broken
from selfinstruct.quality.rules.proof import check_failed
from selfinstruct.records import Candidate, Reply, Step
from selfinstruct.requests.another import OF_THE_RUN, PREFERRED, Origin, has_condition
from selfinstruct.requests.grounded import answers_alike
from selfinstruct.requests.several import ALIKE
from selfinstruct.rouge import score, tokens
from selfinstruct.runs.derive.stories import CUT, Other, Story, same_text

Word = Literal["person", "check", "rule", "judge"]
_RANK: Final[Mapping[str, int]] = {word: place for place, word in enumerate(("person", "check", "rule", "judge"))}
Open = Literal["unusable", "alike", "kept_condition", "undecided", "unreadable", "tie"]
"""Why an answer is no other half of a pair: cut or empty; the same as the row's; it keeps the condition that it was not told of; nobody has said
which is better; the judge's word cannot be read; neither is."""
_NOT_ASKED_AGAIN: Final[frozenset[Origin]] = frozenset(("edit", "dropped", "parent", *OF_THE_RUN))
"""Answers to something else, or of which the run has chosen already."""
_KNOWN: Final[tuple[Open, ...]] = get_args(Open)
"""From the least that is known of an answer to the most."""


class Decision(NamedTuple):
    """Two answers, the better one first."""

    chosen: Other | None
    """None for the answer that stands in the row."""
    rejected: Other | None
    by: Word
    name: str = ""
    """Name of the check or rule."""


def decision_of(story: Story) -> Decision | str:
    """Return the best founded pair of a row, or the reason why it has none."""
    if not story.candidate:
        return "added_by_hand"
    if not story.same_question:
        return "question_edited"
    found = [judged_by(story, other) for other in story.others()]
    decided = [one for one in found if isinstance(one, Decision)]
    if decided:
        return min(decided, key=lambda one: _RANK[one.by])
    reasons = [one for one in found if not isinstance(one, Decision)]
    return max(reasons, key=_KNOWN.index) if reasons else "one_answer"


def judged_by(story: Story, other: Other) -> Decision | Open:
    """Return what decides between a row's answer and another one, or why nothing does."""
    kept = story.row.output
    if not other.text or other.rule in CUT or not kept.strip() or _evaluated(story, other):
        return "unusable"
    if same_text(other.text, kept):
        return "alike"
    if other.origin == "edit":
        return Decision(None, other, "person")
    if broken := _broken(story, other):
        stands = broken.name not in CUT and not (story.edited and _faults(story, kept))
        return broken if stands else "unusable"
    return "unusable" if story.edited else _by_word(story, other)


def _by_word(story: Story, other: Other) -> Decision | Open:
    """Return what the judge says of two sound answers."""
    if other.origin == "dropped":
        return "kept_condition"
    if score(tokens(other.text), tokens(story.row.output)) >= ALIKE:
        return "alike"
    return _by_judge(story, other)


def usable(story: Story) -> Iterator[Other]:
    """Yield the other answers to the very question of a row that break no rule and no check."""
    for other in story.others():
        sound = other.text and other.origin not in _NOT_ASKED_AGAIN and other.rule not in CUT
        if sound and not (other.rule or _evaluated(story, other) or _broken(story, other)):
            yield other


def verdicts(story: Story, other: Other) -> list[str]:
    """Return what the judge said of an answer beside the row's, in each order that was heard: `row`, `other`, `tie`, or nothing readable."""
    heard, steps = heard_of(story, other), PREFERRED.get(other.origin, ())
    language = story.row.language
    said: dict[int, str] = dict(enumerate(_of_the_choice(story, other)))
    said |= {
        order: read_word(heard[step], step, language, (story.row.output, other.text))
        for order, step in enumerate(steps)
        if step in heard
    }
    return [said[order] for order in sorted(said)]


def _of_the_choice(story: Story, other: Other) -> Iterator[str]:
    """Yield what the judge said when the row's answer was chosen, as long as that was between the two."""
    contest, row = story.contest, story.row
    texts = {contest.standing.output, contest.rival.output} if contest else set()
    if contest is None or other.text == row.output or not {other.text, row.output} <= texts:
        return
    turned = {} if contest.standing.output == row.output else {"row": "other", "other": "row"}
    for step in WORDS:
        if step in story.heard:
            word = read_word(story.heard[step], step, row.language, (row.output, other.text))
            yield turned.get(word, word)


def heard_of(story: Story, other: Other) -> Mapping[Step, Reply]:
    """Return the replies among which the judge's word on an answer is: those of its own candidate."""
    return story.heard_of_twins.get(other.key, {}) if other.key else story.heard


def _by_judge(story: Story, other: Other) -> Decision | Open:
    said = verdicts(story, other)
    if "" in said:
        return "unreadable"
    if "tie" in said or len(set(said)) > 1:
        return "tie"
    if len(said) < 2:
        return "undecided"
    better, worse = (None, other) if said[0] == "row" else (other, None)
    return Decision(better, worse, "judge")


def _broken(story: Story, other: Other) -> Decision | None:
    """Return the decision of a check or rule that another answer breaks."""
    candidate = _with(story, other.text)
    if candidate.checks and story.row.source is None:
        fault = check_failed(candidate, language := LANGUAGES[candidate.language])
        fault = "" if check_failed(_with(story, story.row.output), language) else fault  # then it is not the answer's
        # an answer in other words than those of code may be right all the same
        if fault and (has_condition(_original(story)) or not answers_alike(other.text, story.row.output)):
            return Decision(None, other, "check", fault.partition(":")[0])
    if other.rule:
        return Decision(None, other, "rule", other.rule)
    found = first_broken(ROW_RULES, candidate, story.disabled)
    return Decision(None, other, "rule", found[0]) if found else None


def _evaluated(story: Story, other: Other) -> bool:
    """Return whether an answer is in an evaluation set; the question was compared before it was answered."""
    plan = story.plan
    threshold: float = getattr(plan.config.filter.threshold, plan.language)
    return plan.evaluation_sets.find(_with(story, other.text), threshold) is not None


def _faults(story: Story, text: str) -> bool:
    candidate = _with(story, text)
    language = LANGUAGES[candidate.language]
    return bool(first_broken(ROW_RULES, candidate, story.disabled) or check_failed(candidate, language))


def _with(story: Story, text: str) -> Candidate:
    return _original(story).model_copy(update={"output": text})


def _original(story: Story) -> Candidate:
    assert story.candidate is not None  # noqa: S101 - rows added by hand have no other answers
    return story.candidate
