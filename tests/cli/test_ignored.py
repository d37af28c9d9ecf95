"""What git leaves out of a project and of the clone: journals at any depth, and nothing that a reviewer reads."""

import subprocess
from pathlib import Path

import pytest

import selfinstruct as si

ROOT = Path(__file__).parents[2]
COMPARED = "outputs/compare/A-vs-B"
LEFT_OUT = (
    "outputs/demo/journal/000001.jsonl",
    "outputs/demo/journal/lock",
    f"{COMPARED}/judge/journal/000001.jsonl",
    f"{COMPARED}/a/journal/reserve",
    "outputs/demo/rejected.jsonl",
    "outputs/views/best/rejected.jsonl",
    "outputs/demo/report.html",
    "outputs/demo/finetune/lora/adapter_model.safetensors",
    "outputs/demo/dataset.before-2/en.jsonl",
    "outputs/demo/dataset/train/.en.jsonl.a1b2c3d4",
)
KEPT = (
    "outputs/demo/review.jsonl",
    "outputs/demo/dataset/en.jsonl",
    "outputs/demo/dataset/held_out/zh.jsonl",
    "outputs/demo/dataset/.gitattributes",
    "outputs/demo/dataset/.gitignore",
    "outputs/demo/dataset/README.md",
    "outputs/demo/manifest.json",
    "outputs/demo/provenance.jsonl",
    "outputs/demo/config.lock.toml",
    "outputs/journal/dataset/en.jsonl",
    "outputs/views/best/dataset/en.jsonl",
    f"{COMPARED}/comparison.json",
    "prompts/en/item.txt",
    "journal/notes.md",
)


@pytest.mark.parametrize("is_clone", [True, False], ids=["clone", "project"])
def test_git_leaves_out_journals_at_any_depth_and_nothing_else(tmp_path: Path, is_clone: bool) -> None:
    project = tmp_path / "mine"
    if is_clone:
        project.mkdir()
        (project / ".gitignore").write_bytes((ROOT / ".gitignore").read_bytes())
    else:
        si.init(project)
    subprocess.run(["git", "init", "--quiet", project], check=True)
    asked = "\n".join((*LEFT_OUT, *KEPT)).encode()
    found = subprocess.run(
        ["git", "check-ignore", "--no-index", "--stdin"], cwd=project, input=asked, capture_output=True, check=False
    )
    assert found.stdout.decode().splitlines() == list(LEFT_OUT)
