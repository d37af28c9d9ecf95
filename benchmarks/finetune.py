"""Our training loop beside one like alpaca-lora's: same model, same rows, same adapter, same steps, one process after the other.

    python -m benchmarks.finetune --model DIR --dataset FILE [--steps 8]

The other loop does what alpaca-lora's finetune.py does: rows in random order, four at once, padded to the longest and to a multiple
of eight, all logits, loss on the whole text. Its adapter is ours (all linear layers), so that only the loop differs.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from selfinstruct.config import Finetune
from selfinstruct.dataset.io.rows import load_rows
from selfinstruct.training import TrainingJob, finetune
from selfinstruct.training.data.prepare import prepare
from selfinstruct.training.model.attach import attach
from selfinstruct.training.model.load import load_model, load_tokenizer, locate
from selfinstruct.training.model.methods import resolved

BATCH = 8
MICRO = 4
"""alpaca-lora's micro_batch_size."""


def job_of(options: argparse.Namespace, output: Path) -> TrainingJob:
    settings = resolved(
        Finetune(
            batch_size=BATCH,
            micro_batch_size=options.micro,
            max_length=options.max_length,
            evaluations=1,
            held_out=0.02,
        )
    )
    return TrainingJob(settings=settings, model=options.model, output=output, seed=1, max_steps=options.steps)


def ours(options: argparse.Namespace) -> dict[str, float]:
    rows = load_rows(Path(options.dataset))
    with tempfile.TemporaryDirectory() as folder:
        result = finetune(rows, [], job_of(options, Path(folder)), lambda _: None)
    return {"tokens_per_second": result.tokens_per_second, "padding_share": result.padding_share}


def alpaca_loras(options: argparse.Namespace) -> dict[str, float]:
    import torch

    job = job_of(options, Path())
    source = locate(job.model, print)
    tokenizer = load_tokenizer(source)
    data = prepare(load_rows(Path(options.dataset)), tokenizer, job)
    torch.manual_seed(job.seed)
    model = attach(load_model(source), job.settings)
    model.train()
    optimizer = torch.optim.AdamW([value for value in model.parameters() if value.requires_grad], lr=3e-4)
    rng, useful, positions, began = random.Random(1), 0, 0, time.monotonic()
    for _ in range(options.steps):
        chosen = rng.sample(data.learned, BATCH)
        for start in range(0, BATCH, MICRO):
            batch = padded([one["input_ids"] for one in chosen[start : start + MICRO]], data.pad)
            (model(**batch).loss * MICRO / BATCH).backward()
            useful += int(batch["attention_mask"].sum())
            positions += batch["attention_mask"].numel()
        optimizer.step()
        optimizer.zero_grad()
    return {"tokens_per_second": useful / (time.monotonic() - began), "padding_share": 1 - useful / positions}


def padded(rows: list[list[int]], pad: int) -> dict[str, Any]:
    import torch

    width = -(-max(map(len, rows)) // 8) * 8
    ids = torch.tensor([row + [pad] * (width - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
    return {"input_ids": ids, "attention_mask": mask, "labels": ids.masked_fill(mask == 0, -100)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", required=True)
    parser.add_argument("--dataset", required=True)
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument("--max-length", type=int, default=512)
    parser.add_argument("--micro", type=int, default=Finetune().micro_batch_size, help="our micro_batch_size")
    parser.add_argument("--loop", choices=["ours", "alpaca-lora"], help="one loop only, as JSON")
    options = parser.parse_args()
    if options.loop:
        found = (ours if options.loop == "ours" else alpaca_loras)(options)
        print(json.dumps(found | {"peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))
        return
    print("| loop | useful tokens/s | padding | peak memory |\n|---|---:|---:|---:|")
    speeds = {}
    for loop in ("alpaca-lora", "ours"):
        command = [sys.executable, "-m", "benchmarks.finetune", *sys.argv[1:], "--loop", loop]
        found = json.loads(
            subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.split("\n")[-2]
        )
        speeds[loop] = found["tokens_per_second"]
        print(
            f"| {loop} | {found['tokens_per_second']:.0f} | {found['padding_share']:.1%} | {found['peak_bytes'] / 1e9:.1f} GB |"
        )
    print(f"\nours is {speeds['ours'] / speeds['alpaca-lora']:.2f} times as fast")


if __name__ == "__main__":
    main()
