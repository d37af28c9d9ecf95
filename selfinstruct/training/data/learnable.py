"""Which rows this trainer can teach: a model's template decides how tools are called, so rows with tools go to the bigger trainers."""

from collections.abc import Callable, Sequence

from selfinstruct.errors import InputError
from selfinstruct.records import Row


def learnable(rows: Sequence[Row], say: Callable[[str], None]) -> list[Row]:
    """Return the rows that can be taught; `say` hears what is left out. Raises InputError when nothing is left."""
    kept = [row for row in rows if not row.carries_tools]
    if tools := len(rows) - len(kept):
        say(
            f"{tools} of {len(rows)} rows have tools or tool calls and are left out, since without them they would teach something else; "
            "`selfinstruct export` hands them to LLaMA-Factory, axolotl or ms-swift"
        )
    if rows and not kept:
        raise InputError("no row is left to learn; see the message before")
    if pairs := sum(bool(row.rejected) for row in kept):
        say(f"{pairs} rows are preference pairs: the better answer is learned, the worse one is left out")
    if empty := sum(not row.output.strip() for row in kept):
        kept = [row for row in kept if row.output.strip()]
        say(f"{empty} rows with an empty answer are left out: they would teach to say nothing")
    if rows and not kept:
        raise InputError("no row has an answer; write them, or name the field of the answers `output`")
    return kept
