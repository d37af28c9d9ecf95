"""Whether an answer holds: the teacher's own second look, and the round trip of a question on a passage."""

import math
import re
from typing import NamedTuple

from selfinstruct.language import LANGUAGES
from selfinstruct.records import Candidate, Reply, Step
from selfinstruct.requests.grounded import answers_alike, says_nothing
from selfinstruct.requests.labelled import gives_label, is_labelled
from selfinstruct.requests.short_question import asks_yes_or_no, content, misses
from selfinstruct.rouge import score, tokens

UNSURE = "unsure_answer"
_YES, _NO = frozenset({"yes", "是", "对", "正确"}), frozenset({"no", "否", "不", "错", "不是", "错误"})
_AGREE = 0.35
"""ROUGE-L of two answers to one task, the second drawn at another temperature, that agree."""


_OF_THE_TEXT = 0.8
"""Least share of an answer to a question on a text that stands in question and text."""
_NUMBER = re.compile(
    r"[0-9]+|[二两三四五六七八九十百千万]+|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b"
)
_CHOICE = re.compile(r"\b(?:or|and)\b|[和与跟或、]|还是")


class Needed(NamedTuple):
    """What an answer needs to be kept, and a task to be answered."""

    sure: float = 0.0
    """Lowest P(yes) of an answer."""
    answerable: float = 0.0
    """Lowest P(yes) of a task."""
    of_small_teacher: bool = False
    """Whether an answer to a question on a text is held to the form that such an answer has, and its numbers to those of text and question: the sums of a small teacher are mostly wrong."""


def probability_of_yes(reply: Reply) -> float | None:
    """Return P(yes) among the first tokens that are a yes or a no; None when there are no log-probabilities of either.

    >>> probability_of_yes(Reply(first_token={"Yes": -0.1, "no": -2.4}))
    0.909
    """
    said = [(token.strip().lower(), math.exp(min(logprob, 0.0))) for token, logprob in reply.first_token.items()]
    yes = sum(share for token, share in said if token in _YES)
    no = sum(share for token, share in said if token in _NO)
    return round(yes / (yes + no), 3) if yes + no else None


def is_yes(reply: Reply, least: float = 1 / 2) -> bool:
    """Return whether a reply says yes: with at least this probability, or without log-probabilities by its first word."""
    probability = probability_of_yes(reply)
    if probability is not None:
        return probability >= least
    return not reply.fault and reply.text.strip().lower().startswith(tuple(_YES))


def agreement(answer: str, first: str) -> float:
    """Return the ROUGE-L of a second answer to the first."""
    return score(tokens(answer), tokens(first))


def _is_on_text(candidate: Candidate) -> bool:
    return bool(candidate.input) and candidate.instruction.rstrip().endswith(("?", "？"))


def _counts(candidate: Candidate) -> bool:
    """Return whether an answer has a number that stands in neither text nor question."""
    known = set(_NUMBER.findall(f"{candidate.instruction} {candidate.input}".lower()))
    return not known.issuperset(_NUMBER.findall(candidate.output.lower()))


def strays(candidate: Candidate) -> bool:
    """Return whether the answer to a question on a text has too much that neither says, or says no more than the question does.

    A small teacher sees its own invention as right. Counted are words of four letters by their first four, numbers, and Chinese characters.
    Other tasks on a text, such as changing its tone, need words of their own.
    """
    if not _is_on_text(candidate):
        return False
    said = content(candidate.output)
    known = content(f"{candidate.instruction} {candidate.input}")
    return (bool(said) and len(said & known) < _OF_THE_TEXT * len(said)) or _says_the_question(candidate)


def _says_the_question(candidate: Candidate) -> bool:
    """Return whether an answer has no word that its question has not, where that asks for a person, place, time or number and names none to choose from."""
    words, asked = LANGUAGES[candidate.language], candidate.instruction
    if set(tokens(candidate.output)) - set(tokens(asked)) - words.sets["little_words"] or _CHOICE.search(asked.lower()):
        return False
    return bool(words.matches(words.asks_for_one, words.folded(asked))) and not asks_yes_or_no(
        asked, candidate.language
    )


def confirmation_fault(candidate: Candidate, step: Step, reply: Reply, needed: Needed) -> str:
    """Return the fault that a look at a task, or a second one at its answer, finds; "" when it holds, or is to be looked at again."""
    if step == "answerable":
        return "" if is_yes(reply, 1 / 2 if candidate.recipe == "evolve" else needed.answerable) else "not_answerable"
    if step == "confirm":
        probability = probability_of_yes(reply)
        unsure = probability is not None and probability < needed.sure
        return (
            UNSURE
            if unsure
            or strays(candidate)
            or (needed.of_small_teacher and _is_on_text(candidate) and (_counts(candidate) or misses(candidate)))
            else ""
        )
    if step == "again" and is_labelled(candidate):
        return "" if gives_label(reply, candidate) else UNSURE
    if step == "again":
        agrees = agreement(reply.text, candidate.output) >= _AGREE
        return "" if agrees and not reply.fault else UNSURE
    if step == "reread":
        return "" if answers_alike(reply.text, candidate.output) else "not_answerable"
    return "known_without" if not says_nothing(reply.text) and answers_alike(reply.text, candidate.output) else ""
