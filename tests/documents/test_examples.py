"""The example documents: forty rows on them quote them word for word, and a run on them that is killed ends in the same bytes."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import selfinstruct as si
from selfinstruct.config import parse_config
from selfinstruct.documents.read import read_documents
from selfinstruct.system.files import PACKAGE
from tests.support.kills import kill_during
from tests.support.mixes import LANGUAGES, dataset_rows
from tests.support.runs import MakeConfig, digest, start
from tests.support.teacher_server import TeacherServer

EXAMPLES = PACKAGE.parent / "examples/documents"


def test_there_are_ten_of_each_language_in_every_form_of_text() -> None:
    found = read_documents(EXAMPLES)
    assert found.left_out == ()
    for language in LANGUAGES:
        files = sorted((EXAMPLES / language).iterdir())
        assert len(files) == 10
        assert {path.suffix for path in files} == {".txt", ".md", ".html", ".jsonl"}
        assert all(1_000 <= path.stat().st_size <= 3_000 for path in files)
        asked = {one.document.partition("#")[0] for one in found.passages if one.language == language}
        assert asked == {f"{language}/{path.name}" for path in files}


@pytest.mark.thorough
def test_forty_rows_quote_their_documents_word_for_word(make_config: MakeConfig, tmp_path: Path) -> None:
    config = make_config("documents", generate__documents=str(EXAMPLES), target={"en": 20, "zh": 20})
    start(config, tmp_path / "run")
    rows = dataset_rows(tmp_path / "run")
    assert Counter(row["language"] for row in rows) == {"en": 20, "zh": 20}
    assert len({row["source"]["document"].partition("#")[0] for row in rows}) > 15
    for row in rows:
        (check,) = row["checks"]
        quote, (first, end) = check["arguments"]["quote"], row["source"]["span"]
        assert quote in set(_at(row["source"]["document"], first, end))
        assert row["input"][slice(*check["span"])] == quote
        if row["source"]["document"].endswith(".txt"):  # which is read as it is
            assert (EXAMPLES / row["source"]["document"]).read_text(encoding="utf-8")[first:end] == quote
    assert not [one for one in si.validate(tmp_path / "run").findings if one.finding.severity == "error"]


def _at(document: str, first: int, end: int) -> Iterator[str]:
    """Yield what the passages of a document have between two of its characters."""
    for one in read_documents(EXAMPLES).passages:
        if one.document == document and one.start <= first and end <= one.start + len(one.text):
            yield one.text[first - one.start : end - one.start]


@pytest.mark.kill
@pytest.mark.parametrize("share", [0.02, 0.2, 0.4, 0.6, 0.75, 0.9])
def test_killed_and_resumed_it_ends_in_the_same_bytes(
    write_config: Callable[..., Path], server: TeacherServer, tmp_path: Path, share: float
) -> None:
    path = write_config("documents")
    text = path.read_text(encoding="utf-8").replace("[generate]", f'[generate]\ndocuments = "{EXAMPLES}"')
    path.write_text(text.replace("en = 3", "en = 20").replace("zh = 3", "zh = 20"), encoding="utf-8")
    config = parse_config(path.read_text(encoding="utf-8"), "test.toml", {})
    start(config, tmp_path / "whole")
    assert len(dataset_rows(tmp_path / "whole")) == 40
    kill_at = int(len(server.requests) * share)
    server.requests.clear()
    kill_during(server, kill_at, path, tmp_path / "killed")
    server.script = lambda _number, _body: None
    start(config, tmp_path / "killed")
    assert digest(tmp_path / "killed") == digest(tmp_path / "whole")
