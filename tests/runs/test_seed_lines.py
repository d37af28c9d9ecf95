"""Blank lines, the final newline, and the ends and marks of other systems are no change of a seed file; another word is."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from selfinstruct.config import Config
from selfinstruct.errors import InputError
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.estimate import estimate
from selfinstruct.runs.status import status
from selfinstruct.seeds.read import read_seeds
from selfinstruct.system.files import bundled
from tests.support.runs import digest, start

MakeConfig = Callable[..., Config]
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh"])
LOOKS = {
    "as it was": lambda data: data,
    "no final newline": lambda data: data.removesuffix(b"\n"),
    "blank lines": lambda data: b"\n\n" + data.replace(b"\n", b"\n\n", 3) + b" \n\n",
    "CRLF": lambda data: data.replace(b"\n", b"\r\n"),
    "CRLF, no final newline": lambda data: data.replace(b"\n", b"\r\n").removesuffix(b"\r\n"),
    "byte order mark": lambda data: b"\xef\xbb\xbf" + data,
}


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    shutil.copytree(bundled("seed_tasks"), tmp_path / "seeds")
    return tmp_path / "seeds"


@LANGUAGES
@pytest.mark.parametrize(
    ("before", "after"),
    [*(("as it was", look) for look in LOOKS), ("blank lines", "as it was"), ("no final newline", "CRLF")],
)
@pytest.mark.thorough
def test_a_run_goes_on_whichever_lines_hold_nothing(
    make_config: MakeConfig, tmp_path: Path, seeds: Path, language: str, before: str, after: str
) -> None:
    path, run = seeds / f"{language}.jsonl", RunDirectory(tmp_path / "run")
    data = path.read_bytes()
    path.write_bytes(LOOKS[before](data))
    config = make_config("batch", run__seeds=str(seeds), target={"en": 1, "zh": 1})
    start(config, run.path)
    files, manifest = digest(run.path), json.loads((run.path / "manifest.json").read_bytes())
    path.write_bytes(LOOKS[after](data))
    assert status(config, run)["changed"] == {}
    more = make_config("batch", run__seeds=str(seeds), target={"en": 2, "zh": 2})
    assert not estimate(more, run).notes
    assert start(config, run.path)["stop"] == "target reached"
    assert digest(run.path) == files
    now = json.loads((run.path / "manifest.json").read_bytes())
    assert (now["sources"], now["fingerprint"]) == (manifest["sources"], manifest["fingerprint"])
    start(more, run.path)


@LANGUAGES
@pytest.mark.thorough
def test_a_run_of_an_earlier_version_goes_on_too(
    make_config: MakeConfig, tmp_path: Path, seeds: Path, language: str
) -> None:
    path, run = seeds / f"{language}.jsonl", RunDirectory(tmp_path / "run")
    config = make_config("batch", run__seeds=str(seeds), target={"en": 1, "zh": 1})
    start(config, run.path)
    manifest = run.path / "manifest.json"
    whole, bare = path.read_bytes(), path.read_bytes().removesuffix(b"\n")
    of_lines, of_bytes = (hashlib.sha256(one).hexdigest() for one in (whole, bare))
    assert of_lines == read_seeds(path).sha256  # of the bytes, as it ever was, for a file without oddities
    manifest.write_text(manifest.read_text(encoding="utf-8").replace(of_lines, of_bytes), encoding="utf-8")
    for data in (whole, bare):
        path.write_bytes(data)
        assert status(config, run)["changed"] == {}
        assert start(config, run.path)["sources"][f"seed_tasks/{language}.jsonl"] == of_bytes


@LANGUAGES
def test_another_word_is_a_change(make_config: MakeConfig, tmp_path: Path, seeds: Path, language: str) -> None:
    path, run = seeds / f"{language}.jsonl", RunDirectory(tmp_path / "run")
    config = make_config("batch", run__seeds=str(seeds), target={"en": 1, "zh": 1})
    start(config, run.path)
    first, rest = path.read_text(encoding="utf-8").split("\n", 1)
    one = json.loads(first)
    line = json.dumps(one | {"instruction": f"{one['instruction']}!"}, ensure_ascii=False)
    path.write_text(f"{line}\n{rest}", encoding="utf-8")
    assert status(config, run)["changed"]["asking"] == [f"seed_tasks/{language}.jsonl"]
    with pytest.raises(InputError, match=f"changed: seed_tasks/{language}"):
        start(config, run.path)
