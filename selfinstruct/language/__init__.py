"""Everything that differs between English and Chinese: words, marks, limits, wordings, and detection.

Rules, prompts and parser are written once and use a `Language`; a third language would be one more file here.
"""

from selfinstruct.language.chinese import CHINESE
from selfinstruct.language.english import ENGLISH
from selfinstruct.language.language import Language, han_share
from selfinstruct.language.no_input import is_no_input
from selfinstruct.language.others import english_words, foreign_share, is_other_latin, misses_target

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
    "misses_target",
]
