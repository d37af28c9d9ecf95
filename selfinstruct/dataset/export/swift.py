"""The export for ms-swift: a configuration that names the model's type and chat template.

The keys, types and templates are those of ms-swift 4.6.0.
"""

import re
from collections.abc import Sequence
from typing import Any

from selfinstruct.dataset.export.families import default_system_of, has_no_system, name_of, swift_of, template_of
from selfinstruct.dataset.export.job import TrainerJob, adapter, adapts_experts, schedule, to_yaml
from selfinstruct.dataset.export.layouts import SWIFT, Layout, without_system
from selfinstruct.dataset.export.told import Thoughts
from selfinstruct.records import Row

_NO_TOOLS = r"chatml|deepseek(_r1|_v2_5)?|devstral|gemma(3_text|3_vision|3n)?|gpt_oss|hunyuan_moe|internlm2|llama|mistral_(250\d|nemo)|phi[34]|seed_oss|yi_coder"
"""Pattern of templates without a way to write tools, which stop at a row that has some."""


def layout_of(_rows: Sequence[Row], model: str, _thoughts: Thoughts | None) -> Layout:
    """Return the one layout that it reads; its templates would write a system turn where the model knows none."""
    return without_system(SWIFT) if has_no_system(model) else SWIFT


def configuration(job: TrainerJob) -> dict[str, str]:
    """Return `swift.yaml`, for ms-swift 4; version 3 has `train_type` for `tuner_type` and needs `--config`."""
    options: dict[str, Any] = {
        "model": job.model,
        **_template(job.model),
        **_agent_template(job),
        "use_hf": True,
        **({"rlhf_type": "dpo"} if job.is_preference else {}),
        "tuner_type": "full" if job.settings.method == "full" else "lora",
        **_adapter(job),
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
        "logging_steps": 1,
    }
    options |= {"val_dataset": ["held_out.jsonl"], "eval_strategy": "epoch"} if job.validation else {}
    return {"swift.yaml": to_yaml(options)}


def advice(job: TrainerJob) -> tuple[str, ...]:
    """Return what to do where the type of a model is not known, or its way to write tools, or where ms-swift would stop at its adapter."""
    if not swift_of(job.model):
        said = (
            f"swift.yaml names no model type, since that of {job.model} is not known here: export with `--model` and the name that the model has "
            "on the hub, or set `model_type` and `template`, or ms-swift stops where several types fit"
        )
        return (said,)
    return tuple(filter(None, (_on_calls(job), _on_experts(job))))


def _on_calls(job: TrainerJob) -> str:
    if _agent_template(job):
        return (
            f"ms-swift knows no way of {job.model} to write tools: swift.yaml takes that of Hermes; set another `agent_template` if the model was "
            "taught one"
        )
    if any(row.calls for row in job.train) and template_of(job.model) in {"glm4", "glmz1"}:
        return "ms-swift writes the arguments of GLM-4's calls as Python, not JSON: take LLaMA-Factory for these rows"
    return ""


def _on_experts(job: TrainerJob) -> str:
    if not adapts_experts(job):
        return ""
    name, dropout = name_of(job.model), job.settings.lora_dropout
    if job.settings.method == "dora":
        return f"ms-swift stops at DoRA where it adapts experts, as those of {name}: take `--method lora` or `rslora`"
    said = f"swift.yaml has lora_dropout 0, not {dropout}, at which ms-swift stops where it adapts experts, as those of {name}"
    return said if dropout else ""


def _adapter(job: TrainerJob) -> dict[str, Any]:
    options = adapter(job, lora_rank="lora_rank", use_rslora="rslora", use_dora="dora")
    return options | ({"lora_dropout": 0.0} if adapts_experts(job) else {})


def _agent_template(job: TrainerJob) -> dict[str, str]:
    """Return the way to write tools where there are some, and the template has none."""
    found = swift_of(job.model)
    has_tools = any(row.tools or row.calls for row in (*job.train, *job.validation))
    return {"agent_template": "hermes"} if found and has_tools and re.fullmatch(_NO_TOOLS, found.template) else {}


def _template(model: str) -> dict[str, str]:
    """Return the type and chat template of a model, and the system text of rows that have none where its template has another."""
    found, system = swift_of(model), default_system_of(model)
    if not found:
        return {}
    return found._asdict() | ({} if system is None else {"system": system})
