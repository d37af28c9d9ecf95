"""What is no file of rows at all, named as what it is."""

from pathlib import Path

from selfinstruct.errors import InputError

_UNPACK = "unpack it first"
_BEGINNINGS: tuple[tuple[bytes, str, str], ...] = (
    (
        b"version https://git-lfs.github.com/spec/",
        "a Git LFS pointer, which stands for the file",
        "run `git lfs pull`, or download the file itself",
    ),
    (b"%PDF-", "a PDF", "rows are JSON lines, a JSON array, CSV or Parquet"),
    (b"\x1f\x8b", "gzipped", "give it a name that ends in .gz"),
    (b"BZh", "compressed by bzip2", _UNPACK),
    (b"\xfd7zXZ\0", "compressed by xz", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "compressed by zstd", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
    (b"Rar!\x1a\x07", "a rar archive", _UNPACK),
    (b"PK\x03\x04", "a zip archive or a spreadsheet", "unpack it, or give a spreadsheet a name that ends in .xlsx"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file", "save it as .xlsx or .csv"),
    (b"PAR1", "Parquet", "give it a name that ends in .parquet"),
    (b"ARROW1", "an Arrow file", 'write it as Parquet: `Dataset.from_file("FILE").to_parquet("rows.parquet")`'),
    (
        b"\xff\xff\xff\xff",
        "an Arrow stream",
        'write it as Parquet: `Dataset.from_file("FILE").to_parquet("rows.parquet")`',
    ),
    (
        b"SQLite format 3\0",
        "a SQLite database",
        "export the table as CSV: `sqlite3 -header -csv FILE 'select * from TABLE'`",
    ),
    (b"\x93NUMPY", "a NumPy array", "write its rows as JSON lines"),
    (b"\x89HDF", "an HDF5 file", "write its rows as JSON lines"),
    (b"\x80\x02", "a Python pickle, which runs code when it is read", "write its rows as JSON lines"),
    (b"\x80\x03", "a Python pickle, which runs code when it is read", "write its rows as JSON lines"),
    (b"\x80\x04", "a Python pickle, which runs code when it is read", "write its rows as JSON lines"),
    (b"\x80\x05", "a Python pickle, which runs code when it is read", "write its rows as JSON lines"),
    (b"<?xml", "XML", "write its rows as JSON lines"),
)
_PAGES = (b"<!doctype html", b"<html", b"<head", b"<!-- html")


def refuse_other_files(head: bytes, path: Path) -> None:
    """Raise InputError when the beginning of a file says that it holds no rows."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:20].lower().startswith(_PAGES):
        raise InputError(
            f"{path}: is a web page, saved in place of the file; take the link to the file itself (GitHub: the button Raw; Hugging Face: "
            "/resolve/ in place of /blob/)"
        )
    for beginning, what, remedy in _BEGINNINGS:
        if text.startswith(beginning):
            raise InputError(f"{path}: is {what}; {remedy}")


def hint_of(line: str) -> str:
    """Return what a line that is no JSON seems to be, with a remedy; "" where nothing is sure."""
    if line.startswith(("{'", "[{'")):
        return "it is written as Python writes a dict; write it with json.dumps"
    if line.startswith("---") or (line.startswith("- ") and ":" in line):
        return "it looks like YAML; convert it to JSON lines"
    if not line.startswith(("{", "[")) and (line.count(",") or line.count("\t")):
        return "it looks like a table; give it a name that ends in .csv or .tsv"
    return ""
