"""Edits inside a text: by word in English, by character in Chinese, also in mixed texts."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from rapidfuzz.distance import Indel

from selfinstruct.dataset.diff.records import Change, Group, Segment

_CJK = r"\u3005-\u3007\u3040-\u30ff\u3100-\u312f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_PICTOGRAM = r"\u200d\ufe0e\ufe0f\u20e3\u2190-\u2bff\U0001f000-\U0001faff\U000e0020-\U000e007f"
_PART = re.compile(
    rf"[{_CJK}][\ufe00-\ufe0f\U000e0100-\U000e01ef]*"
    rf"|[^\W_{_CJK}](?:[^\W_{_CJK}]|[\u0300-\u036f]|['’](?=[^\W_]))*"
    rf"|[{_PICTOGRAM}]+|\s+|.",
    re.DOTALL,
)
_MOST_CELLS = 30_000_000
"""Maximum product of the two texts' numbers of parts; the comparison needs that many bits, here 4 MB."""
_FEW, _SHORT = 4, 80
"""Maximum number of places, and of characters per place, of an edit that can be grouped over rows."""
_MANY = 100
"""Removed and added parts of one field above which it counts as rewritten; also bounds the comparison's time."""


def parts(text: str) -> list[str]:
    """Return a text split into words, single Chinese characters, pictograms, runs of spaces, and marks.

    >>> parts("用Python写it's 2 lines")
    ['用', 'Python', '写', "it's", ' ', '2', ' ', 'lines']
    """
    return _PART.findall(text)


@lru_cache(maxsize=2048)
def segments(before: str, after: str) -> tuple[Segment, ...]:
    """Return the segments between two texts: `same` and `removed` join to the first, `same` and `added` to the second.

    >>> [(one.op, one.text) for one in segments("写一首诗", "写两首诗")]
    [('same', '写'), ('removed', '一'), ('added', '两'), ('same', '首诗')]
    """
    left, right = parts(before), parts(after)
    start = _common(left, right)
    end = _common(left[start:][::-1], right[start:][::-1])
    middle = left[start : len(left) - end], right[start : len(right) - end]
    runs = [
        Segment("same", "".join(left[:start])),
        *_compared(*middle),
        Segment("same", "".join(left[len(left) - end :])),
    ]
    return tuple(_slid(list(_joined(run for run in runs if run.text))))


def _common(left: Sequence[str], right: Sequence[str]) -> int:
    """Return the number of equal parts at the start of two lists."""
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return count


def _compared(left: Sequence[str], right: Sequence[str]) -> Iterator[Segment]:
    """Yield the segments of two texts, also empty ones; texts above _MOST_CELLS are one edit."""
    if len(left) * len(right) > _MOST_CELLS:
        yield Segment("removed", "".join(left))
        yield Segment("added", "".join(right))
        return
    for code in Indel.opcodes(left, right):
        before = "".join(left[code.src_start : code.src_end])
        if code.tag == "equal":
            yield Segment("same", before)
        else:
            yield Segment("removed", before)
            yield Segment("added", "".join(right[code.dest_start : code.dest_end]))


def _joined(runs: Iterable[Segment]) -> Iterator[Segment]:
    """Yield segments with spaces between edits included in the edits; each edit is one removed and one added text."""
    removed = added = blank = ""
    for op, text in runs:
        if op == "same" and (removed or added) and not blank and text.isspace():
            blank = text
            continue
        if op == "same":
            yield from _edit(removed, added)
            yield Segment("same", blank + text)
            removed = added = blank = ""
            continue
        removed, added, blank = removed + blank, added + blank, ""
        if op == "removed":
            removed += text
        else:
            added += text
    yield from _edit(removed, added)
    if blank:
        yield Segment("same", blank)


def _slid(runs: list[Segment]) -> Iterator[Segment]:
    """Yield segments with each single edit moved past a mark it starts with: 好[。再来]。 becomes 好。[再来。]."""
    for position, (op, text) in enumerate(runs):
        lone = op != "same" and 0 < position < len(runs) - 1
        if lone and runs[position - 1].op == "same" == runs[position + 1].op:
            before, after = runs[position - 1].text, runs[position + 1].text
            if text[0] == after[0] and not text[0].isalnum():
                runs[position - 1 : position + 2] = [
                    Segment("same", before + text[0]),
                    Segment(op, text[1:] + text[0]),
                    Segment("same", after[1:]),
                ]
    return (run for run in runs if run.text)


def _edit(removed: str, added: str) -> Iterator[Segment]:
    if removed:
        yield Segment("removed", removed)
    if added:
        yield Segment("added", added)


def groups(changes: Iterable[Change]) -> tuple[Group, ...]:
    """Return edits that replace the same words in two or more rows: most frequent first, then by words."""
    found: dict[tuple[tuple[str, str], ...], list[str]] = defaultdict(list)
    for change in changes:
        if change.kind in {"changed", "rewritten"} and (edit := _replaced(change)):
            found[edit].append(change.id)
    ranked = sorted(
        ((edit, ids) for edit, ids in found.items() if len(ids) > 1), key=lambda one: (-len(one[1]), one[0])
    )
    return tuple(Group(edit=edit, rows=len(ids), ids=tuple(ids)) for edit, ids in ranked)


def _replaced(change: Change) -> tuple[tuple[str, str], ...]:
    """Return the distinct (before, after) texts of a row's edits; empty when the row was rewritten."""
    replaced: list[tuple[str, str]] = []
    for name in ("instruction", "input", "output"):
        before, after, removed = getattr(change.base, name), getattr(change.head, name), ""
        if before == after:
            continue
        if Indel.distance(parts(before), parts(after), score_cutoff=_MANY) > _MANY:
            return ()
        for op, text in segments(before, after):
            if op == "removed":
                replaced.append((text, ""))
            elif op == "added" and removed:
                replaced[-1] = removed, text
            elif op == "added":
                replaced.append(("", text))
            removed = text if op == "removed" else ""
    distinct = tuple(dict.fromkeys(replaced))
    return distinct if len(distinct) <= _FEW and all(max(map(len, two)) <= _SHORT for two in distinct) else ()
