"""Detection of texts in languages other than English and Chinese.

Scripts identify most of them; some languages in Latin letters are recognized by frequent words (`other/words.txt`).
"""

import re
from collections.abc import Mapping
from functools import cache

from selfinstruct.language.wording import read_wordings

_SCRIPTS = re.compile(
    r"[\u3040-\u30ff\uac00-\ud7af\u0400-\u04ff\u0600-\u06ff\u0900-\u0dff\u0e00-\u0e7f\u0590-\u05ff\u10a0-\u10ff]|[\u0370-\u03ff]{3,}"
)
_LETTER, _HAN = re.compile(r"[^\W\d_]"), re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"(?:[^\W\d_\u3400-\u9fff]+|['’]+)+")
_LATIN, _ACCENTED = re.compile(r"[A-Za-z\xaa-\u024f]"), re.compile(r"[\xaa-\u024f]")
_ASCII = "".join(chr(code) if chr(code).isalpha() or chr(code) == "'" else " " for code in range(128))
"""ASCII -> a letter or apostrophe itself, a blank for any other."""
_SHORT = 12
"""Letters below which an answer may be an untranslated name or word; a Chinese character is about three."""


@cache
def _words() -> Mapping[str, frozenset[str]]:
    return {name: frozenset(lines) for name, lines in read_wordings("other").lines.items()}


@cache
def _translation() -> tuple[re.Pattern[str], re.Pattern[str], tuple[tuple[str, str], ...]]:
    """Return how a target is named, what is written in Latin letters, and (names, letter) of each target."""
    lines = read_wordings("other").lines
    into, romanised = (re.compile(lines[name][0], re.IGNORECASE) for name in ("into", "romanised"))
    targets = (line.split(" => ") for line in lines["targets"])
    return into, romanised, tuple((names, letter) for names, letter in targets)


def misses_target(asked: str, said: str) -> str:
    """Return the requested target language if the answer has no letter of it, else "". Only one may be named.

    >>> misses_target("Translate the sentence into Japanese.", "Let us meet at the station at eight.")
    'Japanese'
    """
    if not speaks_of_translation(asked):
        return ""
    into, romanised, letters = _translation()
    named = " ".join(found[1] for found in into.finditer(asked)).lower()
    targets = [(found[0], letter) for names, letter in letters for found in re.finditer(names, named)]
    if len({one for one, _ in targets}) != 1 or romanised.search(asked) or _letters(said) < _SHORT:
        return ""
    target, letter = targets[0]
    return "" if re.search(letter, said) else target.capitalize()


def speaks_of_translation(asked: str) -> bool:
    """Return whether an instruction may want a text in another language."""
    return any(map(asked.__contains__, ("translat", "Translat", "翻", "译")))


def _letters(text: str) -> int:
    """Return the number of letters, of which a Chinese character is three."""
    return len(_LETTER.findall(text)) + 2 * len(_HAN.findall(text))


def foreign_share(text: str) -> float:
    """Return the share of letters in scripts that are neither Latin nor Chinese."""
    if text.isascii() or not _SCRIPTS.search(text):
        return 0.0
    letters, foreign = len(_LETTER.findall(text)), len(_SCRIPTS.findall(text))
    return foreign / letters if letters and foreign > 1 else 0.0  # a single one is a symbol: π, Δ, Ω


def is_other_latin(text: str) -> bool:
    """Return whether a text in Latin letters is Spanish, French, German, Italian or Portuguese.

    >>> is_other_latin("El gato está en la mesa porque hay una silla")
    True
    >>> is_other_latin("The cat sat on the mat near Los Angeles")
    False
    """
    known, text = _words(), text[:4_000]
    if not _LATIN.search(text):
        return False
    words = text.translate(_ASCII).split() if text.isascii() else _WORD.findall(text)
    if known["foreign"].isdisjoint(words) and (text.isascii() or not _ACCENTED.search(text)):
        return False  # nearly every text
    words = [word for word in words if len(word) < 30]
    foreign = [word for word in words if word in known["foreign"] or (not word.isascii() and _is_accented(word))]
    if len(set(foreign)) < 2 or len(words) < 5 or max(map(len, foreign)) < 3:
        return False
    english = sum(word.lower() in known["english"] and word not in known["shared"] for word in words)
    return len(foreign) >= 0.2 * len(words) and english <= 0.3 * len(foreign)


def _is_accented(word: str) -> bool:
    return max(word) < "\u0250" and word not in _words()["borrowed"]


def is_plain_english(text: str) -> bool:
    """Return whether every eighth word is a frequent one that English has alone: then a text is surely English.

    >>> is_plain_english("The cat sat on the mat."), is_plain_english("Das ist ein Hund.")
    (True, False)
    """
    words = text.lower().split()
    return 8 * sum(map(_surely_english().__contains__, words)) >= len(words) > 0


@cache
def _surely_english() -> frozenset[str]:
    return _words()["english"] - _words()["shared"] - _words()["foreign"]


def english_words(text: str) -> int:
    """Return how many different common English words a text has."""
    return len(_words()["english"].intersection(_WORD.findall(text[:2_000].lower())))
