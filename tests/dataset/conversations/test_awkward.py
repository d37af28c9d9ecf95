"""Awkward conversations, each with the exact outcome."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfinstruct.dataset.conversations.clean import clean
from selfinstruct.dataset.conversations.read import read
from tests.support.awkward_conversations import CUP, EVERY, LOIRE, MORE, RICE, RIVER, Awkward, turns

ROLES = ("human", "gpt", "system", "narrator")
TEXTS = (
    RIVER,
    LOIRE,
    MORE,
    RICE,
    CUP,
    "",
    " ",
    "Regenerate response",
    "Network error",
    "As an AI language model, I cannot.",
    "Yes.",
)


@pytest.mark.parametrize("case", EVERY, ids=[case.name for case in EVERY])
def test_a_conversation_is_kept_as_far_as_it_is_whole(case: Awkward) -> None:
    found = read(1, case.row, Path("rows.jsonl"))
    if found.unreadable[0]:
        assert (found.unreadable[0], case.kept) == (case.rule, ())
        return
    cleaned = clean(found, {})
    kept = tuple((one.asked.turn.text, one.answered.turn.text if one.answered else "") for one in cleaned.exchanges)
    assert kept == case.kept
    assert (cleaned.cut.rule, cleaned.cut.number) == (case.rule, case.turn) if cleaned.cut else not case.rule
    assert tuple(name for said in cleaned.kept for name in said.mended) == case.mended


@pytest.mark.parametrize("case", EVERY, ids=[case.name for case in EVERY])
def test_every_turn_is_kept_or_lost_once(case: Awkward) -> None:
    found = read(1, case.row, Path("rows.jsonl"))
    cleaned = clean(found, {})
    numbers = [one.number for one in cleaned.kept] + [one.said.number for one in cleaned.lost]
    assert sorted(numbers) == [one.number for one in found.said]


@given(st.lists(st.tuples(st.sampled_from(ROLES), st.sampled_from(TEXTS)), max_size=12))
def test_turns_in_any_order_are_each_kept_or_lost_once_and_what_is_kept_alternates(said: list[tuple[str, str]]) -> None:
    found = read(1, turns(*said), Path("rows.jsonl"))
    cleaned = clean(found, {})
    numbers = [one.number for one in cleaned.kept] + [one.said.number for one in cleaned.lost]
    assert sorted(numbers) == [one.number for one in found.said]
    assert all(one.answered and one.asked.number < one.answered.number for one in cleaned.exchanges)
    assert bool(cleaned.cut) == bool(cleaned.lost or not said)


def test_the_corpus_is_of_both_languages() -> None:
    chinese = [case for case in EVERY if any("\u4e00" <= one <= "\u9fff" for one in case.name)]
    assert len(EVERY) >= 60
    assert len(chinese) >= 20
