"""Build a release and prove it in a bare environment: what a stranger installs does what the README says, without a network or a key.

    make release                       # dist/ holds a wheel and an archive that passed
    make release ARGS="--tag v0.2.0"   # and the version, the changelog and the tag agree

Nothing is published here: `.github/workflows/release.yml` does that with the files that passed.
"""

import argparse
import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import venv
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DIST = ROOT / "dist"
RECORDED = ROOT / "tests" / "support" / "recorded"
ROWS = (
    {"instruction": "Name a river in France.", "input": "", "output": "The Loire."},
    {"instruction": "Name a river in France!", "input": "", "output": "The Rhône."},
    {"instruction": "给出三个保持健康的提示。", "input": "", "output": "早睡、多走、少盐。"},
    {"instruction": "说出一条河流。", "input": "", "output": "岷江。"},
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tag", help="the tag of the release, which version and changelog must agree with")
    tag = parser.parse_args().tag
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    if tag:
        _agree(version, tag)
    wheel = _build(version)
    with tempfile.TemporaryDirectory() as folder:
        tool = _install(wheel, Path(folder) / "venv")
        _try(tool, version, Path(folder))
    for path in sorted(DIST.iterdir()):
        print(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}")


def _agree(version: str, tag: str) -> None:
    """End with a message unless the tag is the version's and the changelog has a dated section of it, with nothing unreleased above."""
    sections = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    if tag != f"v{version}":
        sys.exit(f"release: the tag is {tag}, but pyproject.toml has {version}")
    if not re.fullmatch(rf"{re.escape(version)} - \d{{4}}-\d\d-\d\d", sections[0]):
        sys.exit(f"release: CHANGELOG.md begins with `## {sections[0]}`; it should be `## {version} - YYYY-MM-DD`")


def _build(version: str) -> Path:
    shutil.rmtree(DIST, ignore_errors=True)
    _run(sys.executable, "-P", "-m", "build", "--no-isolation", "--outdir", str(DIST), str(ROOT), cwd=ROOT)
    _run(sys.executable, "-P", "-m", "twine", "check", "--strict", *map(str, DIST.iterdir()), cwd=ROOT)
    names = sorted(path.name for path in DIST.iterdir())
    if names != [f"selfinstruct-{version}-py3-none-any.whl", f"selfinstruct-{version}.tar.gz"]:
        sys.exit(f"release: dist/ holds {', '.join(names)}")
    return DIST / names[0]


def _install(wheel: Path, environment: Path) -> Path:
    """Install the wheel with the newest dependencies that it allows, as a stranger gets them, and return its command."""
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    _run(
        str(python), "-P", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel), cwd=environment
    )
    return environment / "bin" / "selfinstruct"


def _try(tool: Path, version: str, folder: Path) -> None:
    """Run what a newcomer runs first, in a folder that has nothing of this repository."""
    work = folder / "work"
    work.mkdir()
    rows = work / "rows.jsonl"
    rows.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS), encoding="utf-8")
    told = json.loads(_run(tool, "doctor", "--json", cwd=work))
    _expect("doctor", (told["selfinstruct"]["version"], told["packages"]["core"]["complete"]), (version, True))
    _run(tool, "init", "project", "--teacher", "embedded", cwd=work)
    _run(tool, "seeds", cwd=work / "project")
    output = ("--output", "kept.jsonl", "--rejected", "dropped.jsonl", "--json")
    _expect("filter", json.loads(_run(tool, "filter", rows, *output, cwd=work)), {"rows": 4, "kept": 3, "dropped": 1})
    _expect("validate", json.loads(_run(tool, "validate", "kept.jsonl", "--json", cwd=work))["rows"], 3)
    changes = json.loads(_run(tool, "diff", rows, "kept.jsonl", "--json", cwd=work))["counts"]
    _expect("diff", (changes["removed"], changes["unchanged"]), (1, 3))
    for name in ("batch", "steered"):
        _expect(f"the recorded run {name}", *_replay(tool, name, work / name))


def _replay(tool: Path, name: str, work: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Filter a recorded run from its journal, and return the digests that came out and those that were recorded."""
    journal = work / "outputs" / "run" / "journal"
    journal.mkdir(parents=True)
    shutil.copytree(RECORDED / "seed_tasks", work / "seed_tasks")
    shutil.copy(RECORDED / name / "selfinstruct.toml", work)
    (journal / "000001.jsonl").write_bytes(gzip.decompress((RECORDED / name / "journal.jsonl.gz").read_bytes()))
    _run(tool, "filter", "--run", "outputs/run", "--quiet", cwd=work)
    lines = (RECORDED / name / "sha256sums").read_text(encoding="utf-8").splitlines()
    recorded = dict(reversed(line.split("  ")) for line in lines)
    return {file: hashlib.sha256((journal.parent / file).read_bytes()).hexdigest() for file in recorded}, recorded


def _expect(what: str, found: object, wanted: object) -> None:
    pairs = _pairs(found, wanted)
    if any(one != other for one, other in pairs):
        sys.exit(f"release: {what}: {found!r}, but {wanted!r} is right")
    print(f"{what}: as it should be", flush=True)


def _pairs(found: object, wanted: object) -> Iterator[tuple[object, object]]:
    """Yield what is compared: of two mappings the keys that are wanted."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        yield from ((found.get(key), value) for key, value in wanted.items())
    else:
        yield found, wanted


def _run(command: Path | str, *arguments: Path | str, cwd: Path) -> str:
    """Return the output of a command that must succeed; nothing of this environment or of a shell's settings reaches it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "SELFINSTRUCT_"))}
    done = subprocess.run(
        [str(command), *map(str, arguments)], cwd=cwd, env=kept, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"release: {' '.join(map(str, (command, *arguments)))}: exit {done.returncode}\n{done.stdout[-3000:]}")
    return done.stdout


if __name__ == "__main__":
    main()
