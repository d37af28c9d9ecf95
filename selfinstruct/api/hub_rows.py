"""Rows of a file or folder that no run wrote, as files of a hub: by language, with a card that claims nothing of how they were made."""

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from selfinstruct.errors import InputError

if TYPE_CHECKING:
    from selfinstruct.dataset.release.reviewed import Reviewed
    from selfinstruct.records import Row

Say = Callable[[str], None]


def files_of_rows(path: Path, say: Say) -> dict[str, bytes]:
    """Return {path in the repository: content} of the rows of a file or folder: those by split as they are split, all others for training.

    Raises InputError for one that holds no row, or rows that reviewers rejected or edited since.
    """
    from selfinstruct.dataset.io.folders import parts
    from selfinstruct.dataset.io.rows import load_rows
    from selfinstruct.dataset.release.files import line_of
    from selfinstruct.dataset.release.lines import REVIEW

    rows = load_rows(path, say)
    check_reviewed(path / REVIEW if path.is_dir() else path.with_name(REVIEW), rows, path)
    by_split: dict[str, list[Row]] = {file.parent.name: [] for file in (parts(path) if path.is_dir() else [])} or {
        "train": rows
    }
    for file in parts(path) if path.is_dir() else []:
        by_split[file.parent.name] += load_rows(file)
    if not any(by_split.values()):
        raise InputError(f"{path}: holds no row to publish")
    files: dict[str, list[bytes]] = {}
    for split, held in by_split.items():
        for row in sorted(held, key=lambda row: row.id):
            files.setdefault(f"{split}/{row.language}.jsonl", []).append(line_of(row))
    return {name: b"".join(lines) for name, lines in files.items()}


def check_reviewed(review: Path, rows: "list[Row]", place: Path) -> None:
    """Raise InputError where rows stand that reviewers rejected or edited: nobody wants to publish them."""
    from selfinstruct.dataset.review.decisions import read_recorded
    from selfinstruct.dataset.review.verdicts import unapplied
    from selfinstruct.system.numbers import amount

    if left := unapplied(read_recorded(review), rows):
        remedy = f"`selfinstruct review {place} --output KEPT` writes the others, then push KEPT"
        if (place / "manifest.json").is_file():
            remedy = f"`selfinstruct filter --run {place}` applies that, then push"
        raise InputError(
            f"{review}: {amount(left, 'row')} that people rejected or edited {'stands' if left == 1 else 'stand'} as before in {place}; {remedy}"
        )


def card_of_rows(path: Path, files: Mapping[str, bytes], reviewed: "Mapping[str, Reviewed]") -> str:
    """Return a card of such files."""
    from selfinstruct.dataset.release.card_metadata import metadata
    from selfinstruct.dataset.release.card_prompts import NAMES
    from selfinstruct.dataset.release.reviewed import reviewed_part
    from selfinstruct.system.faces import markdown

    counts = Counter[str]()
    for name, data in sorted(files.items()):
        counts[Path(name).stem] += data.count(b"\n")
    title = path.resolve().name.partition(".")[0] or path.name
    english = ", ".join(f"{count:,} in {NAMES[language]}" for language, count in counts.items())
    chinese = "，".join(f"{'英文' if language == 'en' else '中文'} {count:,} 条" for language, count in counts.items())
    head = metadata(title, list(counts), counts.total(), sorted(files), "", ["instruction-tuning"])
    body = f"""\
# {markdown(title)}

{counts.total():,} instructions with answers ({english}). They come from a file; how they were made is not written down here.

共 {counts.total():,} 条指令数据（{chinese}），由文件直接发布，怎么来的没有记录在这里。

A row has `id`, `language`, `instruction`, `input` (may be empty) and `output`. The id is a hash of language, instruction and input: an edited
answer keeps it.
"""
    licence = "## Licence\n\nNo licence has been chosen yet: write it into the metadata of this card.\n\n许可证还没有选定：请写进本卡片的元数据。\n"
    return "\n".join([head, body, *reviewed_part(reviewed), licence])
