"""A scripted translator: it puts a word of the other language in the place of each word, always the same one, and keeps figures, marks and lines.

What it makes is no translation that anyone could read, and it breaks no invariant: tests break them one at a time.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Final

from tests.support.words import EN_WORDS, ZH_WORDS

ZH: Final = "".join([*ZH_WORDS, *["云霞", "溪流", "松柏", "荷塘"]])
EN: Final = [*EN_WORDS, *["riverbed", "oatmeal", "saddle", "kettle", "mitten", "gravel"]]
_HEAD: Final = re.compile(r"^\[\[([a-z]+(?: \d+)?)\]\]$", re.MULTILINE)
_MARKS: Final = str.maketrans({",": "，", ".": "。", "?": "？", "!": "！", ":": "：", ";": "；"})
_BACK_MARKS: Final = str.maketrans({"，": ", ", "。": ". ", "？": "? ", "！": "! ", "：": ": ", "；": "; ", "、": ", "})


def say_translated(asked: str, system: str) -> str | None:
    """Return the reply to a request of the recipe `translate`, or to one for the way back; None to any other."""
    if not system.startswith(
        ("你把指令数据", "You carry instruction data", "把下面每个双方括号", "Translate the English under")
    ):
        return None
    texts = parts(asked)
    chinese = any(re.search(r"[一-鿿]", text) for text in texts.values())
    said = translated(texts, into_english if chinese else into_chinese)
    back = system.startswith(("把下面", "Translate the English"))
    return said.removeprefix("[[decision]] translate\n") if back else said


def parts(asked: str) -> dict[str, str]:
    """Return the texts of the row in a request."""
    heads = list(_HEAD.finditer(asked))
    ends = [*(head.start() for head in heads[1:]), len(asked)]
    return {head[1]: asked[head.end() : end].strip() for head, end in zip(heads, ends, strict=True)}


def translated(texts: Mapping[str, str], into: Callable[[str], str]) -> str:
    lines = [f"[[{name}]]\n{into(text)}" for name, text in texts.items()]
    return "\n".join(["[[decision]] translate", *lines, "[[end]]"])


def into_chinese(text: str) -> str:
    """Return a text with two characters for each English word; words that have no letters stay."""
    said = re.sub(r"(?<![\w⟦])[A-Za-z][A-Za-z'’-]*", lambda found: _chinese(found[0]), text)
    said = re.sub(r"(?<=[一-鿿]) +(?=[一-鿿])", "", said)
    return re.sub(r"(?<=[一-鿿])[,.?!:;](?=\s|$)", lambda found: found[0].translate(_MARKS), said)


def into_english(text: str) -> str:
    """Return a text with one word for each Chinese character."""
    said = re.sub(r"[一-鿿]+", lambda found: " " + " ".join(map(_english, found[0])) + " ", text)
    said = re.sub(r" +([.,?!:;)])", r"\1", said.translate(_BACK_MARKS))
    return "\n".join(re.sub(r" {2,}", " ", line).strip() for line in said.split("\n"))


def _chinese(word: str) -> str:
    number = _number(word.lower())
    return ZH[number % len(ZH)] + ZH[number // len(ZH) % len(ZH)]


def _english(character: str) -> str:
    return EN[_number(character) % len(EN)]


def _number(word: str) -> int:
    return int.from_bytes(hashlib.sha256(word.encode()).digest()[:6])
