"""What a user of the package gets: exactly these files, with prompts and seeds inside."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from selfinstruct.system.files import PACKAGE, bundled, read_text
from selfinstruct.system.wrapping import cells

ROOT = PACKAGE.parent


def test_the_wheel_holds_the_package_its_prompts_and_its_seeds_and_nothing_else(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    code = {f"selfinstruct/{path.relative_to(PACKAGE)}" for path in PACKAGE.rglob("*.py")}
    code |= {"selfinstruct/py.typed", "selfinstruct/teacher/billing/prices.toml"}
    code |= {f"selfinstruct/quality/classifier/weights.{kind}" for kind in ("bin", "json")}
    code |= {f"selfinstruct/{path.relative_to(PACKAGE)}" for path in (PACKAGE / "language").glob("*/*.txt")}
    code |= {f"selfinstruct/api/{name}" for name in ("project.mk", "project_zh.toml", "teachers.toml")}
    code |= {f"selfinstruct/{path.relative_to(PACKAGE)}" for path in (PACKAGE / "cli" / "chinese").glob("*.toml")}
    code |= {
        f"selfinstruct/reports/{room}/page.{kind}"
        for room in ("run", "imported", "comparison")
        for kind in ("css", "js")
    }
    code |= {f"selfinstruct/reports/{name}" for name in ("base.css", "chinese.css")}
    code |= {f"selfinstruct/{path.relative_to(PACKAGE)}" for path in (PACKAGE / "reports" / "chinese").glob("*.toml")}
    code |= {*(f"selfinstruct/review/page.{kind}" for kind in ("css", "js"))}
    code |= {f"selfinstruct/reports/diff/{name}" for name in ("page.css", "page.js", "pull_request.yml")}
    data = {
        f"selfinstruct/_data/{path.relative_to(ROOT)}"
        for folder in ("prompts", "seed_tasks", "comparison_tasks")
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
    }
    assert names == code | data | {"selfinstruct/_data/selfinstruct.toml"}


def test_what_ships_is_found_in_a_checkout() -> None:
    assert (bundled("prompts") / "zh" / "answer.txt").is_file()
    assert (bundled("seed_tasks") / "en.jsonl").is_file()


@pytest.mark.parametrize(
    "path", [*sorted((ROOT / ".github/workflows").glob("*.yml")), PACKAGE / "reports/diff/pull_request.yml"]
)
def test_actions_are_named_by_commit_and_checkouts_keep_no_token(path: Path) -> None:
    text = read_text(path)
    used = re.findall(r"uses: (.*)", text)
    assert used
    assert all(re.fullmatch(r"(actions|pypa)/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one) for one in used)
    assert text.count("persist-credentials: false") == text.count("actions/checkout@")


def test_what_a_workflow_installs_is_locked_by_hash_at_the_versions_that_were_tested() -> None:
    tested = dict(
        line.replace("_", "-").split("==") for line in read_text(ROOT / "constraints.txt").splitlines() if "==" in line
    )
    text = read_text(ROOT / ".github/locked/run.txt") + read_text(ROOT / ".github/locked/build.txt")
    locked = dict(re.findall(r"^([\w.-]+)==([\w.]+)(?= \\\n +--hash=sha256:[0-9a-f]{64})", text, re.MULTILINE))
    assert len(locked) == text.count("==")
    assert {name: version for name, version in locked.items() if name in tested and tested[name] != version} == {}
    project = tomllib.loads(read_text(ROOT / "pyproject.toml"))
    needed = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    assert {re.match(r"[\w-]+", one)[0] for one in needed} <= set(locked)  # type: ignore[index]


@pytest.mark.parametrize("spoken", ["C.UTF-8", "zh_CN.UTF-8"])
def test_the_targets_of_make_fit_into_eighty_columns(spoken: str) -> None:
    environment = {"PATH": os.environ["PATH"], "LC_ALL": spoken}
    shown = subprocess.run(
        ["make", "help"], cwd=ROOT, env=environment, check=True, capture_output=True, encoding="utf-8"
    ).stdout.splitlines()
    assert len(shown) > 10
    assert [line for line in shown if cells(line) > 80] == []
