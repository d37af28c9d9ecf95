"""What the methods do for SmolLM2-135M: held-out loss, ROUGE-L and end rate before and after, with time and memory.

    python -m benchmarks.methods [--methods lora,p-tuning-v2,prompt-tuning] [--rows 110] [--seeds 1] [--epochs 2]

Learns the shortest rows of the project's own seed tasks, as many of each language, and measures on the fifth of them that is held out:
near-duplicates of what is learned are never among those. Prints a Markdown table.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from selfinstruct.records import Seed
from selfinstruct.system.files import bundled, read_jsonl, to_line

HEAD = "| method | seed | language | rows | loss before | after | ROUGE-L before | after | answers that end before | after | minutes | peak memory |"


def rows(code: str, count: int) -> list[dict[str, str]]:
    """Return the shortest instructions with their first instance."""
    seeds = [Seed.model_validate(value) for _, value in read_jsonl(bundled("seed_tasks") / f"{code}.jsonl")]
    made = [
        {"language": code, "instruction": seed.instruction, "input": one.input, "output": one.output}
        for seed in seeds
        for one in seed.instances[:1]
    ]
    return sorted(made, key=lambda one: len("".join(one.values())))[:count]


def run(*arguments: str) -> dict[str, Any]:
    """Return what a command prints as JSON."""
    command = [sys.executable, "-m", "selfinstruct", *arguments, "--json"]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    return found


def measure(method: str, seed: int, options: argparse.Namespace, folder: Path) -> list[str]:
    """Return the lines of one method: all rows, then each language."""
    began, data, adapter = time.monotonic(), str(folder / "rows.jsonl"), str(folder / f"{method}-{seed}")
    where = ("--dataset", data, "--output", adapter, "--model", options.model)
    trained = run("finetune", "--method", method, "--seed", str(seed), "--epochs", str(options.epochs), *where)
    minutes = (time.monotonic() - began) / 60
    judged = run("evaluate", "--dataset", data, "--adapter", adapter, "--max-new-tokens", str(options.new_tokens))
    lines = []
    for group in judged["groups"]:
        if "/" in group["name"]:
            continue
        before, after = group["base"], group["tuned"]
        numbers = [f"{before[key]:.3f} | {after[key]:.3f}" for key in ("loss", "rouge_l", "eos_rate")]
        spent = (
            (f"{minutes:.1f}", f"{trained['peak_memory_bytes'] / 1e9:.1f} GB") if group["name"] == "all" else ("", "")
        )
        lines.append(
            f"| `{method}` | {seed} | {group['name']} | {group['rows']} | {' | '.join(numbers)} | {' | '.join(spent)} |"
        )
    return lines


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Held-out loss and ROUGE-L before and after, by method.")
    parser.add_argument("--methods", default="lora,p-tuning-v2,prompt-tuning")
    parser.add_argument("--rows", type=int, default=110, help="of each language")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--epochs", type=float, default=2)
    parser.add_argument("--model", default="smollm2-135m-instruct")
    parser.add_argument("--new-tokens", type=int, default=128)
    options = parser.parse_args()
    print(f"{HEAD}\n|{'---|' * 12}", flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = [one for code in ("en", "zh") for one in rows(code, options.rows)]
        (folder / "rows.jsonl").write_text("".join(f"{to_line(one)}\n" for one in made), encoding="utf-8")
        for method in options.methods.split(","):
            for seed in range(1, options.seeds + 1):
                print("\n".join(measure(method, seed, options, folder)), flush=True)
    print(f"\n{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {len(made)} rows")


if __name__ == "__main__":
    main()
