"""What people read of a dataset, in numbers and in words: the manifest, the card, the report and a diff say it alike."""

import math
from collections.abc import Iterator, Mapping

from selfinstruct.system.documents import Count, Number, Share, Stated
from selfinstruct.system.faces import markdown
from selfinstruct.system.numbers import amount

TOTAL = "total"
"""Name of the figures of all rows."""
WANTED = 0.05
"""Share of bad rows that is told how many more to read for."""


class Reviewed(Stated):
    """The reading of one language, of one recipe in it, or of all."""

    rows: Count
    """Rows that stand, and those that were read and are gone by that."""
    read: Count
    accepted: Count
    rejected: Count
    edited: Count
    sample: Count
    """Rows of the largest random sample that was begun; 0 without one, and for a part of the rows."""
    seen: Count
    """Rows that were read in a random sample."""
    bad: Count
    """Of those, rows that anybody rejected or edited."""
    at_most: Share | None
    """Share of bad rows that is not exceeded, at 95 %; None where nothing was drawn."""
    more: Count
    """Rows of the sample that are still to be read until at most 5 % are bad, if all of them are good."""
    both: Count = 0
    """Rows that the two reviewers with most rows in common read."""
    reviewers: tuple[str, ...] = ()
    kappa: Number | None = None
    """Of these two: agreement on which rows are bad, beyond chance."""


def sentence(one: Reviewed, language: str = "en") -> str:
    """Return what the sample says, in one sentence; of a reading without a sample how much was read.

    >>> found = Reviewed(rows=900, read=59, accepted=59, rejected=0, edited=0, sample=59, seen=59, bad=0, at_most=0.04951, more=0)
    >>> sentence(found)
    '59 read of a random sample of 59, 0 bad: at most 5.0 % bad, at 95 %'
    >>> sentence(found, "zh")
    '随机抽 59 条，已读 59 条，0 条有问题：以 95 % 的把握，问题率不超过 5.0 %'
    """
    return _chinese(one) if language == "zh" else _english(one)


def _english(one: Reviewed) -> str:
    if one.read >= one.rows:
        return f"all {one.rows:,} read, {one.rejected + one.edited:,} bad"
    if one.at_most is None:
        return f"{one.read:,} read, none of them drawn at random: no bound"
    drawn = (
        f"{one.seen:,} read of a random sample of {one.sample:,}"
        if one.sample
        else f"{one.seen:,} drawn at random and read"
    )
    left = one.rows - one.read
    more = f"; {one.more:,} more without a bad one bring that to {WANTED:.0%}" if 0 < one.more < left else ""
    more = f"; {left:,} left to read" if one.more >= left else more
    return f"{drawn}, {one.bad:,} bad: at most {percent_up(one.at_most):.1f} % bad, at 95 %{more}"


def _chinese(one: Reviewed) -> str:
    if one.read >= one.rows:
        return f"全部 {one.rows:,} 条都读了，{one.rejected + one.edited:,} 条有问题"
    if one.at_most is None:
        return f"已读 {one.read:,} 条，都不是随机抽取的，给不出上限"
    drawn = f"随机抽 {one.sample:,} 条，已读 {one.seen:,} 条" if one.sample else f"随机抽到并已读 {one.seen:,} 条"
    left = one.rows - one.read
    more = f"；再读 {one.more:,} 条且都没问题，上限就到 {WANTED:.0%}" if 0 < one.more < left else ""
    more = f"；剩下 {left:,} 条读完，就全看过了" if one.more >= left else more
    return f"{drawn}，{one.bad:,} 条有问题：以 95 % 的把握，问题率不超过 {percent_up(one.at_most):.1f} %{more}"


def agreement_in_words(one: Reviewed, language: str = "en") -> str:
    """Return how two reviewers agree; empty where no two read the same rows."""
    if not one.both:
        return ""
    if language == "zh":
        agree = "每一条的决定都一样" if one.kappa is None else f"Cohen κ = {one.kappa:.2f}"
        return f"{'、'.join(one.reviewers)} 两人都读了 {one.both:,} 条，{agree}"
    names, rows = " and ".join(one.reviewers), amount(one.both, "row")
    if one.kappa is None:  # where all are called alike, chance alone would agree always
        return f"{names} both read {rows}, and decided all of them alike"
    return f"{names} both read {rows}: Cohen's kappa {one.kappa:.2f}"


def percent_up(share: float) -> float:
    """Return per cent, rounded up to a tenth: a bound is never told lower than it is."""
    return math.ceil(round(share * 1000, 6)) / 10


def reviewed_part(reviewed: Mapping[str, Reviewed]) -> Iterator[str]:
    """Yield the section of a card on what people read, where they did."""
    if not reviewed:
        return
    lines = ["## What people read", ""]
    lines += [f"- {'all rows' if name == TOTAL else name}: {sentence(one)}" for name, one in reviewed.items()]
    lines += ["", *(f"- {'全部' if name == TOTAL else name}：{sentence(one, 'zh')}" for name, one in reviewed.items())]
    if agreed := [told for language in ("en", "zh") if (told := agreement_in_words(reviewed[TOTAL], language))]:
        lines += ["", *(markdown(told) for told in agreed)]
    lines += ["", "A bound holds for the rows as they were made; the bad ones that were found are out or mended.", ""]
    yield "\n".join(lines)
