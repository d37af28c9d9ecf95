"""Stock phrases of answers that are none, one record per language: a short core, without an exemption.

What is worded otherwise is left to the classifier (`quality/classifier/`).
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class AnswerWords:
    """The phrases of one language, as patterns for lower-case text."""

    declines: tuple[re.Pattern[str], ...]
    """The answer says that it will not or cannot be given."""
    polite: tuple[re.Pattern[str], ...]
    """The same in words that a letter or a speaker may use as well."""
    speaks_for: re.Pattern[str]
    """The instruction asks for somebody's words."""
    plays: re.Pattern[str]
    """The instruction gives somebody else a voice."""
    asks_back: re.Pattern[str]
    """The answer asks for the material instead."""
    machine: re.Pattern[str]
    """A language model or program is named."""
    cannot: re.Pattern[str]
    """Words of inability."""
    speaker: re.Pattern[str]
    """The one who speaks is the machine."""
    asks: re.Pattern[str]
    """Words of regret, and of asking back: without them and those of inability nobody declines."""
    product: re.Pattern[str]
    """The answer names its writer: a product, a maker."""
    itself: tuple[re.Pattern[str], ...]
    """The answer speaks of its writer as a machine."""
    blank: re.Pattern[str]
    """A whole answer that stands for one."""
    nothing: re.Pattern[str]
    """A whole answer that says that there is none: right, where that was asked."""
    asks_whether: re.Pattern[str]
    """The instruction asks whether or which there is."""
    form: re.Pattern[str]
    """The instruction asks for a form, a template or a gap."""
    unsafe: tuple[re.Pattern[str], ...]
    """A plain request for harm."""
    prevents: re.Pattern[str]
    """The instruction is against the harm, or tells of it."""


def patterns(*texts: str) -> tuple[re.Pattern[str], ...]:
    """Return compiled patterns."""
    return tuple(map(re.compile, texts))
