"""One row of a side, from a line of a file."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from selfinstruct.dataset.diff.rows import Entry, Origin
from selfinstruct.dataset.io.columns import columns_left
from selfinstruct.dataset.io.loaded import Loaded
from selfinstruct.dataset.io.rows import as_row, plain_fields
from selfinstruct.records.place import place

Known = Mapping[tuple[str, ...], Entry]
"""Plain rows of the other side, by their fields and the id that the file states."""
NONE_KNOWN: Known = MappingProxyType({})


def entry_of(one: Loaded, file: str, origins: Mapping[str, Origin], known: Known = NONE_KNOWN) -> Entry:
    """Return a row; one equal to a `known` one is not parsed again."""
    where = place(file, one.line)
    stated = one.value.get("id")
    stated = stated if isinstance(stated, str) else ""
    beside = columns_left(one)
    if one.is_plain and not beside:
        same = known.get((one.language, one.instruction, one.input, one.output, stated))
        if same:
            return same.model_copy(update={"where": where, "origin": origins.get(same.id)})
        fields = plain_fields(one, where)
        return Entry(**fields, where=where, stated_id=stated, origin=origins.get(fields["id"]))
    row = as_row(one, where)
    held = row.model_dump(mode="json", exclude={"output", "rejected"})
    texts = {name: _text(value) for name, value in held.items()}
    return Entry(
        **texts,
        output=row.output,
        rejected=row.rejected,
        left_out="\n\n".join((*one.others, *(f"{key}: {_text(value)}" for key, value in sorted(beside.items())))),
        where=where,
        stated_id=stated,
        origin=origins.get(row.id),
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
