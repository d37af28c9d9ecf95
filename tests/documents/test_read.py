"""Documents that cannot be read are named, with what to do, by the library and by the command."""

from collections.abc import Callable
from pathlib import Path

import pytest

from selfinstruct.documents import read
from selfinstruct.documents.read import read_documents
from selfinstruct.errors import InputError, RecordError
from tests.support.command import Cli
from tests.support.mixes import paragraphs

BROKEN: list[tuple[str, bytes, str]] = [
    ("a.txt", b"\0\1\2" * 60, "a.txt: is binary, not text; take it out of the folder"),
    ("a.md", b"caf\xe9 " * 90, "a.md: byte 3 is not UTF-8; save the file as UTF-8"),
    ("a.html", b"<p>\0</p>" * 20, "a.html: is binary"),
    ("a.jsonl", b'{"txet": "x"}\n', "a.jsonl:1: field `text` is missing or no text"),
    ("a.jsonl", b'{"text": "x"}\n{"text": 5}\n', "a.jsonl:2: field `text` is missing or no text"),
    ("a.jsonl", b"[1]\n", "a.jsonl:1: not a JSON object"),
    ("a.jsonl", '{"text": "中文"}\n'.encode("gb18030"), "a.jsonl:1: not UTF-8"),
    ("a.txt", b"", "holds no text to ask about"),
    ("a.txt", b"Too short.", "holds no text to ask about"),
    ("a.jsonl", b"", "holds no text to ask about"),
    ("a.docx", b"PK\3\4", "holds no text to ask about"),
]


@pytest.mark.parametrize(("name", "data", "said"), BROKEN)
def test_a_document_that_cannot_be_read_is_named(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises((InputError, RecordError)) as error:
        read_documents(tmp_path)
    assert said in str(error.value)
    assert str(tmp_path) in str(error.value)


@pytest.mark.parametrize(("name", "data", "said"), [*BROKEN[:1], *BROKEN[3:4], *BROKEN[6:8], ("", b"", "no such file")])
def test_the_command_exits_2(
    selfinstruct: Cli, write_config: Callable[..., Path], tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    if name:
        (tmp_path / "docs").mkdir()
        (tmp_path / "docs" / name).write_bytes(data)
    path = write_config("documents")
    text = path.read_text(encoding="utf-8").replace("[generate]", '[generate]\ndocuments = "docs"')
    path.write_text(text, encoding="utf-8")
    done = selfinstruct("generate")
    assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (2, True, False), done.stderr


def test_links_that_lead_nowhere_and_folders_named_like_files(tmp_path: Path) -> None:
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "folder.txt" / "en.md").write_text(paragraphs("en"), encoding="utf-8")
    assert {one.document for one in read_documents(tmp_path).passages} == {"folder.txt/en.md"}
    (tmp_path / "link.txt").symlink_to(tmp_path / "nowhere")
    with pytest.raises(InputError, match=r"link\.txt: cannot be read \(No such file"):
        read_documents(tmp_path)


def test_one_that_is_too_large_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text(paragraphs("en"), encoding="utf-8")
    monkeypatch.setattr(read, "MOST_BYTES", 1_000)
    with pytest.raises(InputError, match=r"a\.txt: has 1,937 bytes, more than 1,000; split it"):
        read_documents(tmp_path)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_text_in_the_encodings_that_people_have(tmp_path: Path, encoding: str) -> None:
    for name, held in (("a", "utf-8"), ("b", encoding)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "zh.txt").write_text(paragraphs("zh"), encoding=held)
    assert read_documents(tmp_path / "b") == read_documents(tmp_path / "a")
    assert read_documents(tmp_path / "a").passages[0].language == "zh"


def test_one_file_is_read_like_a_folder_of_it(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "en.txt").write_text(paragraphs("en"), encoding="utf-8")
    (tmp_path / "docs" / "notes.rst").write_text(paragraphs("en"), encoding="utf-8")
    one, all_of_it = read_documents(tmp_path / "docs" / "en.txt"), read_documents(tmp_path / "docs")
    assert (one.passages, one.sha256) == (all_of_it.passages, all_of_it.sha256)
    assert read_documents(None).passages == ()


def test_content_is_taken_for_text_and_half_a_pair_of_surrogates_can_be_sent(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"content": "\\ud83d ' + b"The mill was built in 1820. " * 20 + b'"}\n')
    (passage,) = read_documents(path).passages
    assert passage.document == "a.jsonl#1"
    assert passage.text.encode("utf-8").startswith(b"? The mill")


def _pdf(text: str) -> bytes:
    stream = f"BT /F1 12 Tf 10 100 Td ({text}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> /MediaBox [0 0 900 200] >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + b"xref\n0 6\n0000000000 65535 f \n%strailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(data),
    )


def test_a_pdf_is_read_and_a_broken_one_named(tmp_path: Path) -> None:
    pytest.importorskip("pypdf")
    text, path = "The mill was built in 1820 by a family of weavers. " * 8, tmp_path / "a.pdf"
    path.write_bytes(_pdf(text.strip()))
    (passage,) = read_documents(tmp_path).passages
    assert (passage.start, passage.document) == (0, "a.pdf")
    assert passage.text.split() == text.split()
    whole = path.read_bytes()
    for cut in (0, 9, 200, len(whole) // 2):
        path.write_bytes(whole[:cut])
        with pytest.raises(InputError, match=r"a\.pdf: cannot be read as a PDF|holds no text"):
            read_documents(tmp_path)


def test_the_same_text_under_two_names_is_asked_about_once(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(paragraphs("en"), encoding="utf-8")
    (tmp_path / "c.txt").write_text(paragraphs("zh"), encoding="utf-8")
    found = read_documents(tmp_path)
    assert {one.document for one in found.passages} == {"a.txt", "c.txt"}
    assert set(found.sha256) == {"documents/a.txt", "documents/b.txt", "documents/c.txt"}
    assert found.left_out == (f"{tmp_path}: the same text as a document before, asked about once: b.txt",)
