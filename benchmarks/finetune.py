"""Our fine-tuning beside TRL's SFTTrainer and a loop like alpaca-lora's: the losses of ten steps, and useful tokens a second.

    make bench-trainers [ARGS="--repetitions 3 --model DIR --dataset FILE --max-length 512"]

Losses: of five families of chat templates, on tiny random models with one token for each byte, with the same rows in the same order, the same
adapter and schedule, without dropout. TRL once tokenizes by itself, and once gets our tokens and labels. Its templates with marks for what is
learned are those in its package.

Speed: one larger random model, or the one of `--model`; steps of eight rows. The loops take turns, each in a process of its own, and each
repetition begins with another one. Useful tokens are those that are no padding.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.finetune_loops import Done, Work
from benchmarks.methods import rows
from selfinstruct.system.files import to_line

FAMILIES = ("Llama 3", "GLM-4.5", "Qwen2.5", "Gemma 2", "Qwen3")
LENGTH = 1024
"""Tokens that the random models have places for."""
LOSSES = {"steps": 10, "batch": 4, "micro": 2, "dropout": 0.0, "our_order": True, "max_length": LENGTH}
SPEEDS = {"batch": 8, "dropout": 0.05, "our_order": False}
LOOPS = {
    "ours": ("ours", 2),
    "TRL, 2 rows together": ("trl", 2),
    "TRL, 8 rows together": ("trl", 8),
    "like alpaca-lora, 4 rows together": ("alpaca-lora", 4),
}
"""Loop -> (its name there, rows computed together); our default, TRL's, and alpaca-lora's."""
LARGER = {
    "hidden_size": 256,
    "intermediate_size": 1024,
    "num_hidden_layers": 8,
    "num_attention_heads": 8,
    "num_key_value_heads": 4,
    "head_dim": 32,
    "vocab_size": 8192,
}
"""Shape of the random model whose speed is measured: a fifth of its values turn states into scores, as in a small real model."""


def did(work: Work) -> Done:
    """Return what a loop found, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.finetune_loops", work.model_dump_json()]
    return Done.model_validate_json(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def built(name: str, folder: Path, **shape: Any) -> str:
    """Return the folder of a random model of a family, with the chat template in TRL's package."""
    from tests.trainers.models import FAMILIES as FORMS
    from tests.trainers.models import build

    package = find_spec("trl")
    if package is None or package.origin is None:
        raise SystemExit("TRL is not installed here; give the command `make bench-trainers`")
    return str(build(FORMS[name], Path(package.origin).parent / "chat_templates", folder, shape))


def written(values: list[dict[str, str]], file: Path) -> str:
    """Return the file in which rows are written."""
    file.write_text("".join(to_line(value) + "\n" for value in values), "utf-8")
    return str(file)


def with_thoughts(values: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return rows of which every fourth has a thought."""
    return [value if number % 4 else value | {"reasoning": "Hm."} for number, value in enumerate(values)]


def losses(folder: Path) -> None:
    """Print, for each family, the losses of each loop and the rows that are the same in them."""
    short = [one for pair in zip(rows("en", 20), rows("zh", 20), strict=True) for one in pair]
    print(
        "| family | loop | rows with our tokens | and labels | learned besides | loss of steps 1 to 10 | furthest from ours |"
    )
    print("|---|---|---:|---:|---|---|---:|")
    for name in FAMILIES:
        thinks = name in {"Qwen3", "GLM-4.5"}
        dataset = written(with_thoughts(short) if thinks else short, folder / "short.jsonl")
        asked = {"model": built(name, folder), "dataset": dataset, **LOSSES}
        own = did(Work(loop="ours", **asked))
        print(f"| {name} | ours | | | | {_in_turn(own)} | |", flush=True)
        for loop, title in (("trl-ours", "TRL, our tokens and labels"), ("trl", "TRL")):
            other = did(Work(loop=loop, **asked))
            apart = max(abs(one - two) for one, two in zip(own.losses, other.losses, strict=True))
            more = other.more.replace("\n", "\u23ce")
            equal = f"{other.same_ids} of {other.rows} | {other.same_learned} of {other.rows} | {more}"
            print(f"| {name} | {title} | {equal} | {_in_turn(other)} | {apart:.1e} |", flush=True)


def _in_turn(done: Done) -> str:
    return " ".join(f"{loss:.4f}" for loss in done.losses)


def speeds(options: argparse.Namespace, folder: Path) -> None:
    """Print the speed of each loop."""
    asked = {
        "model": options.model or built("Qwen2.5", folder / "larger", **LARGER),
        "dataset": options.dataset or written([*rows("en", 500), *rows("zh", 500)], folder / "all.jsonl"),
        "max_length": options.max_length,
        "steps": options.steps,
        **SPEEDS,
    }
    found: dict[str, list[Done]] = {name: [] for name in LOOPS}
    for repetition in range(options.repetitions):
        names = list(LOOPS)
        for name in names[repetition % len(names) :] + names[: repetition % len(names)]:
            loop, micro = LOOPS[name]
            found[name].append(did(Work(loop=loop, micro=micro, **asked)))
    print(
        "\n| loop | useful tokens/s | median | ours to it | useful tokens/processor second, median | ours to it | padding | peak memory |"
    )
    print("|---|---|---:|---:|---:|---:|---:|---:|")
    own = {name: _median(found["ours"], name) for name in ("tokens_per_second", "tokens_per_cpu_second")}
    for name, runs in found.items():
        each = ", ".join(f"{one.tokens_per_second:.0f}" for one in runs)
        middle = {kind: _median(runs, kind) for kind in own}
        ratios = " | ".join(f"{middle[kind]:.0f} | {own[kind] / middle[kind]:.2f}" for kind in own)
        peak = _median(runs, "peak_bytes") / 1e9
        print(f"| {name} | {each} | {ratios} | {_median(runs, 'padding'):.1%} | {peak:.1f} GB |")


def _median(runs: list[Done], kind: str) -> float:
    return median(getattr(one, kind) for one in runs)


def machine() -> str:
    """Return what all of it ran on."""
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    packages = ", ".join(f"{name} {version(name)}" for name in ("torch", "transformers", "peft", "trl"))
    load = f"{os.getloadavg()[0]:.1f} processes busy at the beginning"
    return f"{os.cpu_count()} cores of {(names or [platform.processor() or platform.machine()])[0]}, {load}; Python {platform.python_version()}, {packages}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", help="directory of a model whose speed is measured")
    parser.add_argument("--dataset", help="rows with which it is measured; else the seed tasks")
    parser.add_argument("--steps", type=int, default=6)
    parser.add_argument("--max-length", type=int, default=LENGTH)
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--only", choices=["losses", "speed"])
    options = parser.parse_args()
    print(machine() + "\n", flush=True)
    with tempfile.TemporaryDirectory() as name:
        if options.only != "speed":
            losses(Path(name))
        if options.only != "losses":
            speeds(options, Path(name))


if __name__ == "__main__":
    main()
