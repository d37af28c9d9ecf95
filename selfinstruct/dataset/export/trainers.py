"""Exports for other trainers: training and validation rows in one folder with a ready-to-run configuration.

The keys were checked against LLaMA-Factory 0.9.5, axolotl 0.19.0 and ms-swift 4.6.0, whose own loaders read the files
(for axolotl: whose schema did). All three train on the answers only, by default. The numbers are those of `[finetune]`.
Chat turns use the model's own template. JSON is YAML, so values are written as JSON.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from selfinstruct.config import Finetune
from selfinstruct.dataset.export.calls import has_plain_calls
from selfinstruct.dataset.export.layouts import AXOLOTL, AXOLOTL_PAIRS, LAYOUTS, SWIFT, Layout, is_preference
from selfinstruct.errors import ConfigError
from selfinstruct.records import Row
from selfinstruct.system.faces import yaml_value

METHODS = ("lora", "rslora", "dora", "qlora", "full")
"""Methods that all three can train; none has prompt tuning, prefix tuning or P-Tuning."""


class TrainerJob(NamedTuple):
    """The input of a trainer's configuration: data, model and settings."""

    train: Sequence[Row]
    validation: Sequence[Row]
    model: str
    """Hub id or directory."""
    settings: Finetune
    """The learning rate is set."""
    seed: int
    layout: Layout
    """Layout of the data files."""


class TrainerFormat(NamedTuple):
    """The export for one trainer: layout, configuration and command."""

    layout: Callable[[Sequence[Row]], Layout]
    """Function: all rows -> layout that can hold the most of them."""
    ending: str
    """Suffix of the data files."""
    configuration: Callable[[TrainerJob], dict[str, str]]
    """Function: TrainerJob -> {file name: text}."""
    command: str
    """Command that starts the training, run in the folder."""
    preference_command: str
    """The same for preference pairs."""


def llamafactory(job: TrainerJob) -> dict[str, str]:
    """Return `dataset_info.json` and `train.yaml`."""
    splits = {"train": job.train, "held_out": job.validation}
    info = {f"selfinstruct_{split}": _description(split, rows, job.layout) for split, rows in splits.items() if rows}
    options: dict[str, Any] = {
        "model_name_or_path": job.model,
        **({"stage": "dpo", "pref_beta": 0.1} if _is_preference(job) else {"stage": "sft"}),
        "do_train": True,
        "finetuning_type": "full" if job.settings.method == "full" else "lora",
        **_adapter(job, lora_rank="lora_rank", use_rslora="rslora", use_dora="dora"),
        **({"lora_target": ",".join(job.settings.target_modules) or "all"} if job.settings.method != "full" else {}),
        **({"quantization_bit": 4, "quantization_method": "bnb"} if job.settings.method == "qlora" else {}),
        "dataset_dir": ".",
        "dataset": "selfinstruct_train",
        "cutoff_len": job.settings.max_length,
        "output_dir": "out",
        **_schedule(job, "per_device_train_batch_size"),
        "num_train_epochs": job.settings.epochs,
        "lr_scheduler_type": "cosine",
        "bf16": True,
        "logging_steps": 1,
        "report_to": "none",
    }
    options |= {"eval_dataset": "selfinstruct_held_out", "eval_strategy": "epoch"} if job.validation else {}
    return {
        "dataset_info.json": json.dumps(info, ensure_ascii=False, indent=2) + "\n",
        "train.yaml": _yaml(options),
    }


def axolotl(job: TrainerJob) -> dict[str, str]:
    """Return `axolotl.yaml`."""
    options: dict[str, Any] = {
        "base_model": job.model,
        **({"rl": "dpo"} if _is_preference(job) else {}),
        "datasets": [_axolotl_file("train.jsonl", job)],
        "dataset_prepared_path": "prepared",
        "output_dir": "out",
        **_axolotl_adapter(job),
        "sequence_len": job.settings.max_length,
        "sample_packing": False,
        **_schedule(job, "micro_batch_size"),
        "num_epochs": job.settings.epochs,
        "optimizer": "adamw_torch",
        "lr_scheduler": "cosine",
        "bf16": "auto",
        "gradient_checkpointing": True,
        "logging_steps": 1,
    }
    options |= {"test_datasets": [_axolotl_file("held_out.jsonl", job)], "evals_per_epoch": 1} if job.validation else {}
    return {"axolotl.yaml": _yaml(options)}


def swift(job: TrainerJob) -> dict[str, str]:
    """Return `swift.yaml`, for ms-swift 4; version 3 has `train_type` for `tuner_type` and needs `--config`."""
    options: dict[str, Any] = {
        "model": job.model,
        "use_hf": True,
        **({"rlhf_type": "dpo"} if _is_preference(job) else {}),
        "tuner_type": "full" if job.settings.method == "full" else "lora",
        **_adapter(job, lora_rank="lora_rank", use_rslora="rslora", use_dora="dora"),
        **(
            {"target_modules": list(job.settings.target_modules) or ["all-linear"]}
            if job.settings.method != "full"
            else {}
        ),
        **({"quant_method": "bnb", "quant_bits": 4} if job.settings.method == "qlora" else {}),
        "dataset": ["train.jsonl"],
        "max_length": job.settings.max_length,
        "output_dir": "out",
        **_schedule(job, "per_device_train_batch_size"),
        "num_train_epochs": job.settings.epochs,
        "torch_dtype": "bfloat16",
        "logging_steps": 1,
    }
    options |= {"val_dataset": ["held_out.jsonl"], "eval_strategy": "epoch"} if job.validation else {}
    return {"swift.yaml": _yaml(options)}


def _for_llamafactory(rows: Sequence[Row]) -> Layout:
    """Return ShareGPT's layout where there are tool calls that it can hold, and Alpaca's not."""
    return LAYOUTS["sharegpt" if any(row.calls and has_plain_calls(row) for row in rows) else "alpaca"]


def _for_axolotl(rows: Sequence[Row]) -> Layout:
    """Return the layout for pairs where all rows are; its strategy for them knows no tools."""
    return AXOLOTL_PAIRS if is_preference(rows) else AXOLOTL


def _for_swift(_: Sequence[Row]) -> Layout:
    return SWIFT


TRAINER_FORMATS = {
    "llamafactory": TrainerFormat(
        _for_llamafactory,
        ".json",
        llamafactory,
        "llamafactory-cli train train.yaml",
        "llamafactory-cli train train.yaml",
    ),
    "axolotl": TrainerFormat(
        _for_axolotl,
        ".jsonl",
        axolotl,
        "axolotl train axolotl.yaml",
        "axolotl train axolotl.yaml",
    ),
    "swift": TrainerFormat(_for_swift, ".jsonl", swift, "swift sft swift.yaml", "swift rlhf swift.yaml"),
}


def _is_preference(job: TrainerJob) -> bool:
    return is_preference([*job.train, *job.validation])


def _description(split: str, rows: Sequence[Row], layout: Layout) -> dict[str, Any]:
    """Return the description of a data file for LLaMA-Factory, which requires every named column to exist."""
    is_sharegpt, pairs = layout is LAYOUTS["sharegpt"], is_preference(rows)
    columns = {"messages": "conversations"} if is_sharegpt else {"prompt": "instruction", "query": "input"}
    if pairs:
        columns |= {"chosen": "chosen", "rejected": "rejected"}
    elif not is_sharegpt:
        columns["response"] = "output"
    columns |= {name: name for name in ("system", "tools") if any(getattr(row, name) for row in rows)}
    columns |= {"history": "history"} if not is_sharegpt and any(row.history for row in rows) else {}
    info = {"file_name": f"{split}.json", "formatting": "sharegpt" if is_sharegpt else "alpaca", "columns": columns}
    return info | ({"ranking": True} if pairs else {})


def check_method(method: str) -> None:
    """Raise ConfigError for a method that other trainers do not have."""
    if method not in METHODS:
        raise ConfigError(
            f"[finetune.method]: LLaMA-Factory, axolotl and ms-swift cannot train {method} from one configuration; hand over "
            f"one of {', '.join(METHODS)}, or train it with `selfinstruct finetune`"
        )


def _adapter(job: TrainerJob, lora_rank: str, **flags: str) -> dict[str, Any]:
    """Return the options of a low-rank adapter.

    `lora_rank` is the trainer's key for the rank; `flags` maps its keys for variants to our methods.
    """
    settings = job.settings
    if settings.method == "full":
        return {}
    numbers = {lora_rank: settings.lora_rank, "lora_alpha": settings.lora_alpha, "lora_dropout": settings.lora_dropout}
    return numbers | {flag: True for flag, method in flags.items() if settings.method == method}


def _axolotl_adapter(job: TrainerJob) -> dict[str, Any]:
    method, targets = job.settings.method, list(job.settings.target_modules)
    if method == "full":
        return {}
    kind: dict[str, Any] = {"adapter": "qlora", "load_in_4bit": True} if method == "qlora" else {"adapter": "lora"}
    where: dict[str, Any] = {"lora_target_modules": targets} if targets else {"lora_target_linear": True}
    return kind | _adapter(job, lora_rank="lora_r", peft_use_rslora="rslora", peft_use_dora="dora") | where


def _schedule(job: TrainerJob, batch: str) -> dict[str, Any]:
    settings = job.settings
    return {
        batch: settings.micro_batch_size,
        "gradient_accumulation_steps": settings.batch_size // settings.micro_batch_size,
        "learning_rate": settings.learning_rate,
        "seed": job.seed,
    }


def _axolotl_file(name: str, job: TrainerJob) -> dict[str, Any]:
    """Return a data file; a single one has only the split `train`."""
    rows = [*job.train, *job.validation]
    found: dict[str, Any] = {"path": name, "ds_type": "json", "type": "chat_template", "split": "train"}
    if is_preference(rows):
        fields = {"field_messages": "messages", "field_chosen": "chosen", "field_rejected": "rejected"}
        return found | {"type": "chat_template.default"} | fields
    return found | ({"message_field_training": "train"} if any(row.unlearned for row in rows) else {})


def _yaml(options: Mapping[str, Any]) -> str:
    return "".join(f"{key}: {_number(value)}\n" for key, value in options.items())


def _number(value: Any) -> str:
    """Return a value as YAML: JSON, but 1.0e-05 for 1e-05, which YAML 1.1 would read as text."""
    text = yaml_value(value)
    return text.replace("e", ".0e") if isinstance(value, float) and "e" in text and "." not in text else text
