"""The files of a dataset: all rows of a language in one file, the same rows by split, and git attributes.

    en.jsonl            all rows, sorted by id                 train/en.jsonl      training rows
    .gitattributes      line ends, generated files             held_out/en.jsonl   validation rows

A split file above 20 MB becomes shards `train/en-0.jsonl`, `train/en-1.jsonl`, by the first bits of the id, so that a
row stays in its shard when others are added; a shard above 20 MB is split again. Shards in the order of their names are
sorted by id. The whole file is then ignored by git. The same rows always give the same bytes.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from selfinstruct.records import Row
from selfinstruct.system.files import to_line

LARGEST = 20_000_000
"""Most bytes of a file in git; hosting services neither show nor merge much larger ones."""
SPLITS = ("train", "held_out")
_BITS = 64
"""Bits of an id."""
ATTRIBUTES = """\
*.jsonl text eol=lf
# The same rows again, by split: not to be reviewed twice.
train/*.jsonl linguist-generated
held_out/*.jsonl linguist-generated
"""


class File(NamedTuple):
    """One file of a dataset."""

    rows: int
    data: bytes


class LanguageFiles(NamedTuple):
    """The files of one language, by path in the dataset folder."""

    whole: dict[str, File]
    """One file: `<language>.jsonl`."""
    by_split: dict[str, File]


def files_of(language: str, rows: Sequence[Row], validation: Sequence[bool], largest: int = LARGEST) -> LanguageFiles:
    """Return the files of one language; `validation` says for each row whether it is a validation row."""
    lines = sorted((row.id, line_of(row), flag) for row, flag in zip(rows, validation, strict=True))
    whole = {f"{language}.jsonl": _file([line for _, line, _ in lines])}
    by_split = {}
    for name in SPLITS:
        wanted = [(identifier, line) for identifier, line, flag in lines if flag == (name == "held_out")]
        for bits, shard in _shards(wanted, "", largest):
            by_split[f"{name}/{language}{'-' if bits else ''}{bits}.jsonl"] = _file(shard)
    return LanguageFiles(whole, by_split)


def stale(folder: Path, language: str, files: LanguageFiles) -> list[Path]:
    """Return the split files of an earlier emission that this one does not have."""
    shapes = (f"{split}/{language}{ending}.jsonl" for split in SPLITS for ending in ("", "-[01]*"))
    found = (path for shape in shapes for path in folder.glob(shape))
    return [path for path in found if path.relative_to(folder).as_posix() not in files.by_split]


def ignored(files: Mapping[str, LanguageFiles], largest: int = LARGEST) -> str:
    """Return the text of `.gitignore`: whole files that are too large, whose shards git has; may be empty."""
    large = [name for one in files.values() for name, file in one.whole.items() if len(file.data) > largest]
    return "".join(f"/{name}\n" for name in large)


def line_of(row: Row) -> bytes:
    """Return a row as a JSON line, with its line end."""
    return (to_line(row.model_dump()) + "\n").encode("utf-8")


def _file(lines: Sequence[bytes]) -> File:
    return File(len(lines), b"".join(lines))


def _shards(lines: Sequence[tuple[str, bytes]], bits: str, largest: int) -> Iterator[tuple[str, list[bytes]]]:
    """Yield (bits, lines) of shards below the limit, in the order of ids; bits are the common first bits of the ids."""
    if sum(len(line) for _, line in lines) <= largest or len(lines) < 2 or len(bits) == _BITS:
        yield bits, [line for _, line in lines]
        return
    for bit in "01":
        part = [one for one in lines if f"{int(one[0], 16):0{_BITS}b}".startswith(bits + bit)]
        yield from _shards(part, bits + bit, largest)
