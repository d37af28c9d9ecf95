"""Everything that differs between English and Chinese: words, marks, limits, wordings, and detection.

Rules, prompts and parser are written once and use a `Language`; its words and frames stand in `en/*.txt` and `zh/*.txt`.
"""

from selfinstruct.language.language import CHINESE, ENGLISH, Language, han_share
from selfinstruct.language.no_input import is_no_input
from selfinstruct.language.others import (
    english_words,
    foreign_share,
    is_other_latin,
    is_plain_english,
    misses_target,
    speaks_of_translation,
)

LANGUAGES: dict[str, Language] = {"en": ENGLISH, "zh": CHINESE}

__all__ = [
    "CHINESE",
    "ENGLISH",
    "LANGUAGES",
    "Language",
    "english_words",
    "foreign_share",
    "han_share",
    "is_no_input",
    "is_other_latin",
    "is_plain_english",
    "misses_target",
    "speaks_of_translation",
]
