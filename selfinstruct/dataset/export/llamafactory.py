"""The export for LLaMA-Factory: what its data files hold, and a configuration that names the model's own chat template.

The keys and templates are those of LLaMA-Factory 0.9.5.
"""

import json
from collections.abc import Sequence
from typing import Any

from selfinstruct.dataset.export.calls import as_learned, has_plain_calls, has_single_calls
from selfinstruct.dataset.export.families import default_system_of, template_of
from selfinstruct.dataset.export.job import TrainerJob, adapter, schedule, to_yaml
from selfinstruct.dataset.export.layouts import LAYOUTS, Layout, alpaca, is_preference
from selfinstruct.dataset.export.told import Thoughts, told
from selfinstruct.dataset.export.turns import user_turn
from selfinstruct.records import Row

_ONE_CALL = {"glm4", "glmz1", "chatglm3"}
"""Templates that stop at two calls in one message."""


def advice(job: TrainerJob) -> tuple[str, ...]:
    """Return what to do where the template of a model is not known, or the default precision is slow."""
    said = []
    if not template_of(job.model):
        said.append(
            f"train.yaml names no chat template, since that of {job.model} is not known here: export with `--model` and the name that the model "
            "has on the hub, or set `template` (of a base model `alpaca`), or LLaMA-Factory makes one up from the tokenizer, which for a base model has no "
            "end of an answer, and writes tools in its own way"
        )
    if job.settings.method == "full":  # with adapters the model itself is loaded in bfloat16 where the machine can
        said.append(
            "LLaMA-Factory trains all weights in float32 unless told: add `bf16: true` to train.yaml where the GPU can"
        )
    return tuple(said)


def layout_of(rows: Sequence[Row], model: str, thoughts: Thoughts | None) -> Layout:
    """Return ShareGPT's layout where there are tool calls that it can hold, and Alpaca's not."""
    alone = template_of(model) in _ONE_CALL
    called = LAYOUTS["sharegpt"]._replace(can_hold=has_single_calls if alone else has_plain_calls)
    rows = [
        row.model_copy(update={"calls": tuple(map(as_learned, row.calls))}) if row.rejected else row for row in rows
    ]
    found = any(row.calls and called.can_hold(told(row, thoughts or called.thoughts)) for row in rows)
    return called if found else LAYOUTS["alpaca"]._replace(write=_joined)


def _joined(row: Row) -> dict[str, Any]:
    """Return a row in Alpaca's layout with the input in the instruction: LLaMA-Factory would join them by one line break."""
    value = alpaca(row) | {"instruction": user_turn(row)}
    del value["input"]
    return value


def configuration(job: TrainerJob) -> dict[str, str]:
    """Return `dataset_info.json` and `train.yaml`."""
    splits = {"train": job.train, "held_out": job.validation}
    info = {f"selfinstruct_{split}": _description(split, rows, job.layout) for split, rows in splits.items() if rows}
    system = default_system_of(job.model)
    options: dict[str, Any] = {
        "model_name_or_path": job.model,
        **({"stage": "dpo", "pref_beta": 0.1} if job.is_preference else {"stage": "sft"}),
        "do_train": True,
        "finetuning_type": "full" if job.settings.method == "full" else "lora",
        **adapter(job, lora_rank="lora_rank", use_rslora="rslora", use_dora="dora"),
        **({"lora_target": ",".join(job.settings.target_modules) or "all"} if job.settings.method != "full" else {}),
        **({"quantization_bit": 4, "quantization_method": "bnb"} if job.settings.method == "qlora" else {}),
        **({"template": template_of(job.model)} if template_of(job.model) else {}),
        **({} if system is None else {"default_system": system}),
        "dataset_dir": ".",
        "dataset": "selfinstruct_train",
        "cutoff_len": job.settings.max_length,
        "output_dir": "out",
        **schedule(job, "per_device_train_batch_size"),
        "num_train_epochs": job.settings.epochs,
        "lr_scheduler_type": "cosine",
        "logging_steps": 1,
        "report_to": "none",
    }
    options |= {"eval_dataset": "selfinstruct_held_out", "eval_strategy": "epoch"} if job.validation else {}
    return {
        "dataset_info.json": json.dumps(info, ensure_ascii=False, indent=2) + "\n",
        "train.yaml": to_yaml(options),
    }


def _description(split: str, rows: Sequence[Row], layout: Layout) -> dict[str, Any]:
    """Return the description of a data file for LLaMA-Factory, which requires every named column to exist."""
    is_sharegpt, pairs = layout.stem == "sharegpt", is_preference(rows)
    columns = {"messages": "conversations"} if is_sharegpt else {"prompt": "instruction"}
    if pairs:
        columns |= {"chosen": "chosen", "rejected": "rejected"}
    elif not is_sharegpt:
        columns["response"] = "output"
    columns |= {name: name for name in ("system", "tools") if any(getattr(row, name) for row in rows)}
    columns |= {"history": "history"} if not is_sharegpt and any(row.history for row in rows) else {}
    info = {"file_name": f"{split}.json", "formatting": "sharegpt" if is_sharegpt else "alpaca", "columns": columns}
    return info | ({"ranking": True} if pairs else {})
