"""The export for LLaMA-Factory: what its data files hold, and a configuration that names the model's own chat template.

The keys and templates are those of LLaMA-Factory 0.9.5.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

from selfinstruct.dataset.export.calls import as_learned, has_plain_calls, has_single_calls
from selfinstruct.dataset.export.job import TrainerJob, adapter, schedule, to_yaml
from selfinstruct.dataset.export.layouts import LAYOUTS, Layout, is_preference
from selfinstruct.dataset.export.told import Thoughts, told
from selfinstruct.records import Row

_TEMPLATES = (
    (r"[-.\d]vl?\b|vision|omni|audio|llava|paligemma|pixtral|qvq|medgemma|multimodal|embedding|-vl", ""),
    (r"hermes|dolphin|tulu|wizard|orca", ""),
    (r"deepseek-r1", "deepseekr1"),
    (r"deepseek-v3|deepseek-v2\.5|deepseek-v2-chat-0628", "deepseek3"),
    (r"deepseek-coder-(?!v2)", "deepseekcoder"),
    (r"deepseek", "deepseek"),
    (r"qwen3\.5", "qwen3_5"),
    (r"qwen3\.6", "qwen3_6"),
    (r"qwen3.*instruct", "qwen3_nothink"),
    (r"qwen3", "qwen3"),
    (r"qwen|qwq|codeqwen", "qwen"),
    (r"llama-?4", "llama4"),
    (r"llama-?3(?!\d*b)", "llama3"),
    (r"llama-?2|llama-\d+b", "llama2"),
    (r"gemma-4-e", "gemma4n"),
    (r"gemma-4", "gemma4"),
    (r"gemma-3n", "gemma3n"),
    (r"gemma-3-(270m|1b)|gemma-2\b", "gemma2"),
    (r"gemma-3", "gemma3"),
    (r"gemma", "gemma"),
    (r"glm-4\.7", "glm4_7"),
    (r"glm-4\.5|glm-4\.6", "glm4_moe"),
    (r"glm-z1", "glmz1"),
    (r"glm-4", "glm4"),
    (r"chatglm3", "chatglm3"),
    (r"gpt-oss", "gpt_oss"),
    (r"ministral-3", "ministral3"),
    (r"ministral|mistral-nemo", "ministral"),
    (r"mistral-small|devstral-small", "mistral_small"),
    (r"mistral|mixtral", "mistral"),
    (r"phi-4-mini", "phi4_mini"),
    (r"phi-4", "phi4"),
    (r"phi-3-small", "phi_small"),
    (r"phi-3", "phi"),
    (r"internlm[23]", "intern2"),
    (r"smollm2", "smollm2"),
    (r"smollm", "smollm"),
    (r"seed-oss", "seed_oss"),
    (r"granite-3", "granite3"),
    (r"granite-4", "granite4"),
    (r"hunyuan", "hunyuan"),
    (r"falcon-h1", "falcon_h1"),
    (r"minicpm[34]|minicpm-4", "cpm4"),
    (r"vicuna", "vicuna"),
    (r"^yi-", "yi"),
)
"""(pattern of a model's name, template); the first that fits counts. Models of pictures and sound, and those that others
made from these with templates of their own, have none here."""
_ONE_CALL = {"glm4", "glmz1", "chatglm3"}
"""Templates that stop at two calls in one message."""


def template_of(model: str) -> str:
    """Return the chat template of a model, by its name; empty for one that is not known.

    >>> template_of("Qwen/Qwen2.5-7B-Instruct"), template_of("my/model")
    ('qwen', '')
    """
    cached = re.search(r"models--.+--([^/]+)/snapshots/", model)
    name = cached[1] if cached else model.rstrip("/").rpartition("/")[2]
    return next((template for pattern, template in _TEMPLATES if re.search(pattern, name, re.IGNORECASE)), "")


def advice(job: TrainerJob) -> tuple[str, ...]:
    """Return what to do where the template of a model is not known."""
    if template_of(job.model):
        return ()
    said = (
        f"train.yaml names no chat template, since that of {job.model} is not known here: set `template`, or LLaMA-Factory makes one up from the "
        "tokenizer and writes tools in its own way"
    )
    return (said,)


def layout_of(rows: Sequence[Row], model: str, thoughts: Thoughts | None) -> Layout:
    """Return ShareGPT's layout where there are tool calls that it can hold, and Alpaca's not."""
    alone = template_of(model) in _ONE_CALL
    called = LAYOUTS["sharegpt"]._replace(can_hold=has_single_calls if alone else has_plain_calls)
    rows = [
        row.model_copy(update={"calls": tuple(map(as_learned, row.calls))}) if row.rejected else row for row in rows
    ]
    found = any(row.calls and called.can_hold(told(row, thoughts or called.thoughts)) for row in rows)
    return called if found else LAYOUTS["alpaca"]


def configuration(job: TrainerJob) -> dict[str, str]:
    """Return `dataset_info.json` and `train.yaml`."""
    splits = {"train": job.train, "held_out": job.validation}
    info = {f"selfinstruct_{split}": _description(split, rows, job.layout) for split, rows in splits.items() if rows}
    options: dict[str, Any] = {
        "model_name_or_path": job.model,
        **({"stage": "dpo", "pref_beta": 0.1} if job.is_preference else {"stage": "sft"}),
        "do_train": True,
        "finetuning_type": "full" if job.settings.method == "full" else "lora",
        **adapter(job, lora_rank="lora_rank", use_rslora="rslora", use_dora="dora"),
        **({"lora_target": ",".join(job.settings.target_modules) or "all"} if job.settings.method != "full" else {}),
        **({"quantization_bit": 4, "quantization_method": "bnb"} if job.settings.method == "qlora" else {}),
        **({"template": template_of(job.model)} if template_of(job.model) else {}),
        "dataset_dir": ".",
        "dataset": "selfinstruct_train",
        "cutoff_len": job.settings.max_length,
        "output_dir": "out",
        **schedule(job, "per_device_train_batch_size"),
        "num_train_epochs": job.settings.epochs,
        "lr_scheduler_type": "cosine",
        "bf16": True,
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
    columns = {"messages": "conversations"} if is_sharegpt else {"prompt": "instruction", "query": "input"}
    if pairs:
        columns |= {"chosen": "chosen", "rejected": "rejected"}
    elif not is_sharegpt:
        columns["response"] = "output"
    columns |= {name: name for name in ("system", "tools") if any(getattr(row, name) for row in rows)}
    columns |= {"history": "history"} if not is_sharegpt and any(row.history for row in rows) else {}
    info = {"file_name": f"{split}.json", "formatting": "sharegpt" if is_sharegpt else "alpaca", "columns": columns}
    return info | ({"ranking": True} if pairs else {})
