"""Words with which an instruction points to material, and those that say what it is about: short lists, one per language.

A rule asks how these stand to each other (`quality/rules/relation.py`); a list has no exemptions.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class TaskWords:
    """The words of one language, as patterns for lower-case text."""

    points: re.Pattern[str]
    """Something that stands elsewhere: `the following`, 下面的."""
    this: re.Pattern[str]
    """A piece of writing that is at hand: `this sentence`, 这句话."""
    inside: re.Pattern[str]
    """A question about a piece of writing: `in the passage`, 文中."""
    works_on: re.Pattern[str]
    """An instruction to do something with a piece of writing: `rewrite the paragraph`, 概括文章."""
    program: re.Pattern[str]
    """What is asked for is a program or a method, whose material is its parameter."""
    writes: re.Pattern[str]
    """What is asked for is a text, which may be spoken of: `write a poem and explain the poem`."""
    asks_how: re.Pattern[str]
    """A question about doing, or a general one."""
    directs: re.Pattern[str]
    """A sentence that says how to do it: no material."""
    described: re.Pattern[str]
    """A text that says which material there would be: `an article about bees`, 一篇关于蜜蜂的文章."""
    chooses: re.Pattern[str]
    """An instruction that names the labels to choose from."""
    one_thing: re.Pattern[str]
    """One thing that is to be labelled."""
    greets: re.Pattern[str]
    """A whole instruction that only greets or thanks, as people do in a chat."""
    of_you: re.Pattern[str]
    """A whole instruction that asks the model about itself: `Are you a robot?`, 你叫什么名字？"""
    closed_set: re.Pattern[str]
    """A set to choose from that must be given: `the predefined categories`, 给定列表."""


def words(text: str) -> str:
    """Return the words of a text as alternatives, the longest first."""
    return "|".join(sorted(map(re.escape, text.split()), key=lambda word: (-len(word), word)))
