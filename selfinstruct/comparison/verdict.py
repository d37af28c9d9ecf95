"""The verdict in the words in which every face says it."""

from selfinstruct.comparison.result import Comparison
from selfinstruct.system.numbers import amount


def no_winner(found: Comparison) -> str:
    """Return that neither side is better, and what would decide it."""
    more = ""
    if found.more_questions:
        more = f"; some {amount(found.more_questions, 'question')} more would decide it, if the rate stays what it is"
    elif found.unreadable and found.more_questions is None and found.total.a != found.total.b:
        more = f"; no number of questions would decide it while {found.unreadable:.0%} of the verdicts cannot be read"
    return f"No winner: the interval holds 50 %, or too few questions were won{more}"


def at_equal_length(found: Comparison) -> str:
    """Return the win rate at equal length, or why there is none."""
    one = found.length_controlled
    if one.win_rate is None or one.interval is None:
        return f"No rate at equal length: {one.why_not}"
    low, high = one.interval
    missing = (
        f"; {amount(one.missing, 'question')} without an answer of a side, which have no length, count as in the rate above"
        if one.missing
        else ""
    )
    return f"At equal length A wins {one.win_rate:.1%} ({low:.1%} to {high:.1%}); its answers are the longer ones in {one.longer or 0:.0%}{missing}"
