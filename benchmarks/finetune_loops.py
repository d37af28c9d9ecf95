"""The training loops that `benchmarks.finetune` compares, each in a process of its own: ours, TRL's SFTTrainer, and one like alpaca-lora's.

    python -m benchmarks.finetune_loops JSON

All three end in transformers' Trainer, whose `training_step` is timed here. They begin with the same weights and the same adapter: ours.
"""

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from selfinstruct.config import Finetune
from selfinstruct.dataset.export.turns import messages_of
from selfinstruct.dataset.io.rows import load_rows
from selfinstruct.records import Record, Row
from selfinstruct.training import TrainingJob
from selfinstruct.training.model.methods import resolved


class Work(Record):
    """What a process is asked to do."""

    loop: str
    """`ours`; `trl`: with its own tokenization; `trl-ours`: with our tokens and labels; `alpaca-lora`."""
    model: str
    dataset: str
    steps: int
    batch: int
    micro: int
    """Rows computed together."""
    max_length: int
    dropout: float
    our_order: bool
    """Whether each loop takes the rows in our order; else in its own."""


class Done(Record):
    """What a process has found."""

    losses: tuple[float, ...]
    """Of each step."""
    rows: int
    same_ids: int = 0
    """Rows that TRL tokenizes as we do, as far as we learn them, and of which it learns what we learn."""
    same_learned: int = 0
    more: str = ""
    """What TRL learns besides all that we learn of a row, where it is the same of all rows that differ; else `otherwise`."""
    tokens_per_second: float
    """Without padding, from the end of the first step to the end of the last but for its update."""
    tokens_per_cpu_second: float
    """The same by the time of the processors, which others on the machine lengthen less."""
    padding: float
    peak_bytes: int


class Meter:
    """Times each micro-batch of any Trainer in this process, and counts its tokens."""

    def __init__(self) -> None:
        from transformers import Trainer

        self.ended: list[tuple[float, float, int, int]] = []
        step = Trainer.training_step

        def timed(trainer: Any, model: Any, inputs: Any, *args: Any, **kwargs: Any) -> Any:
            mask = inputs["attention_mask"]
            useful, places = int(mask.sum()), mask.numel()
            loss = step(trainer, model, inputs, *args, **kwargs)
            self.ended.append((time.monotonic(), time.process_time(), useful, places))
            return loss

        Trainer.training_step = timed

    def found(self, first: int) -> dict[str, float]:
        """Return speed and padding of all but the first micro-batches."""
        began, rest = self.ended[first - 1], self.ended[first:]
        useful, places = sum(one[2] for one in rest), sum(one[3] for one in rest)
        wall, spent = rest[-1][0] - began[0], rest[-1][1] - began[1]
        return {
            "tokens_per_second": useful / wall,
            "tokens_per_cpu_second": useful / spent,
            "padding": 1 - useful / places,
        }


class Prepared:
    """Rows, encoded as we do it, and the model with its adapter."""

    def __init__(self, work: Work, folder: Path) -> None:
        from transformers import set_seed

        from selfinstruct.training.data.batches import Order
        from selfinstruct.training.data.prepare import encoded_rows, format_of
        from selfinstruct.training.model.attach import attach
        from selfinstruct.training.model.facts import facts_of
        from selfinstruct.training.model.load import load_model, load_tokenizer, locate

        wanted = {"batch_size": work.batch, "micro_batch_size": work.micro, "max_length": work.max_length}
        settings = Finetune(**wanted, evaluations=1, lora_dropout=work.dropout, patience=0)
        self.job = TrainingJob(
            settings=resolved(settings), model=work.model, output=folder, seed=1, max_steps=work.steps
        )
        source = locate(work.model, print)
        self.tokenizer = load_tokenizer(source)
        form = format_of(self.tokenizer, model_ends=facts_of(source).ends)
        encoded, _ = encoded_rows(load_rows(Path(work.dataset)), self.tokenizer, form)
        fitting = [one for one in encoded if one.length <= work.max_length]
        self.rows: list[Row] = [one.row for one in fitting]
        self.examples = [one.examples[0] for one in fitting]
        self.pad = form.end if self.tokenizer.pad_token_id is None else self.tokenizer.pad_token_id
        self.order = Order([one.length for one in fitting], work.micro, 1) if work.our_order else None
        base = load_model(source)
        set_seed(1)
        self.model = attach(base, self.job.settings)


def ours(work: Work, prepared: Prepared) -> list[float]:
    """Return the losses of our own loop."""
    from selfinstruct.training.loop.train import train

    del work
    trained, _ = train(
        prepared.model, prepared.examples, prepared.examples[:1], prepared.pad, prepared.job, lambda _: None
    )
    return [loss for _, loss in trained.losses]


def trl(work: Work, prepared: Prepared) -> tuple[list[float], list[dict[str, list[int]]]]:
    """Return the losses of TRL's SFTTrainer under our schedule, and the rows as it learns them."""
    from datasets import Dataset
    from trl import SFTConfig, SFTTrainer

    given: Any = {"messages": [messages_of(row) for row in prepared.rows]}
    if work.loop == "trl-ours":
        given = {name: [one[name] for one in prepared.examples] for name in ("input_ids", "labels")}  # type: ignore[literal-required]
    settings = prepared.job.settings
    loop = _in_our_order(SFTTrainer, prepared.order)(
        model=prepared.model,
        args=SFTConfig(
            **_arguments(work, prepared.job.output),
            learning_rate=settings.learning_rate,
            assistant_only_loss=work.loop == "trl",
            max_length=work.max_length,
            gradient_checkpointing=False,
            bf16=False,
        ),
        train_dataset=Dataset.from_dict(given),
        processing_class=prepared.tokenizer,
    )
    loop.train()
    return _losses(loop), list(loop.train_dataset)


def alpaca_loras(work: Work, prepared: Prepared) -> list[float]:
    """Return the losses of what alpaca-lora's finetune.py does: its prompt and an end token, cut at a length, all of it learned.

    Rows are drawn at random and padded to the longest, then to a multiple of eight.
    """
    from transformers import DataCollatorForSeq2Seq, Trainer, TrainingArguments

    from selfinstruct.training.data.alpaca_prompts import prompts_of

    end = prepared.tokenizer.eos_token_id
    examples = []
    for row in prepared.rows:
        (prompt,) = prompts_of(row, "alpaca-lora-v1")
        ids = prepared.tokenizer(prompt + row.output, truncation=True, max_length=work.max_length)["input_ids"]
        ids = [*ids, end] if ids[-1] != end and len(ids) < work.max_length else ids
        examples.append({"input_ids": ids, "attention_mask": [1] * len(ids), "labels": list(ids)})
    loop = Trainer(
        model=prepared.model,
        args=TrainingArguments(**_arguments(work, prepared.job.output), learning_rate=3e-4, warmup_steps=100),
        train_dataset=examples,
        data_collator=DataCollatorForSeq2Seq(prepared.tokenizer, pad_to_multiple_of=8, padding=True),
    )
    loop.train()
    return _losses(loop)


def _arguments(work: Work, folder: Path) -> dict[str, Any]:
    return {
        "output_dir": str(folder / "trainer"),
        "max_steps": work.steps,
        "per_device_train_batch_size": work.micro,
        "gradient_accumulation_steps": work.batch // work.micro,
        "weight_decay": 0.0,
        "seed": 1,
        "use_cpu": True,
        "logging_steps": 1,
        "save_strategy": "no",
        "report_to": "none",
        "disable_tqdm": True,
    }


def _in_our_order(trainer: Any, order: Any) -> Any:
    """Return a Trainer with our schedule, and with our order of the rows if there is one."""
    from selfinstruct.training.loop.schedule import scheduler

    def create_scheduler(self: Any, num_training_steps: int, optimizer: Any = None) -> Any:
        self.lr_scheduler = self.lr_scheduler or scheduler(optimizer or self.optimizer, num_training_steps)
        return self.lr_scheduler

    changed: dict[str, Any] = {"create_scheduler": create_scheduler}
    if order:
        changed["_get_train_sampler"] = lambda *_: order
    return type("InOurOrder", (trainer,), changed)


def _losses(loop: Any) -> list[float]:
    return [entry["loss"] for entry in loop.state.log_history if "loss" in entry]


def same(ours_: Sequence[Any], theirs: Sequence[Any], tokenizer: Any) -> dict[str, Any]:
    """Return of how many rows the ids are the same, of how many the learned tokens too, and how the others differ."""
    pairs = list(zip(ours_, theirs, strict=True))
    more = {_more(one, other, tokenizer) for one, other in pairs if _learned(one) != _learned(other)}
    return {
        "same_ids": sum(_begins(one["input_ids"], other["input_ids"]) for one, other in pairs),
        "same_learned": sum(_learned(one) == _learned(other) for one, other in pairs),
        "more": more.pop() if len(more) == 1 else "otherwise" if more else "",
    }


def _begins(ids: list[int], longer: Sequence[int]) -> bool:
    return ids == list(longer[: len(ids)])


def _learned(example: Any) -> dict[int, int]:
    """Return {place: learned token}."""
    return {place: label for place, label in enumerate(example["labels"]) if label != -100}


def _more(one: Any, other: Any, tokenizer: Any) -> str:
    """Return what the other example has learned besides, from place to place."""
    wanted, found = _learned(one), _learned(other)
    if not wanted.items() <= found.items():
        return "otherwise"
    runs: dict[int, list[int]] = {}
    for number, place in enumerate(sorted(found.keys() - wanted.keys())):
        runs.setdefault(place - number, []).append(found[place])
    return " and ".join(tokenizer.decode(run) for run in runs.values())


def main() -> None:
    os.environ["HF_HUB_OFFLINE"] = "1"
    work, out = Work.model_validate_json(sys.argv[1]), os.dup(1)
    os.dup2(2, 1)  # the Trainer prints its log
    with tempfile.TemporaryDirectory() as folder:
        meter, prepared = Meter(), Prepared(work, Path(folder))
        found: dict[str, Any] = {"rows": len(prepared.rows)}
        if work.loop.startswith("trl"):
            found["losses"], learned = trl(work, prepared)
            found |= same(prepared.examples, learned, prepared.tokenizer)
        else:
            found["losses"] = (ours if work.loop == "ours" else alpaca_loras)(work, prepared)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    done = Done(**found, **meter.found(work.batch // work.micro), peak_bytes=peak)
    os.write(out, json.dumps(done.model_dump()).encode())


if __name__ == "__main__":
    main()
