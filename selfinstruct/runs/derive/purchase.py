"""What is asked for a view where an answer or a word on one lacks: answer first, then the judge in one order, and in the other only if it chose.

What a row still needs is a function of what was heard of that row alone, so the order in which replies come changes nothing, and an
interrupted purchase goes on where it ended.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from selfinstruct.bootstrap.choice import compose_word, read_word
from selfinstruct.errors import ConfigError
from selfinstruct.records import Reply, Request, Step
from selfinstruct.requests.another import (
    DROPPED,
    PREFERRED,
    SECOND,
    compose_another,
    with_less,
)
from selfinstruct.runs.derive.decide import Decision, decision_of, judged_by, usable, verdicts
from selfinstruct.runs.derive.stories import Other, Story
from selfinstruct.runs.derive.views import View

MOST_ANSWERS: Final = len(SECOND) + 1
"""Answers to one question at most, the row's own among them."""
_FIRST_WORDS: Final = 20
"""Words of the judge after which it is looked whether they can be read: once in a run, so that the same command goes on all the same."""
_WORDS: Final = frozenset(step for steps in PREFERRED.values() for step in steps)


def check_answers(answers: int) -> int:
    """Return how many answers a question may have; raises ConfigError for a number that is none."""
    if not 2 <= answers <= MOST_ANSWERS:
        raise ConfigError(f"--answers {answers}: must be from 2 to {MOST_ANSWERS}, the row's own among them")
    return answers


class Purchase:
    """The rows of a run as what is still to be asked of them; `run_loop` carries it to the teacher like any bootstrap."""

    fruitless = 0
    """Each row goes on to its end."""

    def __init__(self, stories: Sequence[Story], views: Sequence[View], answers: int) -> None:
        """Start with what was heard; `answers` is how many each row is to have at most, its own among them."""
        self._stories = {_key(story): story for story in stories if story.candidate}
        self._owner = {other.key: key for key, story in self._stories.items() for other in story.twins}
        self._views, self._answers = views, answers
        self._open: dict[str, Request] = {}
        self._todo = [key for key, story in reversed(self._stories.items()) if self._wanted(story)]
        self.begins = bool(self._todo)
        """Whether there is anything to ask."""
        self.target = len(self._todo)
        self.rows: list[str] = []
        """The rows of which nothing more is to be asked, of those that lacked something."""
        self.doubt = ""
        """Why no more should be bought: most of the first words of the judge cannot be read."""
        self._said = [word for story in stories for other in story.others() for word in verdicts(story, other)]

    @property
    def full(self) -> bool:
        """Whether nothing is left to ask."""
        return not self._todo and not self._open

    def ask(self) -> Request | None:
        """Return the next request, each only once; None while nothing can be asked without hearing more."""
        while self._todo:
            key = self._todo.pop()
            story = self._stories[key]
            if step := self._wanted(story):
                self._open[key] = request = composed(story, *step)
                return request
            self.rows.append(key)
        return None

    def hear(self, request: Request, reply: Reply) -> None:
        """Take the reply to a request."""
        key = f"{request.language}/{request.index}.{request.position}"
        owner = self._owner.get(key, key)
        story = self._stories[owner]
        (story.heard if owner == key else story.heard_of_twins[key])[request.step] = reply
        del self._open[owner]
        self._todo.append(owner)
        if request.step in _WORDS:
            self._count(request, read_word(reply, request.step, request.language))

    def _count(self, request: Request, word: str) -> None:
        self._said.append(word)
        unread = self._said.count("")
        if len(self._said) == _FIRST_WORDS and unread > _FIRST_WORDS / 2:
            place = f"{request.language}/{request.index}.{request.position}"
            self.doubt = (
                f"{unread} of the first {_FIRST_WORDS} words on which answer is better cannot be read (`unreadable`; `selfinstruct explain {place}` shows one that "
                "was heard): no more is bought. Reword prompts/<language>/compare.txt ([run] prompts names the folder), then run the same command again; it buys the rest, whatever "
                "is read"
            )

    def take_back(self, request: Request) -> None:
        """Let a request that was not answered be asked again."""
        owner = next(key for key, one in self._open.items() if one.slot == request.slot)
        del self._open[owner]
        self._todo.append(owner)

    def _wanted(self, story: Story) -> tuple[Step, Other | None] | None:
        return next(wanted(story, self._views, self._answers), None)


def _key(story: Story) -> str:
    assert story.candidate is not None  # noqa: S101 - asked of candidates alone
    return story.candidate.key


def wanted(story: Story, views: Sequence[View], answers: int) -> Iterator[tuple[Step, Other | None]]:
    """Yield the next step of a row, and the answer that it is about; nothing when it has all that the views can use."""
    if not story.candidate or not story.same_question or story.edited:
        return
    unheard = [step for step in SECOND[: answers - 1] if step not in story.heard]
    pairs = any(view.needs == "pair" for view in views)
    if any(view.needs == "several" for view in views):
        have = 1 + sum(1 for _ in usable(story))
        if have < answers and unheard:
            yield from ((step, None) for step in unheard)
            unheard = []
        else:
            pairs = pairs or have == 2  # of two, only a word says which is better
    if not pairs or isinstance(decision_of(story), Decision):
        return
    for other in story.others():
        if judged_by(story, other) == "undecided":
            yield PREFERRED[other.origin][len(verdicts(story, other))], other
    if with_less(story.candidate) and DROPPED not in story.heard:
        yield DROPPED, None
    yield from ((step, None) for step in unheard)


def composed(story: Story, step: Step, other: Other | None) -> Request:
    """Return the request of a step."""
    candidate = story.candidate
    assert candidate is not None  # noqa: S101 - asked of candidates alone
    if other is None:
        return compose_another(story.plan, candidate, step)
    texts = (story.row.output, other.text)
    return compose_word(story.plan, candidate, texts, step, other.key or candidate.key)
