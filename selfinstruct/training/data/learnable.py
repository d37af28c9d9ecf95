"""Which rows have something to teach."""

from collections.abc import Callable, Sequence

from selfinstruct.dataset.export.told import answer_is_call
from selfinstruct.errors import InputError
from selfinstruct.records import Row
from selfinstruct.system.numbers import amount


def learnable(rows: Sequence[Row], say: Callable[[str], None]) -> list[Row]:
    """Return the rows that can be taught; `say` hears what is left out. Raises InputError when nothing is left."""
    if pairs := sum(bool(row.rejected) for row in rows):
        say(f"preference pairs: {amount(pairs, 'row')}; the better answer is learned, the worse one is left out")
    kept = [row for row in rows if row.output.strip() or answer_is_call(row)]
    if empty := len(rows) - len(kept):
        say(f"{amount(empty, 'row')} with an empty answer left out: that would teach to say nothing")
    if rows and not kept:
        raise InputError("no row has an answer; write them, or name the field of the answers `output`")
    return kept
