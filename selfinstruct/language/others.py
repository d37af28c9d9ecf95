"""Detection of texts in languages other than English and Chinese.

Scripts identify most of them; five languages in Latin letters are recognized by frequent words.
"""

import re

_SCRIPTS = re.compile(
    r"[\u3040-\u30ff\uac00-\ud7af\u0400-\u04ff\u0600-\u06ff\u0900-\u0dff\u0e00-\u0e7f\u0590-\u05ff\u10a0-\u10ff]|[\u0370-\u03ff]{3,}"
)
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"(?:[^\W\d_\u3400-\u9fff]|['’])+")
_ASCII_WORD = re.compile("[A-Za-z']+")
_FOREIGN_TEXT = (
    "que los las una por para está más pero como del esta este muy también porque el ella sus entre cuando hay fue "
    "qué cómo un en de la se es y con su sus lo al poca cada sin sobre puede "  # Spanish
    "les des une est dans pour pas avec sur vous nous être qui ce cette sont plus mais au aux du par ils elle leur "
    "et le à il ou vos votre où je ne ses son sa leurs comme tout ont "  # French
    "der das und ist nicht mit ein eine für auf den von zu sich auch dem wird sind bei nach oder wie ich wir aber eine einen einem einer ihr sie er es im am um vom zum zur jeden kann man "  # German
    "che di il per non sono con più della anche questo nel alla gli è una dei come si ha delle le lo al dal "  # Italian
    "não uma dos são você mais também muito pelo pela foi ao seu sua isso quando um ou com e o os as na no do da em se por "
    "het een van ik niet op te zijn voor dat aan er maar ook wordt je doe drie deze bij "  # Dutch
    "och att det som är av för den till inte med på ett jag og ikke til han hun "  # Swedish, Danish, Norwegian
    "się nie jest że na do to jak oraz przez po są który "  # Polish
    "ve bir bu için ile çok daha olarak gibi yang dan untuk dengan adalah itu ini "  # Turkish, Indonesian  # Portuguese
)
_FOREIGN = frozenset(_FOREIGN_TEXT.split())
_ENGLISH_TEXT = (
    "the of and to in a is that it for was on are as with his they at be this have from or had by but what some we "
    "can out other were all there when up use your how said an each she which do their if will way about many then "
    "them would like so these her has him been who its more most than into only also your my me our no not make made get "
    "good new one two time people before after over should could because very just first any through between"
)
_ENGLISH = frozenset(_ENGLISH_TEXT.split())
_SHARED_TEXT = "a an in is was so as on no me all do we her he had men of"
_SHARED = frozenset(_SHARED_TEXT.split())
"""English words that exist in one of these languages too."""
_BORROWED_TEXT = (
    "café cafés naïve cliché clichés résumé résumés façade crème brûlée purée sauté sautéed entrée entrées déjà jalapeño piñata "
    "voilà fiancé fiancée protégé décor touché née vis-à-vis soufflé flambé macramé pâté mâché"
)
_BORROWED = frozenset(_BORROWED_TEXT.split())
"""Accented words that English has borrowed."""


_TARGETS = (
    ("japanese|日语|日文", r"[\u3040-\u30ff\u3400-\u9fff]"),
    ("korean|韩语|韩文|朝鲜语", r"[\uac00-\ud7af]"),
    ("russian|ukrainian|bulgarian|俄语|俄文|乌克兰语", r"[\u0400-\u04ff]"),
    ("greek|希腊语|希腊文", r"[\u0370-\u03ff]"),
    ("arabic|persian|urdu|阿拉伯语|阿拉伯文|波斯语", r"[\u0600-\u06ff]"),
    ("hebrew|希伯来语", r"[\u0590-\u05ff]"),
    ("thai|泰语|泰文", r"[\u0e00-\u0e7f]"),
    ("hindi|sanskrit|印地语|梵文", r"[\u0900-\u097f]"),
    ("chinese|mandarin|cantonese|中文|汉语|普通话|粤语|白话文?|现代汉语", r"[\u3400-\u9fff]"),
    ("english|英语|英文", "[A-Za-z]"),
    (
        "french|german|spanish|italian|portuguese|dutch|swedish|polish|latin|法语|法文|德语|德文|西班牙语|意大利语|葡萄牙语|拉丁语",
        "[^\\W\\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0370-\u06ff]",
    ),
)
"""Target languages of translations, each with a letter that every text in it has."""
_INTO = re.compile(
    r"(?:\btranslat\w+\b[^.?!\n]{0,120}?\b(?:in)?to |(?:翻译?|译)(?:一下)?[成为作]\s?)((?:[a-z]+ )?[a-z]+|[\u4e00-\u9fff]{2,8})",
    re.IGNORECASE,
)
_TRANSLATES = re.compile(r"[Tt]ranslat|翻|译")
_ROMANISED = re.compile(r"romaji|pinyin|romani[sz]|transliterat|拼音|罗马字|注音|phonetic", re.IGNORECASE)
_SHORT = 12
"""Most letters of an answer that may be an untranslated name or word."""


def misses_target(asked: str, said: str) -> str:
    """Return the requested target language if the answer has no letter of it, else "". Only one may be named.

    >>> misses_target("Translate the sentence into Japanese.", "Let us meet at the station at eight.")
    'Japanese'
    """
    if not _TRANSLATES.search(asked):
        return ""
    named = " ".join(found[1] for found in _INTO.finditer(asked)).lower()
    targets = [(found[0], letter) for names, letter in _TARGETS for found in re.finditer(names, named)]
    if len({one for one, _ in targets}) != 1 or _ROMANISED.search(asked) or len(_LETTER.findall(said)) < _SHORT:
        return ""
    target, letter = targets[0]
    return "" if re.search(letter, said) else target.capitalize()


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
    text = text[:4_000]
    words = [word for word in (_ASCII_WORD if text.isascii() else _WORD).findall(text) if len(word) < 30]
    foreign = [
        word
        for word in words
        if word in _FOREIGN or (not word.isascii() and max(word) < "\u0250" and word not in _BORROWED)
    ]
    if len(set(foreign)) < 2 or len(words) < 5 or max(map(len, foreign)) < 3:
        return False
    english = sum(word.lower() in _ENGLISH and word not in _SHARED for word in words)
    return len(foreign) >= 0.2 * len(words) and english <= 0.3 * len(foreign)


def english_words(text: str) -> int:
    """Return how many different common English words a text has."""
    return len(_ENGLISH.intersection(_WORD.findall(text[:2_000].lower())))
