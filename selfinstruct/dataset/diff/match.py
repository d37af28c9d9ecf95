"""Matching of the rows of base and head; every row is in exactly one pair.

In this order: by computed id, which survives an edited answer; by the id before an edit by hand; by stated id, which survives a manually edited
instruction; by normalized instruction and input; by an answer that is unique on each side; and the remaining rows by
similarity of instruction and input, best first, one to one. Similar rows are one reworded row only from REWRITTEN_FROM
on, or with the same long answer: below it two tasks may share no more than a template. These are removed and added, each
with the other beside it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from rapidfuzz.distance import Indel

from selfinstruct.dataset.diff.fold import folded, formats_between
from selfinstruct.dataset.diff.near import mutual, neighbours
from selfinstruct.dataset.diff.rows import FIELDS, Entry, Field_, Format, Nearest, Pair
from selfinstruct.rouge import score, tokens

_T = TypeVar("_T")
_NOT_TEXT = {"language", "history", "tools", "calls", "unlearned", "source", "checks", "left_out"}
REWRITTEN_FROM = 0.7
"""ROUGE-L of instruction and input from which two unmatched rows are one reworded row, whatever they answer."""
BESIDE_ABOVE = 0.5
"""ROUGE-L above which a removed and an added row are shown beside each other; with the same long answer they are one row."""
_LONG_ANSWER = 24
"""Minimum characters of an answer that two rows do not share by chance, as they may `Yes.`."""
_PARTNERS = 16
"""Candidates per unmatched row, in case nearer ones are taken."""
_MOST_PAIRS = 25_000_000
"""Maximum number of pairs of unmatched rows scored one by one: under a second."""
RELATED_ABOVE = 0.2
"""Minimum ROUGE-L of instruction and input for rows matched by stated id or by answer."""
_MOST_TWINS = 10_000
"""Maximum number of pairs of rows with the same id that are compared; above it they are paired in order."""


def match(base: Sequence[Entry], head: Sequence[Entry]) -> list[Pair]:
    """Return the pairs of all rows; each row of base and head is in exactly one."""
    pairs: list[Pair] = []
    left, right = list(base), list(head)
    for key, fits in (
        (_id, None),
        (_before_edit, _alone),
        (_stated_id, _same_row),
        (_meaning, _alone),
        (_answer, _related),
    ):
        found, left, right = _joined(left, right, key, fits)
        pairs += [_judged(*two) for two in found]
    found, left, right = _similar(left, right)
    pairs += [pair for two in found for pair in _one_or_two(*two)]
    return [*pairs, *(Pair("removed", one, None) for one in left), *(Pair("added", None, one) for one in right)]


def _one_or_two(base: Entry, head: Entry) -> list[Pair]:
    """Return similar rows as one pair, or as a removed and an added row that have each other as the nearest."""
    pair = _judged(base, head)
    if pair.score is None or pair.score >= REWRITTEN_FROM or _same_answer(base, head):
        return [pair]
    return [
        Pair("removed", base, None, nearest=Nearest(head, pair.score)),
        Pair("added", None, head, nearest=Nearest(base, pair.score)),
    ]


def _same_answer(base: Entry, head: Entry) -> bool:
    return _answer(base) == _answer(head) != ""


def _judged(base: Entry, head: Entry) -> Pair:
    """Return the pair with its kind: unchanged, format only, changed answer, or rewritten task."""
    if base.text == head.text:
        return Pair("unchanged", base, head)
    between = {name: _formats(name, base, head) for name in FIELDS if getattr(base, name) != getattr(head, name)}
    formats = tuple(dict.fromkeys(one for found in between.values() for one in found or ()))
    fields: tuple[Field_, ...] = tuple(name for name, found in between.items() if found is None)
    if not fields:
        return Pair("format_only", base, head, tuple(between), formats)
    if base.id == head.id or not {"instruction", "input"} & set(fields):
        return Pair("changed", base, head, fields, formats)
    return Pair("rewritten", base, head, fields, formats, score(_task(base), _task(head)))


def _formats(name: Field_, base: Entry, head: Entry) -> tuple[Format, ...] | None:
    return formats_between(getattr(base, name), getattr(head, name)) if name not in _NOT_TEXT else None


def _id(entry: Entry) -> str:
    return entry.id


def _stated_id(entry: Entry) -> str:
    return entry.stated_id


def _before_edit(entry: Entry) -> str:
    """Return the id that a row had before its question was edited by hand, as its provenance says."""
    return (entry.origin.was if entry.origin else "") or entry.id


def _meaning(entry: Entry) -> str:
    return f"{folded(entry.instruction)}\n\n{folded(entry.input)}".lower()


def _answer(entry: Entry) -> str:
    return entry.output.strip() if len(entry.output.strip()) >= _LONG_ANSWER else ""


Joined = tuple[list[tuple[Entry, Entry]], list[Entry], list[Entry]]
"""(pairs, unmatched rows of base, unmatched rows of head)."""


def _joined(
    base: Sequence[Entry],
    head: Sequence[Entry],
    key: Callable[[Entry], str],
    fits: Callable[[Entry, Entry], bool] | None,
) -> Joined:
    """Return rows matched by a key; with `fits`, only keys unique on both sides whose rows fit."""
    theirs = _grouped(head, key)
    found: list[tuple[Entry, Entry]] = []
    for value, left in _grouped(base, key).items():
        right = theirs.get(value, [])
        if not value or not right:
            continue
        if fits is None:
            found += _zipped(left, right)
        elif len(left) == len(right) == 1 and fits(left[0], right[0]):
            found.append((left[0], right[0]))
    taken = {id(entry) for two in found for entry in two}
    return found, _without(base, taken), _without(head, taken)


def _alone(_: Entry, __: Entry) -> bool:
    return True


def _same_row(base: Entry, head: Entry) -> bool:
    """Return whether two rows with the same stated id are one: it is the hash of one of them, or they are related."""
    return base.stated_id in {base.id, head.id} or _related(base, head)


def _related(base: Entry, head: Entry) -> bool:
    """Return whether two rows with the same stated id or answer may be one task; `1` or `Sorry` may be chance."""
    return score(_task(base), _task(head)) > RELATED_ABOVE


def _grouped(entries: Iterable[Entry], key: Callable[[Entry], str]) -> dict[str, list[Entry]]:
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[key(entry)].append(entry)
    return groups


def _zipped(base: list[Entry], head: list[Entry]) -> Iterator[tuple[Entry, Entry]]:
    """Yield pairs of rows with the same id: equal ones first, then by similarity of answers."""
    if len(base) == len(head) == 1:
        yield base[0], head[0]
        return
    same = _grouped(head, lambda entry: "\0".join(entry.text))
    left: list[Entry] = []
    for one in base:
        twins = same["\0".join(one.text)]
        if twins:
            yield one, twins.pop(0)
        else:
            left.append(one)
    right = sorted((one for twins in same.values() for one in twins), key=lambda one: one.text)
    left.sort(key=lambda one: one.text)
    if len(left) * len(right) > _MOST_TWINS:
        yield from zip(left, right, strict=False)
        return
    ranked = sorted((_distance(one, other), i, j) for i, one in enumerate(left) for j, other in enumerate(right))
    yield from ((left[i], right[j]) for i, j in _one_to_one((i, j) for _, i, j in ranked))


def _distance(base: Entry, head: Entry) -> float:
    return Indel.normalized_distance(base.output[:2_000], head.output[:2_000])


def _similar(base: Sequence[Entry], head: Sequence[Entry]) -> Joined:
    """Return unmatched rows of the same language paired by similarity: highest score first, then by id."""
    found: list[tuple[Entry, Entry]] = []
    for language in sorted({entry.language for entry in base}):
        left, right = (
            sorted((one for one in side if one.language == language), key=lambda one: (one.id, one.text))
            for side in (base, head)
        )
        found += _paired(left, right)
    taken = {id(entry) for two in found for entry in two}
    return found, _without(base, taken), _without(head, taken)


def _paired(left: list[Entry], right: list[Entry]) -> Iterator[tuple[Entry, Entry]]:
    """Yield pairs, best first. Above 25 million pairs, match mutual nearest neighbours first."""
    mine, theirs = ([_task(one) for one in side] for side in (left, right))
    while len(left) * len(right) > _MOST_PAIRS and (sure := mutual(mine, theirs, BESIDE_ABOVE)):
        yield from ((left[one.query], right[one.pool]) for one in sure)
        gone, gone_there = {one.query for one in sure}, {one.pool for one in sure}
        left, mine = _others(left, gone), _others(mine, gone)
        right, theirs = _others(right, gone_there), _others(theirs, gone_there)
    near = neighbours(mine, theirs, BESIDE_ABOVE, _PARTNERS)
    ranked = sorted((_rank(left[i], right[j], score_), i, j) for i, j, score_ in near)
    yield from ((left[i], right[j]) for i, j in _one_to_one((i, j) for _, i, j in ranked))


def _rank(base: Entry, head: Entry, score_: float) -> tuple[bool, float]:
    """Return the place of two similar rows: those that are one row before those that only stand beside each other."""
    return score_ < REWRITTEN_FROM and not _same_answer(base, head), -score_


def _others(values: list[_T], gone: set[int]) -> list[_T]:
    return [value for position, value in enumerate(values) if position not in gone]


def _task(entry: Entry) -> list[str]:
    return tokens(f"{entry.instruction}\n{entry.input}"[:4_000])


def _one_to_one(ranked: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    left: set[int] = set()
    right: set[int] = set()
    for i, j in ranked:
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
            yield i, j


def _without(entries: Sequence[Entry], taken: set[int]) -> list[Entry]:
    return [entry for entry in entries if id(entry) not in taken]
