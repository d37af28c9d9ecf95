"""Detection of the language of a text: English or Chinese."""

from selfinstruct.language.language import han_share
from selfinstruct.records import LanguageCode


def guess_language(text: str) -> LanguageCode:
    """Return zh when at least three in ten characters and words are Chinese, else en."""
    return "zh" if han_share(text) >= 0.3 else "en"
