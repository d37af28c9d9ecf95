"""A trainer's own command line, in its own environment, on the folder that our command line writes for it."""

import json
import os
import subprocess
import sys
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from selfinstruct.dataset.export.trainers import TRAINER_FORMATS
from tests.trainers import watch
from tests.trainers.models import Family
from tests.trainers.rows import rows_for, write

ENVIRONMENTS = Path(os.environ.get("TRAINERS", ".trainers")).absolute()
"""A virtual environment for each trainer, and TRL's templates; `make test-trainers` makes them."""
CPU = {
    "llamafactory": "",
    "swift": "torch_dtype: float32\n",
    "axolotl": "lora_mlp_kernel: false\nlora_qkv_kernel: false\nlora_o_kernel: false\n",
}
"""What `docs/finetune.md` says to add on a CPU."""
_SETTINGS = "[finetune]\nepochs = 1\nbatch_size = 4\nmicro_batch_size = 4\n"
"""Two steps for eight rows."""
_SECONDS = 280
"""For one command; pytest ends tests that take 300."""


class Step(NamedTuple):
    """What a trainer handed to the model, without padding."""

    rows: list[tuple[list[int], list[int]]]
    """(tokens, labels)"""
    loss: float


def train(trainer: str, family: Family, model: Path, folder: Path) -> list[Step]:
    """Export the rows for a trainer, start it with the command that the export says, return its steps."""
    write(rows_for(thinks=family.thinks), folder / "dataset")
    (folder / "selfinstruct.toml").write_text(_SETTINGS)
    job = folder / trainer
    options = {
        "format": trainer,
        "output": job,
        "model": model,
        "dataset": folder / "dataset",
        "config": folder / "selfinstruct.toml",
    }
    given = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    subprocess.run([sys.executable, "-m", "selfinstruct", "export", *given], check=True, capture_output=True)
    command = TRAINER_FORMATS[trainer].command.split()
    with (job / command[-1]).open("a") as file:
        file.write(CPU[trainer])
    _run(command, trainer, job, folder)
    return [_step(json.loads(line)) for line in (folder / "steps.jsonl").read_text().splitlines()]


def _run(command: list[str], trainer: str, job: Path, folder: Path) -> None:
    """Run the command in the trainer's environment, watched, without the network; its last lines are the message of a failure."""
    hook = folder / "hook"
    hook.mkdir()
    (hook / "sitecustomize.py").write_text(Path(watch.__file__).read_text())
    (hook / "torchaudio.py").write_text("")  # LLaMA-Factory imports it, for sound; there is none for this torch
    bin_ = ENVIRONMENTS / trainer / "bin"
    environment = {
        "PATH": f"{bin_}:/usr/bin:/bin",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(hook),
        watch.STEPS: str(folder / "steps.jsonl"),
        "OMP_WAIT_POLICY": "passive",
        "CUDA_VISIBLE_DEVICES": "",
        **dict.fromkeys(("HF_HUB_OFFLINE", "DO_NOT_TRACK", "AXOLOTL_DO_NOT_TRACK"), "1"),
    }
    start: dict[str, Any] = {"cwd": job, "env": environment, "capture_output": True, "text": True, "timeout": _SECONDS}
    done = subprocess.run([bin_ / command[0], *command[1:]], **start, check=False)
    assert done.returncode == 0, "\n".join((done.stdout + done.stderr).splitlines()[-40:])


def _step(seen: dict[str, Any]) -> Step:
    rows = []
    for ids, labels, mask in zip(seen["input_ids"], seen["labels"], seen["attention_mask"], strict=True):
        real = [place for place, there in enumerate(mask) if there]
        rows.append(([ids[place] for place in real], [labels[place] for place in real]))
    return Step(rows, seen["loss"])


def marked(tokenizer: Any, ids: list[int], labels: list[int]) -> str:
    """Return tokens as text, with [[ ]] around what is learned, and [[this=>that]] where that is learned in the place of this."""
    found = ""
    pairs = zip(ids, labels, strict=True)
    for (learned, same), run in groupby(pairs, key=lambda pair: (pair[1] != -100, pair[0] == pair[1])):
        part = list(run)
        text = str(tokenizer.decode([token for token, _ in part]))
        other = "" if same else "=>" + str(tokenizer.decode([label for _, label in part])) if learned else ""
        found += f"[[{text}{other}]]" if learned else text
    return found.replace("]][[", "|")
