"""Methods on a real model: held-out loss, ROUGE-L and end rate before and after, by language, as the table of docs/finetune.md.

    python -m benchmarks.methods --model DIR --dataset FILE --output DIR [--methods lora,p-tuning-v2] [--seeds 1,2]

What is in the output folder already is not trained again.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from selfinstruct.config import Finetune
from selfinstruct.dataset.load import load_rows
from selfinstruct.finetune import Examination, Job, evaluate, finetune


def trained(options: argparse.Namespace, method: str, seed: int) -> dict[str, Any]:
    """Train one adapter and evaluate it; return `finetune.json` and `evaluation.json`."""
    folder = Path(options.output) / f"{method}-{seed}"
    rows = load_rows(Path(options.dataset))
    settings = Finetune(method=method, epochs=options.epochs, max_length=options.max_length, evaluations=2)
    if not (folder / "finetune.json").exists():
        finetune(rows, [], Job(settings=settings, model=options.model, output=folder, seed=seed))
    if not (folder / "evaluation.json").exists():
        rows = [row for row in rows if row.id in json.loads((folder / "split.json").read_text())["held_out"]]
        job = Examination(
            model=options.model, adapter=folder, max_new_tokens=options.max_new_tokens, rows_per_language=options.rows
        )
        found = evaluate(rows, {}, job)
        (folder / "evaluation.json").write_text(found.model_dump_json(indent=2))
    names = {"run": "finetune.json", "found": "evaluation.json"}
    return {name: json.loads((folder / file).read_text()) for name, file in names.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", required=True)
    parser.add_argument("--dataset", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--methods", default="lora,p-tuning-v2,prompt-tuning")
    parser.add_argument("--seeds", default="1")
    parser.add_argument("--epochs", type=float, default=1)
    parser.add_argument("--max-length", type=int, default=512)
    parser.add_argument("--max-new-tokens", type=int, default=128)
    parser.add_argument("--rows", type=int, default=12, help="of each language that are answered")
    options = parser.parse_args()
    print("| method, seed | rows | trained | held-out loss | answers: | loss | ROUGE-L | ended | minutes | GB |")
    print("|---|---|---:|---|---|---|---|---|---:|---:|")
    for method in options.methods.split(","):
        for seed in options.seeds.split(","):
            done = trained(options, method, int(seed))
            result = done["run"]["result"]
            for group in done["found"]["groups"]:
                base, tuned = group["base"], group["tuned"]
                cells = [
                    f"{method}, {seed}",
                    f"{result['train_rows']} + {result['held_out_rows']}",
                    f"{result['trainable_parameters']:,}",
                    f"{result['loss_before']:.3f} → {result['loss_after']:.3f}",
                    f"{group['name']} ({group['rows']})",
                    f"{base['loss']:.3f} → {tuned['loss']:.3f}",
                    f"{base['rouge_l']:.3f} → {tuned['rouge_l']:.3f}",
                    f"{base['eos_rate']:.0%} → {tuned['eos_rate']:.0%}",
                    f"{result['seconds'] / 60:.0f}",
                    f"{result['peak_memory_bytes'] / 1e9:.1f}",
                ]
                print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
