"""Splitting long conversations for a budget of tokens."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from selfinstruct.dataset.conversations.clean import clean
from selfinstruct.dataset.conversations.read import read
from selfinstruct.dataset.conversations.split import Budget, split
from tests.support.awkward_conversations import STORY, talk, turns
from tests.support.imports import import_rows, pairs_of

QUESTIONS = [f"Which is town number {n} on the way to the coast?" for n in range(6)]
ANSWERS = [f"The town number {n} is a small one on a hill, with a bridge." for n in range(6)]
LONG = talk(*(text for pair in zip(QUESTIONS, ANSWERS, strict=True) for text in pair))


def test_every_pair_is_in_one_part_and_the_last_one_too(tmp_path: Path) -> None:
    found = import_rows(tmp_path, [LONG], max_tokens=130)
    parts = sorted(found.provenance, key=lambda one: one["part"])
    assert [one["turns"] for one in parts] == [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]]
    said = {one["id"]: pairs_of(one) for one in found.rows}
    assert [pair for one in parts for pair in said[one["id"]]] == list(zip(QUESTIONS, ANSWERS, strict=True))
    assert (found.done.conversations, found.done.kept, found.done.rows, found.done.cut) == (1, 1, 3, 0)


def test_the_system_text_stands_before_every_part_and_counts(tmp_path: Path) -> None:
    row = turns(
        ("system", "Answer in one short sentence."), *((one["from"], one["value"]) for one in LONG["conversations"])
    )
    found = import_rows(tmp_path, [row], max_tokens=110)
    assert found.done.rows == 6
    assert {one["system"] for one in found.rows} == {"Answer in one short sentence."}
    assert found.done.ledger["total"]["turns"] == {"read": 13, "kept": 13, "cut": {}}


def test_a_pair_that_is_too_long_by_itself_is_cut_by_name_and_the_rest_is_kept(tmp_path: Path) -> None:
    row = talk(QUESTIONS[0], ANSWERS[0], "Tell me the story of the old bridge.", STORY, QUESTIONS[1], ANSWERS[1])
    found = import_rows(tmp_path, [row], max_tokens=100)
    assert sorted(map(len, map(pairs_of, found.rows))) == [1, 1]
    assert found.done.ledger["total"]["turns"] == {"read": 6, "kept": 4, "cut": {"over_token_budget": 2}}
    assert (found.rejected[0]["rule"], found.rejected[0]["turn"]) == ("over_token_budget", 3)


def test_a_conversation_of_which_nothing_fits_is_rejected(tmp_path: Path) -> None:
    found = import_rows(tmp_path, [LONG], max_tokens=10)
    assert (found.done.kept, found.done.rejected) == (0, {"over_token_budget": 1})


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30)), min_size=1, max_size=12), st.integers(1, 80))
def test_no_part_is_over_the_budget_and_no_pair_is_lost_in_silence(sizes: list[tuple[int, int]], most: int) -> None:
    texts = [f"{number}{'x' * size}" for number, pair in enumerate(sizes) for size in pair]
    cleaned = clean(read(1, talk(*texts), Path("rows.jsonl")), {})
    parts, lost = split(cleaned, (), Budget(most))
    assert all(sum(len(said.turn.text) for one in part for said in one.said) <= most for part in parts)
    numbers = [said.number for part in parts for one in part for said in one.said] + [one.said.number for one in lost]
    assert sorted(numbers) == sorted(said.number for one in cleaned.exchanges for said in one.said)
