"""The shape of a row, without its words: what is there at all, how it is set, how it ends."""

import re

from selfinstruct.records import LanguageCode

_SENTENCE = re.compile(r"[.!?。！？…]+[\"”’'」』）)]*(?=\s|$|[\u3400-\u9fff“「])")
_COLON = re.compile(r"[:：]\s*(\S)?")
_QUOTE = re.compile(r"[\"“‘「『《`][^\"”’」』》`\n]+[\"”’」』》`]|(?<!\w)'[^'\n]+'(?!\w)")
_ITEM = re.compile(
    r"\s*(?:[-*•·]|\(?\d{1,3}[.)、．:：）]|[（(][一二三四五六七八九十\d]+[）)]|[一二三四五六七八九十]+、)"
)
_WORD = re.compile(r"[a-z0-9']+|[\u3400-\u9fff]")
_CODE = re.compile(
    r"[;{}]\s*$|^\s*(?:def |class |import |from |return |print|for |if |while |#include|SELECT |</?\w+)|[=!<>]=|\)\s*:$|=>",
    re.MULTILINE,
)
_ENDS = (
    ("mark", ".!?。！？…"),
    ("closed", ")]}）】》」』"),
    ("quote", "\"”’'`"),
    ("comma", ",，、;；"),
    ("colon", ":："),
    ("open", "([{（【《「『“‘"),
    ("dash", "-–—/\\"),
    ("sign", "+*=<>&|@#$%^~_"),
)
_PAIRS = ("()", "[]", "{}", "（）", "“”", "《》", "「」", "【】")


def task_signs(instruction: str, given: str, language: LanguageCode) -> list[str]:
    """Return the signs of a task: its input, its sentences, and where material may stand."""
    text = instruction.strip()
    stands = (
        ("colon", any(found[1] for found in _COLON.finditer(text))),
        ("quote", bool(_QUOTE.search(text))),
        ("lines", "\n" in text),
        ("digit", any(mark.isdigit() for mark in text)),
        ("code", bool(_CODE.search(text))),
    )
    sentences = min(3, len(_SENTENCE.findall(text)))
    has = "+".join(name for name, found in stands if found)
    size = _size(len(_WORD.findall(text.lower())))
    held = _held(given)
    return [
        f"{language} task input {held}",
        f"{language} task has {has}",
        f"{language} task size {size}",
        f"{language} task sentences {sentences}",
        f"{language} task ends {_end(text)}",
        f"{language} task {held} {has} {sentences}",
        f"{language} task {held} {size} {_end(text)}",
    ]


def answer_signs(instruction: str, given: str, output: str, language: LanguageCode) -> list[str]:
    """Return the signs of an answer: its length, how it is set, how it ends, what of the task it repeats."""
    text = output.strip()
    lines = [line for line in text[-3000:].split("\n") if line.strip()]
    last, before = (lines[-1] if lines else ""), lines[:-1]
    words = _WORD.findall(text[:1500].lower())
    end = _end(text)
    code = bool(_CODE.search(text[:1500]))
    rest = len(_WORD.findall(_SENTENCE.split(last[-600:])[-1].lower()))
    whole = len(_SENTENCE.findall(text[-1500:]))
    closed = _share(sum(_end(line) == "mark" for line in before[-8:]), len(before[-8:]))
    items = _share(sum(bool(_ITEM.match(line)) for line in lines[-8:]), len(lines[-8:]))
    opens = [pair for pair in _PAIRS if text.count(pair[0]) > text.count(pair[1])]
    shorter = _share(len(last), max((len(line) for line in before[-6:]), default=0))
    asked = set(_WORD.findall(instruction[:600].lower()))
    told = _share(sum(word in asked for word in words), len(words))
    size = _size(len(words))
    return [
        f"{language} answer size {size}",
        f"{language} answer end {end} code {code}",
        f"{language} answer end {end} lines {_size(len(lines))} items {items} closed {closed}",
        f"{language} answer end {end} whole {min(whole, 3)} rest {_size(rest)}",
        f"{language} answer end {end} items {items} item {bool(_ITEM.match(last))} rest {_size(rest)} closed {closed}",
        f"{language} answer open {','.join(opens)} code {code}",
        f"{language} answer fences {text.count('```') % 2} quotes {text.count(chr(34)) % 2} end {end}",
        f"{language} answer last {shorter} items {items} closed {closed} end {end}",
        f"{language} answer told {told} size {size}",
        f"{language} answer input {_held(given)} size {size}",
        f"{language} answer asks {_end(instruction.strip())} size {size} end {end}",
    ]


def _held(given: str) -> str:
    text = given.strip()
    if not text:
        return "none"
    if len(text) <= 24 and "\n" not in text and not any(mark.isdigit() for mark in text):
        return "label"
    return "some"


def _end(text: str) -> str:
    mark = text[-1:]
    for name, marks in _ENDS:
        if mark and mark in marks:
            return name
    if mark.isdigit():
        return "digit"
    return "letter" if mark.isalpha() else "other" if mark else "nothing"


def _size(count: int) -> int:
    """Return a count in steps that double: 0, 1, 2, 3-4, 5-8, ..."""
    return (count - 1).bit_length() + 1 if count > 0 else 0


def _share(part: int, whole: int) -> int:
    """Return a share in quarters, -1 where there is no whole."""
    return min(8, 4 * part // whole) if whole else -1
