"""How texts are counted in constraints: words or characters, sentences, paragraphs, list items. Both languages.

Where careful readers may count differently (is `well-known` one word, does `……` end a sentence?), the fewest and the most are told:
a condition is kept when it is kept either way.
"""

import re
import unicodedata

from selfinstruct.records import LanguageCode

_HAN = "㐀-䶿一-鿿豈-﫿〇"
_URL = r"https?://\S+|www\.\S+|[\w.+-]+@[\w-]+\.[\w.-]*\w"
_CONTRACTED = r"[^\W_]+(?:['’][^\W_]+)*['’]?"
_NUMBER = r"\d+(?:[.,:/–⁄-]\d+)*[^\W\d_]*"
_JOINED = rf"{_CONTRACTED}(?:(?:[-‐‑–/&_]|\.(?=[a-z])){_CONTRACTED})*"
_WORD = re.compile(rf"{_URL}|Ph\.D\.?|(?:[^\W\d_]\.){{2,}}|{_NUMBER}(?:-{_CONTRACTED})*|{_JOINED}")
_PART = re.compile(rf"{_URL}|Ph\.D\.?|(?:[^\W\d_]\.){{2,}}|{_NUMBER}|{_CONTRACTED}")
_FOREIGN = rf"[^\W_{_HAN}]+"
_CHINESE = re.compile(rf"[{_HAN}]|{_FOREIGN}(?:['’.,:-]{_FOREIGN})*")
_CHINESE_MARK = re.compile(r"[，。、；：？！…—“”‘’（）《》〈〉「」『』【】·～,;:?!()\"]")
_KEYCAP = re.compile(r"[\d#*]️?⃣")
_BULLET = r"[-*+–](?=\s)|[•·●▪◦‣](?!\s*$)"
_NUMERAL = r"(\d{1,3})[.．)）、](?!\d)|[(（](\d{1,3})[)）]"
_ITEM = re.compile(rf"^\s*(?:\*\*|__)?(?:{_BULLET}|{_NUMERAL}|[\d]️?⃣|[①-⑳]|[一二三四五六七八九十]{{1,3}}、)\s*(?=.*\w)")
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+")
_CLOSERS = r"[\"'”’)\]）」』》】*_~]"
_EMOJI = "[←-⯿\U0001f000-\U0001faff]"
_END = {
    "en": re.compile(rf"([.!?…。！？]+)({_CLOSERS}*)(?=\s|$|{_EMOJI})"),
    "zh": re.compile(rf"([。！？!?…]+|(?<=[{_HAN}])[.．]+)({_CLOSERS}*)(?![，、；：,;])"),
}
_NO_END = re.compile(r"(?:^|[\s(\"“])(?:Mr|Mrs|Ms|Dr|St|Prof|Mt|Rev|Gen|Sen|Capt|Fig|e\.g|i\.e|eg|ie|cf|vs|approx)$")
_PERHAPS = r"(?:[A-Za-z]\.)*[A-Za-z]|etc|al|Inc|Ltd|Co|Corp|Jr|Sr|Ave|Ph\.D|Jan|Feb|Aug|Sept?|Oct|Nov|Dec"
_PERHAPS_END = re.compile(rf"(?:^|[\s(\"“])(?:{_PERHAPS})$")
_QUOTES = (("“", "”"), ("「", "」"), ("『", "』"), ("（", "）"), ("(", ")"))


def words(text: str) -> list[str]:
    """Return the words of an English text: with hyphens, a contraction, a number or an abbreviation is one; marks of a list are none."""
    return _WORD.findall(_unmarked(text))


def lengths(text: str, language: LanguageCode) -> tuple[int, int]:
    """Return the fewest and the most words of an English text: hyphens joining or parting, marks of lists none or words.

    Of a Chinese text its characters, a foreign word or number counting as one; without and with its punctuation.
    """
    if language == "en":
        marked = sum(bool(_ITEM.match(line)) for line in text.split("\n"))
        return len(words(text)), max(len(words(text)), len(_PART.findall(_unmarked(text))) + marked)
    few, plain = len(_CHINESE.findall(_unmarked(text))), _clean(text)
    return few, len(_CHINESE.findall(plain)) + len(_CHINESE_MARK.findall(_CHINESE.sub(" ", plain)))


def length(text: str, language: LanguageCode) -> int:
    """Return the number of words of an English text; of a Chinese one its characters, a foreign word or number counting as one."""
    return lengths(text, language)[0]


def sentence_counts(text: str, language: LanguageCode) -> tuple[int, int]:
    """Return the fewest and the most sentences: ends within quotes, after abbreviations and at dots (`...`) may be none.

    A line that does not end with a mark ends a sentence too, surely where it does not end with a comma or colon.
    """
    lines = [line.strip() for line in _unmarked(_unquoted(text.strip())).split("\n") if re.search(r"\w", line)]
    fewest = most = 0
    for number, line in enumerate(lines):
        ends = [(found.end(), _certain(line, found, language)) for found in _END[language].finditer(line)]
        ends = [(place, sure) for place, sure in ends if sure is not None]
        fewest += sum(bool(sure) for _, sure in ends)
        most += len(ends)
        rest = line[ends[-1][0] :] if ends else line
        if re.search(r"\w", rest):
            most += 1
            goes_on = number + 1 < len(lines) and (rest[-1] in ",:;，、：；" or lines[number + 1][0].islower())
            fewest += not goes_on
    return max(fewest, bool(lines)), most


def sentences(text: str, language: LanguageCode) -> int:
    """Return the number of sentences, the fewest where readers may differ."""
    return sentence_counts(text, language)[0]


def paragraphs(text: str) -> int:
    """Return the number of paragraphs, which blank lines part; a rule of marks alone is none."""
    return sum(bool(re.search(r"\w", part)) for part in re.split(r"\n[^\S\n]*\n", text.replace("\r\n", "\n")))


def items(text: str) -> list[str]:
    """Return the lines that are items of a list, bulleted or numbered, without their marks."""
    return [line[found.end() :].strip() for line in text.split("\n") if (found := _ITEM.match(line))]


def numbers(text: str) -> list[int]:
    """Return the numbers of the items that are numbered in Arabic numerals, as they stand."""
    found = [_ITEM.match(line) for line in text.split("\n")]
    return [int(item[1] or item[2]) for item in found if item and (item[1] or item[2])]


def occurrences(text: str, word: str, language: LanguageCode, *, alone: bool = False) -> int:
    """Return how often a word stands in a text: whole words whatever their case in English, anywhere in Chinese.

    `alone`: parts of hyphenated words (`good-natured`) and words with an apostrophe (`morning's`) do not count.
    """
    if language == "zh":
        return _clean(text).count(word)
    edge = r"[\w'’-]" if alone else r"\w"
    quoted = re.sub(r"(?<!\w)['’]|['’](?!\w)|--+", " ", _clean(text).replace("_", " "))
    return len(re.findall(rf"(?<!{edge}){re.escape(word)}(?!{edge})", quoted, re.IGNORECASE))


def _certain(line: str, end: re.Match[str], language: LanguageCode) -> bool | None:
    after = re.sub(r"^[\W_]+", "", line[end.end() :])
    if not after:
        return True
    if language == "zh":
        return not (set(end[1]) <= {"…"} or end[2].strip("*_~") or _within_quotes(line[: end.end()]))
    before, dots = line[: end.start()], "…" in end[1] or ".." in end[1]
    goes_on = after[0].islower() and not after[1:2].isupper() and not line.islower()
    unsure = dots or (end[1] == "." and bool(_PERHAPS_END.search(before)))
    if (end[1] == "." and _follows_abbreviation(before, after)) or (goes_on and (unsure or end[2].strip("*_~"))):
        return None
    return not (unsure or goes_on or _within_quotes(line[: end.end()]))


def _follows_abbreviation(before: str, after: str) -> bool:
    return bool(_NO_END.search(before)) or (after[0].isdigit() and bool(re.search(r"\b(?:No|no|pp?|ch|vol)$", before)))


def _within_quotes(text: str) -> bool:
    return text.count('"') % 2 == 1 or any(text.count(left) > text.count(right) for left, right in _QUOTES)


def _unquoted(text: str) -> str:
    pairs = (('"', '"'), ("“", "”"))
    inner = next((text[1:-1] for left, right in pairs if text[:1] == left and text[-1:] == right), text)
    return text if any(mark in inner for mark in '"“”') else inner


def _unmarked(text: str) -> str:
    return "\n".join(_HEADING.sub("", _ITEM.sub("", line)) for line in _clean(text).split("\n"))


def _clean(text: str) -> str:
    if text.isascii():
        return text.replace("\r\n", "\n")
    plain = _KEYCAP.sub(" ", unicodedata.normalize("NFC", text).replace("\r\n", "\n"))
    wide = {ord(wide): unicodedata.normalize("NFKC", wide) for wide in plain if "０" <= wide <= "ｚ" and wide.isalnum()}
    return "".join(mark for mark in plain.translate(wide) if unicodedata.category(mark) != "Cf")
