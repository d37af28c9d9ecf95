"""Languages that are neither English nor Chinese: enough to tell that a text is in one of them.

Scripts tell most of them; the five that share English's letters are told by words that stand in every paragraph.
"""

import re

_SCRIPTS = re.compile(
    r"[\u3040-\u30ff\uac00-\ud7af\u0400-\u04ff\u0600-\u06ff\u0900-\u0dff\u0e00-\u0e7f\u0590-\u05ff\u0370-\u03ff\u10a0-\u10ff]"
)
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[a-zà-öø-ÿœß’']+")
_FOREIGN_TEXT = (
    "que los las una por para está más pero como del esta este muy también porque el ella sus entre cuando hay fue "
    "qué cómo un en de la se es "  # Spanish
    "les des une est dans pour pas avec sur vous nous être qui ce cette sont plus mais au aux du par ils elle leur "
    "et le à il ou vos votre où je ne "  # French
    "der das und ist nicht mit ein eine für auf den von zu sich auch dem wird sind bei nach oder wie ich wir aber "  # German
    "che di il per non sono con più della anche questo nel alla gli è una dei come si ha delle "  # Italian
    "não uma dos são você mais também muito pelo pela foi ao seu sua isso quando"  # Portuguese
)
_FOREIGN = frozenset(_FOREIGN_TEXT.split())
_ENGLISH_TEXT = (
    "the of and to in a is that it for was on are as with his they at be this have from or had by but what some we "
    "can out other were all there when up use your how said an each she which do their if will way about many then "
    "them would like so these her has him"
)
_ENGLISH = frozenset(_ENGLISH_TEXT.split())


def foreign_share(text: str) -> float:
    """Return the share of letters in scripts that are neither Latin nor Chinese."""
    if text.isascii():
        return 0.0
    letters = len(_LETTER.findall(text))
    return len(_SCRIPTS.findall(text)) / letters if letters else 0.0


def is_other_latin(text: str) -> bool:
    """Return whether a text in Latin letters is Spanish, French, German, Italian or Portuguese.

    >>> is_other_latin("El gato está en la mesa porque hay una silla")
    True
    >>> is_other_latin("The cat sat on the mat near Los Angeles")
    False
    """
    words = _WORD.findall(text[:4_000].lower())
    if len(_FOREIGN.intersection(words)) < 3:
        return False
    foreign, english = (sum(word in known for word in words) for known in (_FOREIGN, _ENGLISH))
    return foreign >= 0.2 * len(words) and english <= 0.3 * foreign


def english_words(text: str) -> int:
    """Return how many different common English words a text has."""
    return len(_ENGLISH.intersection(_WORD.findall(text[:2_000].lower())))
