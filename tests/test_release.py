"""A release: one version, a changelog that dates it, and a workflow in which nothing that has a token runs code of ours."""

import re
import tomllib
from importlib.metadata import version
from itertools import pairwise

import pytest

import selfinstruct
from selfinstruct.system.files import PACKAGE, read_text

ROOT = PACKAGE.parent
FOLDER = ROOT / ".github"


def test_the_version_stands_in_one_place() -> None:
    project = tomllib.loads(read_text(ROOT / "pyproject.toml"))["project"]
    assert selfinstruct.__version__ == version("selfinstruct") == project["version"]
    assert re.findall(r"^version:|__version__ = \"", read_text(ROOT / "CITATION.cff"), re.MULTILINE) == []
    assert [
        path for path in PACKAGE.rglob("*.py") if re.search(r"^__version__ *=", read_text(path), re.MULTILINE)
    ] == []


def test_the_changelog_has_dated_releases_newest_first_and_what_is_unreleased_above_them() -> None:
    sections = re.findall(r"^## (.+)$", read_text(ROOT / "CHANGELOG.md"), re.MULTILINE)
    released = sections[1:] if sections[0] == "Unreleased" else sections
    found = [re.fullmatch(r"(\d+)\.(\d+)\.(\d+) - (\d{4}-\d\d-\d\d)", one) for one in released]
    assert all(found)
    numbers = [tuple(map(int, one.groups()[:3])) for one in found if one]
    assert all(newer > older for newer, older in pairwise(numbers))
    if numbers and sections[0] != "Unreleased":
        assert ".".join(map(str, numbers[0])) == version("selfinstruct")


def test_what_has_a_token_in_the_release_runs_no_code_of_ours() -> None:
    text = read_text(FOLDER / "workflows" / "release.yml")
    jobs = dict(re.findall(r"^  (\w+):\n((?:    .*\n?)+)", text.split("\njobs:\n")[1], re.MULTILINE))
    assert list(jobs) == ["build", "attest", "publish"]
    holds_token = {name for name, job in jobs.items() if "id-token: write" in job}
    assert holds_token == {"attest", "publish"}
    assert [name for name in holds_token if re.search(r"run:|actions/checkout", jobs[name])] == []
    assert re.search(r"^permissions:\n  contents: read$", text, re.MULTILINE)
    assert "secrets." not in text


def test_what_uploads_reads_the_metadata_that_the_build_writes() -> None:
    """Hatchling writes metadata 2.5 since 1.32, which twine reads since 7.0 and the action since v1.14.2; older ones refuse the files at the last step."""
    locked = dict(re.findall(r"^([a-z-]+)==([\d.]+)", read_text(FOLDER / "locked" / "release.txt"), re.MULTILINE))
    used = re.search(r"gh-action-pypi-publish@\w+ # v([\d.]+)", read_text(FOLDER / "workflows" / "release.yml"))
    assert used
    assert _numbers(used[1]) >= (1, 14, 2)
    assert _numbers(locked["twine"]) >= (7, 0)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


@pytest.mark.parametrize("name", ["1-defect.yml", "2-defect-zh.yml"])
def test_a_report_of_a_defect_asks_for_doctor_in_both_languages(name: str) -> None:
    text = read_text(FOLDER / "ISSUE_TEMPLATE" / name)
    assert re.findall(r"^    id: (\w+)", text, re.MULTILINE) == ["happened", "expected", "file", "doctor"]
    assert "label: selfinstruct doctor" in text
