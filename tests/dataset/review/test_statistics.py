"""What a sample says does not depend on what was read before it, and on whose account."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from selfinstruct.dataset.release.reviewed import sentence
from selfinstruct.dataset.review.decisions import Decision
from selfinstruct.dataset.review.statistics import place_in_sample, statistics
from selfinstruct.dataset.review.verdicts import text_of
from tests.support.reviews import row, verdict

ROWS = [row(f"Describe the number {number} for a child.", f"It is {number}.") for number in range(40)]
DRAWN = sorted(ROWS, key=lambda one: place_in_sample(one.id))
STANDING = {text_of(one): (one.language,) for one in ROWS}
numbers = st.sets(st.integers(0, len(ROWS) - 1))


def _said(at: int, bad: set[int], sample: int = 0, by: str = "Ann", file: str = "") -> Decision:
    return verdict(DRAWN[at], "rejected" if at in bad else "accepted", by, sample=sample, file=file)


@given(bad=numbers, before=numbers, sample=st.integers(1, len(ROWS)), others=numbers)
def test_a_row_that_was_drawn_counts_whoever_read_it_before_and_why(
    bad: set[int], before: set[int], sample: int, others: set[int]
) -> None:
    verdicts = [_said(at, bad, 0 if at in before else sample) for at in {*before, *range(sample)}]
    verdicts += [_said(at, set(), by="Bo") for at in others]
    found = statistics(verdicts, STANDING)["total"]
    if set(range(sample)) <= before:
        assert found.seen == 0  # nobody asked for a sample
    else:
        seen = set(range(sample))
        assert (found.seen, found.bad, found.sample) == (sample, len(bad & seen), sample)


@given(bad=numbers, before=numbers, read=st.integers(1, 19))
def test_of_a_sample_that_is_not_read_to_its_end_only_rows_up_to_there_count(
    bad: set[int], before: set[int], read: int
) -> None:
    verdicts = [_said(at, bad, 0 if at in before else 20) for at in {*before, *range(read)}]
    found = statistics(verdicts, STANDING)["total"]
    if not set(range(read)) <= before:
        end = next(at for at in range(20 + 1) if at == 20 or not (at < read or at in before))
        assert (found.seen, found.bad) == (end, len(bad & set(range(end))))


def test_rows_that_are_gone_by_what_was_said_stay_in_the_sample() -> None:
    left: Mapping[tuple[str, str], tuple[str, ...]] = {text_of(one): ("en",) for one in DRAWN[3:]}
    found = statistics([_said(at, {0, 1, 2}, 10) for at in range(10)], left)["total"]
    assert (found.rows, found.seen, found.bad) == (40, 10, 3)


def test_rows_that_are_gone_make_no_group_of_a_recipe_where_none_is_told_by_recipe() -> None:
    left: Mapping[tuple[str, str], tuple[str, ...]] = {text_of(one): ("en",) for one in DRAWN[1:]}
    said = [_said(at, {0}, 10).model_copy(update={"stratum": "batch"}) for at in range(10)]
    assert set(statistics(said, left)) == {"total", "en"}


def test_a_sample_of_one_file_gives_no_bound_for_what_was_chosen_from_it() -> None:
    verdicts = [_said(at, {1, 4}, 10, file="rows.jsonl") for at in range(10)]
    assert statistics(verdicts, STANDING, "rows.jsonl")["total"].bad == 2
    kept = {text: names for text, names in STANDING.items() if text not in {text_of(DRAWN[1]), text_of(DRAWN[4])}}
    found = statistics([one for one in verdicts if one.decision == "accepted"], kept, "kept.jsonl")["total"]
    assert (found.read, found.seen, found.at_most) == (8, 0, None)
    assert "no bound" in sentence(found)
