"""Words for what a text cannot hold, one record per language."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class MediaWords:
    """The words of one language, as patterns for lower-case text."""

    noun: re.Pattern[str]
    """A medium."""
    named: re.Pattern[str]
    """A whole text that only names one."""
    points: re.Pattern[str]
    """An instruction that looks at one: `in this picture`, 看图."""
    makes: re.Pattern[str]
    """An instruction to make one: `draw a`, 画一."""
    orders: re.Pattern[str]
    """An instruction to do something in the world: send, record, search the web."""
    live: re.Pattern[str]
    """A question that only a live source answers."""
    as_text: re.Pattern[str]
    """The medium is wanted in words, marks or code, or only spoken of."""
    about_names: re.Pattern[str]
    """The task is about names, formats and places of media."""
