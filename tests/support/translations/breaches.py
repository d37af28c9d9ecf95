"""Breaches of the invariants, planted one at a time in sound translations: what translators do, by rule."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from selfinstruct.quality.translation import Pair
from selfinstruct.records import LanguageCode
from tests.support.translations.templates import Sound, sound

Plant = Callable[[Pair], Pair | None]


class Breach(NamedTuple):
    """A translation with one breach."""

    kind: str
    rule: str
    pair: Pair


def breaches(to: LanguageCode, each: int = 14) -> Iterator[Breach]:
    """Yield up to `each` breaches of every kind, in different rows."""
    rows = list(sound())
    for number, (kind, (rule, plant)) in enumerate(KINDS.items()):
        count = 0
        turned = rows[number % 7 :] + rows[: number % 7]
        for one in turned:
            pair = one.pair(to)
            planted = plant(pair)
            if planted and planted.target != pair.target and count < each:
                count += 1
                yield Breach(kind, rule, planted)


def _in(pair: Pair, name: str, text: str) -> Pair:
    return pair._replace(target={**pair.target, name: text})


def _substitute(pattern: str, put: str | Callable[[re.Match[str]], str], *names: str) -> Plant:
    """Return a plant that changes the first match in the first of the fields that has one."""

    def plant(pair: Pair) -> Pair | None:
        for name in names or ("output", "input", "instruction"):
            text = pair.target.get(name, "")
            if re.search(pattern, text):
                return _in(pair, name, re.sub(pattern, put, text, count=1))
        return None

    return plant


def _either(plants: Mapping[LanguageCode, Plant]) -> Plant:
    return lambda pair: plants[pair.to](pair)


def _number(found: re.Match[str]) -> str:
    return str(int(found[0]) + 3)


def _merged_lines(pair: Pair) -> Pair | None:
    text = pair.target.get("output", "")
    if "\n" not in text or "```" in text or re.search(r"^(?:- |\d)", text):
        return None
    return _in(pair, "output", text.replace("\n", " ", 1))


def _lost_item(pair: Pair) -> Pair | None:
    lines = pair.target.get("output", "").split("\n")
    if not (len(lines) > 2 and re.match(r"- |\d+[.)）]", lines[0])):
        return None
    return _in(pair, "output", "\n".join(lines[:-1]))


def _left(pair: Pair) -> Pair | None:
    """Leave one whole field of words in the source's language."""
    for name in ("output", "input", "instruction"):
        text = pair.source.get(name, "")
        words = re.findall(r"[a-z]{3,}", text) if pair.to == "zh" else re.findall(r"[一-鿿]{2,}", text)
        if len(words) > 2 and "`" not in text:
            return _in(pair, name, text)
    return None


def _half_left(pair: Pair) -> Pair | None:
    """Leave one sentence in the source's language."""
    said, text = pair.source.get("instruction", ""), pair.target.get("instruction", "")
    if not re.fullmatch(r"[A-Za-z ,']+[.?]|[一-鿿，]+[。？]", said) or len(said) < 8:
        return None
    return _in(pair, "instruction", f"{text} {said}")


def _word_left(pair: Pair) -> Pair | None:
    """Leave one everyday word in the middle of a sentence."""
    english = ("market", "school", "garden", "morning", "summer", "children", "bread", "water", "friend", "people")
    chinese = ("市场", "学校", "花园", "早上", "夏天", "孩子", "面包", "水", "朋友", "人")
    for pair_of_words in zip(english, chinese, strict=True):
        left, put = pair_of_words if pair.to == "zh" else pair_of_words[::-1]
        for name in ("output", "input", "instruction"):
            pattern = rf"(?<=[一-鿿]){put}(?=[一-鿿])" if pair.to == "zh" else rf"(?<= ){put}(?= )"
            if left in pair.source.get(name, "") and len(left) > 1 and re.search(pattern, pair.target.get(name, "")):
                return _in(pair, name, re.sub(pattern, f" {left} " if pair.to == "zh" else left, pair.target[name]))
    return None


def _mended(pair: Pair) -> Pair | None:
    """Make input and answer the same."""
    return (
        _in(pair, "output", pair.target["input"]) if pair.target.get("input") and "`" not in str(pair.target) else None
    )


def _no_echo(pair: Pair) -> Pair | None:
    """Change an answer that repeats its input."""
    if pair.source.get("input") != pair.source.get("output"):
        return None
    return _in(pair, "output", pair.target["output"] + (" Quite so." if pair.to == "en" else "没错。"))


def _other_label(pair: Pair) -> Pair | None:
    """Answer with another word for the label."""
    label = pair.source.get("output", "").strip(".。")
    short = len(label.split()) <= 2 if pair.to == "zh" else len(label) <= 4
    if not (
        short and label and label.lower() in pair.source["instruction"].lower() and not re.search(r"\d|^[A-D]$", label)
    ):
        return None
    return _in(pair, "output", "中立的" if pair.to == "zh" else "neutral stance")


def _glossary(pair: Pair) -> Pair | None:
    """Use another word than the glossary's."""
    english = ("harbour", "station", "market", "library", "school")
    chinese = ("码头", "车站", "市场", "图书馆", "学校")
    for one, other in zip(english, chinese, strict=True):
        term, wanted = (one, other) if pair.to == "zh" else (other, one)
        name = next((name for name, text in pair.source.items() if term in text and wanted in pair.target[name]), "")
        if name:
            changed = pair.target[name].replace(wanted, "那个地方" if pair.to == "zh" else "that place")
            return _in(pair, name, changed)._replace(terms=((term, wanted),))
    return None


KINDS: Final[dict[str, tuple[str, Plant]]] = {
    "another figure": ("changed_numbers", _substitute(r"(?<![\d.:,/\-A-Za-z`$^])[4-9]\d?(?![\d.,:/`}$-])(?!\s?(?:月|日|[AP]M))", _number, "output", "input")),
    "a lost figure": ("changed_numbers", _substitute(r"(?<![\d.:,/\-A-Za-z`$^])\d{2,}(?![\d.,:/`}$%-])", "", "output", "input")),
    "another scale": ("changed_numbers", _either({"zh": _substitute("(?<=\\d)万", ""), "en": _substitute(r"(?<=\d)(?: million| thousand)", "")})),
    "another number in words": ("changed_numbers", _either({"zh": _substitute("[三四六七](?=[个颗只种天倍打句盘])", "八"), "en": _substitute(r"\b(?:three|four|five|six|seven|ten)\b(?! (?:miles|hours))", "eight")})),
    "no percentage": ("changed_numbers", _substitute(r"(?<=\d)\s?(?:%|percent)", "")),
    "another unit": ("changed_units", _either({"zh": _substitute("(?<=\\d)(?:公里|米(?!的)|克|升|美元|欧元|英里|公斤|厘米)", "英尺"), "en": _substitute(r"(?<=\d) (?:km|kilometres|metres|grams|g|litres|dollars|euros|miles|kg|cm)\b", " feet")})),
    "another day": ("changed_dates", _either({"zh": _substitute(r"(\d+)月(\d+)日", lambda found: f"{found[1]}月{(int(found[2]) % 27) + 1}日"), "en": _substitute(r"(January|February|March|April|May|June|July|August|September|October|November|December) (\d{1,2})(?!\d)", lambda found: f"{found[1]} {(int(found[2]) % 27) + 1}")})),
    "code with other names": ("changed_code", _substitute(r"(?<=`)[a-z_]+(?=[.( =])", "wert", "output", "input")),
    "inline code without its marks": ("changed_code", _substitute(r"`([^`\n]+)`(?!`)", r"\1", "output", "input")),
    "another link": ("changed_links", _substitute(r"https://example\.(?:org|com)/(\w+)", r"https://example.org/zh/\1")),
    "a translated placeholder": ("changed_placeholders", _substitute(r"\{name\}", lambda _: "{姓名}")),
    "a lost tag": ("changed_placeholders", _substitute(r"<(?:PLACE|NAME|b)>", "___")),
    "another formula": ("changed_formulas", _substitute(r"\$2x", r"$3x")),
    "a formula in words": ("changed_formulas", _substitute(r"\\\(E = mc\^2\\\)|\$x = 4\$|\$2x = 8\$|\$2x \+ 3 = 11\$", "E=mc²")),
    "other letters": ("changed_options", _substitute(r"(?m)^B([.)])", r"C\1", "instruction")),
    "lettered otherwise": ("changed_options", _substitute(r"(?m)^\(?A[.)]", "甲、", "instruction")),
    "another letter as the answer": ("changed_options", _substitute(r"^\(?[AB](?=[.)]|$)", lambda found: found[0].replace("A", "X").replace("B", "A").replace("X", "B"), "output")),
    "a label that is not offered": ("label_not_offered", _other_label),
    "a lost item": ("changed_list", _lost_item),
    "merged lines": ("changed_lines", _merged_lines),
    "a mended input": ("echo_differs", _mended),
    "an echo that is none": ("echo_differs", _no_echo),
    "a field left": ("left_untranslated", _left),
    "a sentence left": ("left_untranslated", _half_left),
    "a word left": ("left_untranslated", _word_left),
    "a note": ("translator_note", _either({"zh": lambda pair: _in(pair, "output", pair.target["output"] + "（注：此处为意译）"), "en": lambda pair: _in(pair, "output", pair.target["output"] + " (Translator's note: a free rendering.)")})),
    "an announcement": ("translator_note", _either({"zh": lambda pair: _in(pair, "instruction", "以下是翻译：" + pair.target["instruction"]), "en": lambda pair: _in(pair, "instruction", "Here is the translation: " + pair.target["instruction"])})),
    "another term": ("glossary_missed", _glossary),
}  # fmt: skip
"""{what was done: (rule that finds it, how)}."""

__all__ = ["KINDS", "Breach", "Sound", "breaches"]
