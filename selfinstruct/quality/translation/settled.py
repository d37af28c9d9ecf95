"""What two texts say alike in other words is settled: it is taken out of both before their figures are compared. What they say otherwise is a fault."""

from collections.abc import Iterable, Sequence
from typing import Final

from selfinstruct.quality.translation.amounts import amounts
from selfinstruct.quality.translation.clock import times
from selfinstruct.quality.translation.periods import periods
from selfinstruct.quality.translation.readings import Meaning, Reading
from selfinstruct.quality.translation.shares import shares
from selfinstruct.records import LanguageCode

_READERS: Final = (times, amounts, shares, periods)
_HALF_DAY: Final = 12 * 60


def settled(before: str, after: str, to: LanguageCode) -> tuple[str, str, str]:
    """Return both texts without the amounts that they have in common, and what they contradict each other in, or "".

    >>> settled("In half an hour, 5 of us.", "半小时后，我们5个人。", "zh")
    ('In  ,   of us.', ' 后，我们 人。', '')
    """
    wanted = _readings(before, "en" if to == "zh" else "zh")
    found = _readings(after, to)
    alike = _alike(wanted, found)
    common, also = ([one for one in readings if not one.meanings.isdisjoint(alike)] for readings in (wanted, found))
    fault = _contradiction(_left(wanted, common), _left(found, also), before, after)
    return _without(before, common), _without(after, also), fault


def _readings(text: str, language: LanguageCode) -> list[Reading]:
    return [one for reader in _READERS for one in reader(text, language)]


def _alike(wanted: Sequence[Reading], found: Sequence[Reading]) -> set[Meaning]:
    """Return the meanings that stand on both sides; those that are plain on both are left to the comparison of figures."""
    special, also_special = (_meanings(one for one in readings if not one.plain) for readings in (wanted, found))
    return (special & _meanings(found)) | (_meanings(wanted) & also_special)


def _meanings(readings: Iterable[Reading]) -> set[Meaning]:
    return {meaning for one in readings for meaning in one.meanings}


def _covered(spans: Sequence[Reading]) -> list[tuple[int, int]]:
    """Return the parts of a text that readings cover, in order, those that touch as one."""
    parts: list[tuple[int, int]] = []
    for start, end in sorted((one.start, one.end) for one in spans):
        if parts and start < parts[-1][1]:
            parts[-1] = parts[-1][0], max(end, parts[-1][1])
        else:
            parts.append((start, end))
    return parts


def _left(readings: Sequence[Reading], shared: Sequence[Reading]) -> list[Reading]:
    """Return the readings that can contradict one, and that share no character with a settled part."""
    parts, number, left = _covered(shared), 0, []
    for one in sorted((one for one in readings if one.kind), key=lambda one: one.start):
        while number < len(parts) and parts[number][1] <= one.start:
            number += 1
        if number == len(parts) or parts[number][0] >= one.end:
            left.append(one)
    return left


def _without(text: str, shared: Sequence[Reading]) -> str:
    kept, end = [], 0
    for start, stop in _covered(shared):
        kept.append(text[end:start])
        end = stop
    return " ".join([*kept, text[end:]])


def _contradiction(wanted: Sequence[Reading], found: Sequence[Reading], before: str, after: str) -> str:
    others = {_opposite(one): one for one in found}
    for one in wanted:
        if other := others.get(_key(one)):
            return f"has {after[other.start : other.end].strip()} for {before[one.start : one.end].strip()}"
    return ""


def _key(one: Reading) -> tuple[str, str]:
    if one.kind != "time":
        return one.kind, ""
    return one.kind, str(next(int(value) for _, value in one.meanings))


def _opposite(one: Reading) -> tuple[str, str]:
    """Return the key of what a reading contradicts: the other half of the day, a half that became a whole, another of its kind."""
    kind, minutes = _key(one)
    if kind == "time":
        return kind, str((int(minutes) + _HALF_DAY) % (2 * _HALF_DAY))
    if kind.endswith((" half", " whole")):
        unit, _, size = kind.rpartition(" ")
        return f"{unit} {'whole' if size == 'half' else 'half'}", ""
    return kind, minutes
