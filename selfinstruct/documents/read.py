"""Reading documents: a file or a folder of text, Markdown, HTML, JSON Lines, and PDF with the extra `documents`."""

import hashlib
import io
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from selfinstruct.documents.markup import text_of_html
from selfinstruct.documents.passages import Passage, passages_of
from selfinstruct.errors import InputError, RecordError
from selfinstruct.language.guess import guess_language
from selfinstruct.system.encoding import HEAD, encoding_of
from selfinstruct.system.extras import install_command
from selfinstruct.system.files import read_jsonl

SUFFIXES = (".txt", ".md", ".html", ".htm", ".jsonl", ".pdf")
MOST_BYTES = 50_000_000
"""Size of one document; a larger one is refused by name."""


class Documents(NamedTuple):
    """The passages of all documents, by name and offset."""

    passages: tuple[Passage, ...] = ()
    sha256: dict[str, str] = {}  # noqa: RUF012 - never changed
    """{`documents/<name>`: sha256 of its text}."""


def read_documents(place: Path | None) -> Documents:
    """Return the passages of a file, or of all files below a folder; none for None.

    Raises InputError, naming the file and the remedy, for one that is missing, binary, too large or of another kind.
    """
    if place is None:
        return Documents()
    if not place.exists():
        raise InputError(f"{place}: no such file or folder; correct [generate] documents")
    files = _files(place)
    passages: list[Passage] = []
    sha256: dict[str, str] = {}
    for path in files:
        name = path.relative_to(place).as_posix() if place.is_dir() else path.name
        for part, text in _texts(path, name):
            sha256[f"documents/{part}"] = hashlib.sha256(text.encode("utf-8")).hexdigest()
            passages += passages_of(part, text, guess_language(text))
    if not passages:
        raise InputError(
            f"{place}: holds no text to ask about ({', '.join(SUFFIXES)}); put documents there, or correct [generate] documents"
        )
    return Documents(tuple(passages), sha256)


def _files(place: Path) -> list[Path]:
    """Return the file, or the files below a folder, links that lead nowhere included."""
    if not place.is_dir():
        return [place]
    return sorted(path for path in place.rglob("*") if path.suffix.lower() in SUFFIXES and not path.is_dir())


def _texts(path: Path, name: str) -> Iterator[tuple[str, str]]:
    """Yield (name, text) of the documents in a file: one, or one for each line of JSON Lines."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise InputError(
                f"{path}: has {size:,} bytes, more than {MOST_BYTES:,}; split it, or take it out of the folder"
            )
        yield from _read(path, name)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error}); take it out of the folder") from error


def _read(path: Path, name: str) -> Iterator[tuple[str, str]]:
    suffix = path.suffix.lower()
    if suffix == ".jsonl":
        yield from _lines(path, name)
        return
    text = _pdf(path) if suffix == ".pdf" else _decoded(path)
    yield name, _clean(text_of_html(text) if suffix in {".html", ".htm"} else text)


def _lines(path: Path, name: str) -> Iterator[tuple[str, str]]:
    for number, value in read_jsonl(path):
        text = value.get("text", value.get("content"))
        if not isinstance(text, str):
            raise RecordError(
                f"{path}:{number}: field `text` is missing or no text; a document of a JSON Lines file stands there"
            )
        yield f"{name}#{number}", _clean(text)


def _decoded(path: Path) -> str:
    """Return the text of a file in UTF-8, UTF-16 or GB18030."""
    data = path.read_bytes()
    encoding = encoding_of(data[:HEAD])
    if b"\0" in data[:HEAD] and encoding == "utf-8":
        raise InputError(f"{path}: is binary, not text; take it out of the folder")
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}: byte {error.start:,} is not {encoding.upper()}; save the file as UTF-8, or take it out of the folder"
        ) from error


def _pdf(path: Path) -> str:
    """Return the text of a PDF, pages parted by blank lines."""
    try:
        import pypdf
    except ImportError as error:
        raise InputError(
            f"{path}: a PDF needs pypdf, which is not installed: {install_command('documents')}"
        ) from error

    try:
        return "\n\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(path.read_bytes())).pages)
    except Exception as error:  # a broken file leads pypdf to errors of any kind
        raise InputError(f"{path}: cannot be read as a PDF ({type(error).__name__}); save its text as .txt") from error


def _clean(text: str) -> str:
    """Return a text as passages have it: NFC, lines that end in a line feed, no blanks at their ends, no half of a surrogate pair."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    lines = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()
