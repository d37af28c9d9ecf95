"""Reading documents: a file or a folder of text, Markdown, HTML, JSON Lines, and PDF with the extra `documents`."""

import hashlib
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from selfinstruct.documents.lines import joined_pages, joined_words
from selfinstruct.documents.markdown import text_of_markdown
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
_NAMED: Final = 5
"""Names in one line."""
_UNSEEN: Final = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
"""Marks that nobody sees and a teacher leaves out of a quotation: soft hyphens, joins and breaks without width, directions."""
_BREAKS: Final = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS: Final = re.compile("[\0-\x08\x0e-\x1f\x7f]")
_LICENCE: Final = re.compile(r"\*\*\* ?(START|END) OF TH(?:E|IS) PROJECT GUTENBERG EBOOK[^*]*\*\*\*")


class Documents(NamedTuple):
    """The passages of all documents, by name and offset."""

    passages: tuple[Passage, ...] = ()
    sha256: dict[str, str] = {}  # noqa: RUF012 - never changed
    """{`documents/<name>`: sha256 of its text}."""
    left_out: tuple[str, ...] = ()
    """What is to be said of files that were not read, or hold nothing to ask about."""


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
    first: dict[str, str] = {}
    again: list[str] = []
    for path in files:
        name = path.relative_to(place).as_posix() if place.is_dir() else path.name
        for part, text in _texts(path, name):
            sha256[f"documents/{part}"] = digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
            if text.strip() and first.setdefault(digest, part) != part:
                again.append(part)
                continue
            passages += passages_of(part, text, guess_language(text))
    if not passages:
        raise InputError(
            f"{place}: holds no text to ask about ({', '.join(SUFFIXES)}); put documents there, or correct [generate] documents"
        )
    silent = sorted(
        {name.removeprefix("documents/") for name in sha256} - {one.document for one in passages} - {*again}
    )
    told = (
        (_others(place), "not read, of other kinds"),
        (silent, "too short to ask about, or without text"),
        (again, "the same text as a document before, asked about once"),
    )
    return Documents(
        tuple(passages), sha256, tuple(f"{place}: {what}: {_listed(names)}" for names, what in told if names)
    )


def _files(place: Path) -> list[Path]:
    """Return the file, or the files below a folder, links that lead nowhere included."""
    return [path for path in _all(place) if path.suffix.lower() in SUFFIXES] if place.is_dir() else [place]


def _others(place: Path) -> list[str]:
    """Return the names of the files below a folder that are of other kinds."""
    return [path.relative_to(place).as_posix() for path in _all(place) if path.suffix.lower() not in SUFFIXES]


def _all(place: Path) -> list[Path]:
    """Return all files below a folder, without those that begin with a dot, or stand in a folder that does."""
    found = sorted(path for path in place.rglob("*") if not path.is_dir()) if place.is_dir() else []
    return [path for path in found if not any(part.startswith(".") for part in path.relative_to(place).parts)]


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


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
    if suffix == ".pdf":
        yield name, joined_words(_clean(_pdf(path)))
    elif suffix in {".html", ".htm"}:
        yield name, _clean(text_of_html(_decoded(path)))
    else:
        text = _clean(_decoded(path))
        yield name, _clean(text_of_markdown(text)) if suffix == ".md" else joined_words(text)


def _lines(path: Path, name: str) -> Iterator[tuple[str, str]]:
    for number, value in read_jsonl(path):
        text = _text_of(value.get("text", value.get("content")))
        if text is None:
            raise RecordError(
                f"{path}:{number}: field `text` is missing or no text; a document of a JSON Lines file stands there"
            )
        yield f"{name}#{number}", _clean(text)


def _text_of(value: Any) -> str | None:
    """Return a text that stands as it is, or in parts: a list of texts, or of objects with a `text` or `content`; None for anything else."""
    if isinstance(value, str):
        return value
    parts = [one.get("text", one.get("content")) if isinstance(one, dict) else one for one in _list(value)]
    texts = [part for part in parts if isinstance(part, str)]
    return "\n\n".join(texts) if texts and len(texts) == len(parts) else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


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
    """Return the text of a PDF."""
    try:
        import pypdf
    except ImportError as error:
        raise InputError(
            f"{path}: a PDF needs pypdf, which is not installed: {install_command('documents')}"
        ) from error

    try:
        return joined_pages([page.extract_text() for page in pypdf.PdfReader(io.BytesIO(path.read_bytes())).pages])
    except Exception as error:  # a broken file leads pypdf to errors of any kind
        raise InputError(f"{path}: cannot be read as a PDF ({type(error).__name__}); save its text as .txt") from error


def _clean(text: str) -> str:
    """Return a text as passages have it: NFC, lines that end in a line feed, no blanks at their ends, nothing that cannot be seen.

    Of an eBook of Project Gutenberg what stands between its two marks.
    """
    text = _CONTROLS.sub(" ", _BREAKS.sub("\n", _UNSEEN.sub("", text.encode("utf-8", "replace").decode("utf-8"))))
    marks = {found[1]: found.span() for found in _LICENCE.finditer(text)}
    held = text[marks["START"][1] if "START" in marks else 0 : marks["END"][0] if "END" in marks else None]
    lines = unicodedata.normalize("NFC", held).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()
