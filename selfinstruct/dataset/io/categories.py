"""The optional category of each row, read from a field `category`; rows of our own datasets have none."""

from pathlib import Path

from selfinstruct.dataset.io.folders import files_in
from selfinstruct.dataset.io.parse import load
from selfinstruct.dataset.io.rows import as_row
from selfinstruct.records.place import place


def load_categories(path: Path) -> dict[str, str]:
    """Return {row id: category} of the rows of a file or folder that have one."""
    files = files_in(path)
    return {
        as_row(one, place(file, one.line)).id: str(one.value["category"])
        for file in files
        for one in load(file)
        if one.value.get("category")
    }
