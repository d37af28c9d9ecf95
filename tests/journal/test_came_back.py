"""Replies that were missed, and that are put back: each is paid for once, wherever it stands."""

from selfinstruct.journal.index import JournalIndex
from selfinstruct.journal.lines import Intent, Paid, ReplyLine


def bought(index: JournalIndex, slot: str, attempt: int, cost: int, after: int | None = None) -> None:
    index.apply(Intent(slot=slot, attempt=attempt, reserved=100, request={}))
    index.apply(ReplyLine(slot=slot, attempt=attempt, status=200, cost=cost, after=after))


def test_what_came_back_is_part_of_what_had_been_paid_for() -> None:
    index = JournalIndex()
    bought(index, "en/0.0/batch", 1, 20)
    index.apply(Paid(number=1, replies=2, cost=25))
    assert index.payments.spent == 25
    bought(index, "en/1.0/batch", 1, 5)
    assert index.payments.spent == 25
    bought(index, "en/1.0/batch", 2, 9, after=1)
    assert index.payments.spent == 34


def test_more_than_had_been_paid_for_is_counted_too() -> None:
    index = JournalIndex()
    index.apply(Paid(number=1, replies=1, cost=5))
    bought(index, "en/0.0/batch", 1, 20)
    assert index.payments.spent == 20


def test_each_time_that_replies_are_missed_counts_what_came_before_it() -> None:
    index = JournalIndex()
    bought(index, "en/0.0/batch", 1, 20)
    index.apply(Paid(number=1, replies=2, cost=25))
    bought(index, "en/1.0/batch", 1, 9, after=1)
    index.apply(Paid(number=2, replies=4, cost=41))
    bought(index, "en/2.0/batch", 1, 7, after=2)
    assert index.payments.spent == 48
    bought(index, "en/1.0/batch", 1, 7, after=1)
    bought(index, "en/3.0/batch", 1, 5)
    assert index.payments.spent == 48


def test_where_the_record_is_gone_too_the_next_has_another_number() -> None:
    index = JournalIndex()
    bought(index, "en/0.0/batch", 1, 20, after=1)
    assert index.payments.numbers[-1] == 1
    assert index.payments.spent == 20


def test_what_was_paid_for_without_a_known_cost_takes_nothing_away() -> None:
    index = JournalIndex()
    bought(index, "en/0.0/batch", 1, 20)
    index.apply(Paid(number=1, replies=2))
    assert index.payments.spent == 20
