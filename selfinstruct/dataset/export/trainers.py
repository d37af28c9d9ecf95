"""Exports for other trainers: training and validation rows in one folder with a ready-to-run configuration.

The keys were checked against LLaMA-Factory 0.9.5, axolotl 0.19.0 and ms-swift 4.6.0, whose own loaders read the files
(for axolotl: whose schema did). All three train on the answers only, by default. The numbers are those of `[finetune]`.
Chat turns use the model's own template. JSON is YAML, so values are written as JSON.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from selfinstruct.dataset.export import llamafactory
from selfinstruct.dataset.export.job import TrainerJob, adapter, schedule, to_yaml
from selfinstruct.dataset.export.layouts import AXOLOTL, AXOLOTL_PAIRS, SWIFT, Layout, is_preference
from selfinstruct.dataset.export.told import Thoughts
from selfinstruct.dataset.io.turns import is_learned
from selfinstruct.records import Row

_AXOLOTL_KEYS = ("role", "content", "reasoning_content", "tool_calls", "tool_call_id", "name")
"""Keys of a message; unless told, axolotl passes on only those that it finds in the chat template's text."""


class TrainerFormat(NamedTuple):
    """The export for one trainer: layout, configuration and command."""

    layout: Callable[[Sequence[Row], str, Thoughts | None], Layout]
    """Function: all rows, model, how thoughts are written -> layout that can hold the most of them."""
    ending: str
    """Suffix of the data files."""
    configuration: Callable[[TrainerJob], dict[str, str]]
    """Function: TrainerJob -> {file name: text}."""
    command: str
    """Command that starts the training, run in the folder."""
    preference_command: str
    """The same for preference pairs."""
    advice: Callable[[TrainerJob], tuple[str, ...]] = lambda _: ()
    """Function: TrainerJob -> what only a person can decide."""


def axolotl(job: TrainerJob) -> dict[str, str]:
    """Return `axolotl.yaml`."""
    options: dict[str, Any] = {
        "base_model": job.model,
        **({"rl": "dpo"} if job.is_preference else {}),
        "datasets": [_axolotl_file("train.jsonl", job)],
        "dataset_prepared_path": f"prepared-{job.digest[:8]}",  # its own name for them does not depend on the rows
        "output_dir": "out",
        **_axolotl_adapter(job),
        "sequence_len": job.settings.max_length,
        "sample_packing": False,
        **schedule(job, "micro_batch_size"),
        "num_epochs": job.settings.epochs,
        "optimizer": "adamw_torch",
        "lr_scheduler": "cosine",
        "bf16": "auto",
        "gradient_checkpointing": True,
        "logging_steps": 1,
    }
    options |= {"test_datasets": [_axolotl_file("held_out.jsonl", job)], "evals_per_epoch": 1} if job.validation else {}
    return {"axolotl.yaml": to_yaml(options)}


def swift(job: TrainerJob) -> dict[str, str]:
    """Return `swift.yaml`, for ms-swift 4; version 3 has `train_type` for `tuner_type` and needs `--config`."""
    options: dict[str, Any] = {
        "model": job.model,
        "use_hf": True,
        **({"rlhf_type": "dpo"} if job.is_preference else {}),
        "tuner_type": "full" if job.settings.method == "full" else "lora",
        **adapter(job, lora_rank="lora_rank", use_rslora="rslora", use_dora="dora"),
        **(
            {"target_modules": list(job.settings.target_modules) or ["all-linear"]}
            if job.settings.method != "full"
            else {}
        ),
        **({"quant_method": "bnb", "quant_bits": 4} if job.settings.method == "qlora" else {}),
        "dataset": ["train.jsonl"],
        "max_length": job.settings.max_length,
        "output_dir": "out",
        **schedule(job, "per_device_train_batch_size"),
        "num_train_epochs": job.settings.epochs,
        "torch_dtype": "bfloat16",
        "logging_steps": 1,
    }
    options |= {"val_dataset": ["held_out.jsonl"], "eval_strategy": "epoch"} if job.validation else {}
    return {"swift.yaml": to_yaml(options)}


def _for_axolotl(rows: Sequence[Row], *_: object) -> Layout:
    """Return the layout for pairs where all rows are; its strategy for them knows no tools."""
    return AXOLOTL_PAIRS if is_preference(rows) else AXOLOTL


def _axolotl_advice(job: TrainerJob) -> tuple[str, ...]:
    """Return what to do where a template writes calls only without a text, a null that axolotl does not hand on."""
    name = job.model.rstrip("/").rpartition("/")[2]
    if not re.search("deepseek-(r1|v3)", name, re.IGNORECASE) or not any(row.calls for row in job.train):
        return ()
    return (
        "the chat templates of DeepSeek-R1 and V3 leave out calls as axolotl hands them on: set another `chat_template`",
    )


def _for_swift(*_: object) -> Layout:
    return SWIFT


TRAINER_FORMATS = {
    "llamafactory": TrainerFormat(
        llamafactory.layout_of,
        ".json",
        llamafactory.configuration,
        "llamafactory-cli train train.yaml",
        "llamafactory-cli train train.yaml",
        llamafactory.advice,
    ),
    "axolotl": TrainerFormat(
        _for_axolotl,
        ".jsonl",
        axolotl,
        "axolotl train axolotl.yaml",
        "axolotl train axolotl.yaml",
        _axolotl_advice,
    ),
    "swift": TrainerFormat(_for_swift, ".jsonl", swift, "swift sft swift.yaml", "swift rlhf swift.yaml"),
}


def _axolotl_adapter(job: TrainerJob) -> dict[str, Any]:
    method, targets = job.settings.method, list(job.settings.target_modules)
    if method == "full":
        return {}
    kind: dict[str, Any] = {"adapter": "qlora", "load_in_4bit": True} if method == "qlora" else {"adapter": "lora"}
    where: dict[str, Any] = {"lora_target_modules": targets} if targets else {"lora_target_linear": True}
    return kind | adapter(job, lora_rank="lora_r", peft_use_rslora="rslora", peft_use_dora="dora") | where


def _axolotl_file(name: str, job: TrainerJob) -> dict[str, Any]:
    """Return a data file; a single one has only the split `train`."""
    rows = [*job.train, *job.validation]
    found: dict[str, Any] = {"path": name, "ds_type": "json", "type": "chat_template", "split": "train"}
    if is_preference(rows):
        fields = {"field_messages": "messages", "field_chosen": "chosen", "field_rejected": "rejected"}
        return found | {"type": "chat_template.default"} | fields
    found["message_property_mappings"] = {key: key for key in _AXOLOTL_KEYS}
    partly = any(row.unlearned or not all(map(is_learned, row.calls)) for row in rows)
    return found | ({"message_field_training": "train"} if partly else {})
