"""Replies that came back after they were recorded as gone: they count once, and pay for nothing else."""

from selfinstruct.journal.index import JournalIndex
from selfinstruct.journal.lines import Gone, Intent, ReplyLine


def bought(index: JournalIndex, slot: str, attempt: int, cost: int) -> None:
    index.apply(Intent(slot=slot, attempt=attempt, reserved=100, request={}))
    index.apply(ReplyLine(slot=slot, attempt=attempt, status=200, cost=cost))


def test_what_came_back_takes_no_more_from_the_bill_than_was_gone() -> None:
    index = JournalIndex()
    index.apply(Gone(replies=1, cost=5))
    for number in (0, 1):
        bought(index, f"en/{number}.0/batch", 1, 20)
    bought(index, "en/0.0/batch", 1, 9)
    assert index.spent + 5 == 20 + 20 + 9
    bought(index, "en/1.0/batch", 1, 9)
    assert index.spent + 5 == 20 + 20 + 9 + 9


def test_another_attempt_and_what_was_never_gone_are_counted_in_full() -> None:
    index = JournalIndex()
    for attempt in (1, 1, 2):
        bought(index, "en/0.0/batch", attempt, 20)
    index.apply(Gone(replies=1, cost=50))
    bought(index, "en/0.0/batch", 3, 20)
    assert index.spent == 80
    assert not index.uncertain
