"""Explaining one candidate: what was asked and said, what each rule found, its nearest neighbour, and what would change its verdict.

    explain.py   the explanation            checks.py    every rule, in the order of judgement, and what if one were not
    find.py      from an id to a candidate  sends.py     its requests and replies in the journal
    what_if.py   the whole run again under other  origin.py    what it was made from, and what each later step decided
                 settings                 without_reply.py   what its sends without an outcome are

It reads the journal and the sources of a run, and neither sends nor writes anything.
"""

from selfinstruct.runs.explanation.explain import Explanation, explain

__all__ = ["Explanation", "explain"]
