"""ROUGE-L as a measure of nearness between instructions, in English and Chinese.

The score is the F-measure of the `rouge-score` package in its own float formula, so on ASCII text every score is
bit-identical to it. The tokens are ours: `rouge-score` keeps only [a-z0-9] and so sees an empty text in Chinese.
Source: Lin 2004, "ROUGE: A Package for Automatic Evaluation of Summaries"; google-research/rouge `rouge_scorer.py`.
"""

import re
import unicodedata
from collections.abc import Sequence

_CJK = (
    "\u3005-\u3007\u3040-\u30ff\u3100-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0002fa1f\U00030000-\U000323af"
)
_TOKEN = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+")


def tokens(text: str) -> list[str]:
    """Return the tokens of a text: runs of letters and digits, and every CJK character by itself.

    >>> tokens("用Python写一个快速排序 in O(n log n)")
    ['用', 'python', '写', '一', '个', '快', '速', '排', '序', 'in', 'o', 'n', 'log', 'n']
    """
    return _TOKEN.findall(unicodedata.normalize("NFKC", text).lower())


def f_measure(common: int, left: int, right: int) -> float:
    """Return the ROUGE-L F-measure of two token lists of these lengths whose longest common subsequence is `common`."""
    if not common:
        return 0.0
    precision = common / left
    recall = common / right
    return 2 * precision * recall / (precision + recall)


def score(left: Sequence[str], right: Sequence[str]) -> float:
    """Return the ROUGE-L F-measure of two token lists: symmetric, 0 to 1, 0 when either is empty."""
    from rapidfuzz.distance import LCSseq

    return f_measure(LCSseq.similarity(left, right), len(left), len(right))


class Index:
    """The token lists of a pool; answers which one is nearest to a query, exactly."""

    def __init__(self) -> None:
        """Start empty."""
        self._texts: list[str] = []
        self._characters: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._texts)

    def add(self, query: Sequence[str]) -> int:
        """Append a token list and return its position, from 0."""
        self._texts.append(self._encode(query))
        return len(self._texts) - 1

    def nearest(self, query: Sequence[str]) -> tuple[int, float] | None:
        """Return (position, score) of the nearest entry: the highest score, then the lowest position; None if empty."""
        from rapidfuzz import process
        from rapidfuzz.distance import LCSseq

        if not self._texts:
            return None
        encoded = self._encode(query)
        common = process.cdist([encoded], self._texts, scorer=LCSseq.similarity)[0]
        best, best_score = 0, 0.0
        for position, shared in enumerate(common.tolist()):
            value = f_measure(int(shared), len(encoded), len(self._texts[position])) if shared else 0.0
            if value > best_score:
                best, best_score = position, value
        return best, best_score

    def _encode(self, query: Sequence[str]) -> str:
        """Return one character per token, so that the bit-parallel subsequence of rapidfuzz can be used."""
        return "".join(self._characters.get(token) or self._new_character(token) for token in query)

    def _new_character(self, token: str) -> str:
        code = len(self._characters) + 1
        character = chr(code if code < 0xD800 else code + 0x800)
        self._characters[token] = character
        return character
