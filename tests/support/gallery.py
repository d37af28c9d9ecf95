"""The committed examples of a report, a diff and a comment on a pull request: of the demo that the repository holds.

python -m tests.support.gallery
"""

import json
import shutil
import tempfile
from contextlib import chdir
from pathlib import Path

import selfinstruct as si
from selfinstruct.records import LanguageCode
from selfinstruct.system.files import PACKAGE, read_jsonl
from selfinstruct.system.writing import write_text

ROOT = PACKAGE.parent
GALLERY = ROOT / "docs" / "gallery"
LANGUAGES: dict[LanguageCode, str] = {"en": "", "zh": ".zh-CN"}
"""Language -> what its files have in their names."""
DEMO = ROOT / "outputs" / "demo" / "dataset"


def edited(folder: Path) -> tuple[Path, Path]:
    """Return the demo's dataset and a copy as a pull request might leave it: rows removed, corrected, reworded and added."""
    base, head = folder / "base", folder / "head"
    for target in (base, head):
        target.mkdir(parents=True)
        for language in ("en", "zh"):
            shutil.copy(DEMO / f"{language}.jsonl", target)
    english = [row for _, row in read_jsonl(head / "en.jsonl")]
    _, *rest = english  # the first one is removed
    first = next(row for row in rest if "checks" not in row)
    rest.remove(first)
    corrected = first | {"output": first["output"].rstrip(".") + ", as the text says."}
    near = {
        "language": "en",
        "instruction": f"{first['instruction']} Please.",
        "input": first["input"],
        "output": first["output"],
    }
    new: dict[str, object] = {
        "language": "en",
        "instruction": "Name two rivers that rise in Switzerland.",
        "input": "",
        "output": "The Rhine and the Rhône.",
    }
    chinese = [row for _, row in read_jsonl(head / "zh.jsonl")]
    place = next(place for place, row in enumerate(chinese) if "checks" not in row and "。" in row["output"])
    chinese[place] = chinese[place] | {"output": chinese[place]["output"].replace("。", "!")}
    _write(head / "en.jsonl", [corrected, *rest, near, new])
    _write(head / "zh.jsonl", chinese)
    return base, head


def _write(path: Path, rows: list[dict[str, object]]) -> None:
    write_text(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def diffs() -> dict[str, str]:
    """Return {file: text} of the diff as a page and as a comment."""
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        found = si.diff(*edited(Path("demo")))
        return {
            f"{name}{end}.{ending}": si.render(found, face, language)
            for language, end in LANGUAGES.items()
            for name, ending, face in (("diff", "html", "html"), ("pull-request", "md", "markdown"))
        }


def write() -> None:
    """Write all of the gallery."""
    GALLERY.mkdir(exist_ok=True)
    for name, text in diffs().items():
        write_text(GALLERY / name, text)
    with chdir(ROOT):
        for language, end in LANGUAGES.items():
            si.report(DEMO.relative_to(ROOT), GALLERY / f"report{end}.html", language=language)


if __name__ == "__main__":
    write()
