"""The export for axolotl: a configuration that names what ends a turn, and a chat template where the tokenizer has none.

The keys are those of axolotl 0.19.0.
"""

import re
from collections.abc import Sequence
from typing import Any

from selfinstruct.dataset.export.families import has_no_system, name_of, template_of, turn_end_of
from selfinstruct.dataset.export.job import TrainerJob, adapter, adapts_experts, schedule, to_yaml
from selfinstruct.dataset.export.layouts import AXOLOTL, AXOLOTL_PAIRS, Layout, is_preference, without_system
from selfinstruct.dataset.export.told import Thoughts, has_thought
from selfinstruct.dataset.io.turns import is_learned
from selfinstruct.records import Row

_KEYS = ("role", "content", "reasoning_content", "tool_calls", "tool_call_id", "name")
"""Keys of a message; unless told, axolotl passes on only those that it finds in the chat template's text."""
_GLM4 = (
    "[gMASK]<sop>{% for message in messages %}{% if message['role'] == 'user' %}<|user|>{% else %}<|{{ message['role'] }}|>{% endif %}"
    "{{ '\\n' + message['content'] }}{% endfor %}{% if add_generation_prompt %}<|assistant|>{% else %}<|user|>{% endif %}"
)
"""The chat template of GLM-4 without tools, and with the end of the last turn, which its own leaves to the next one."""
_OPEN_ENDED = {"glm4", "glmz1", "glm4_moe", "glm4_7"}
"""LLaMA-Factory's names of templates that write no end after the last answer."""


def layout_of(rows: Sequence[Row], model: str, _thoughts: Thoughts | None) -> Layout:
    """Return the layout for pairs where all rows are; its strategy for them knows no tools. Some chat templates stop at a system turn."""
    layout = AXOLOTL_PAIRS if is_preference(rows) else AXOLOTL
    return without_system(layout) if has_no_system(model) else layout


def configuration(job: TrainerJob) -> dict[str, str]:
    """Return `axolotl.yaml`."""
    options: dict[str, Any] = {
        "base_model": job.model,
        **({"rl": "dpo"} if job.is_preference else {}),
        **_chat_template(job),
        "datasets": [_file("train.jsonl", job)],
        "dataset_prepared_path": f"prepared-{job.digest[:8]}",  # its own name for them does not depend on the rows
        "output_dir": "out",
        **_adapter(job),
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
    options |= {"test_datasets": [_file("held_out.jsonl", job)], "evals_per_epoch": 1} if job.validation else {}
    return {"axolotl.yaml": to_yaml(options)}


def advice(job: TrainerJob) -> tuple[str, ...]:
    """Return what to do where axolotl would leave out calls or thoughts, learn no end of a turn, or stop at its adapter."""
    return tuple(filter(None, (_on_calls(job), _on_thoughts(job), _on_ends(job), _on_experts(job))))


def _on_calls(job: TrainerJob) -> str:
    """Return what to do where a template writes calls only without a text, a null that axolotl does not hand on."""
    called = any(row.calls for row in job.train)
    if called and re.search("deepseek-(r1|v3)", name_of(job.model), re.IGNORECASE):
        return "the chat templates of DeepSeek-R1 and V3 leave out calls as axolotl hands them on: set another `chat_template`"
    return ""


def _on_thoughts(job: TrainerJob) -> str:
    """Return what to do where a template cuts answers up to the end of the thought; axolotl learns what the template writes."""
    thinking = sum(map(has_thought, job.train)) if job.layout.thoughts != "drop" else 0
    if not thinking or template_of(job.model) != "deepseekr1":
        return ""
    return (
        f"the chat template of {name_of(job.model)} cuts thoughts, so axolotl learns none of those of {thinking} row{'s' * (thinking != 1)}: take "
        "LLaMA-Factory or ms-swift, or set a `chat_template` that writes them"
    )


def _on_ends(job: TrainerJob) -> str:
    template = template_of(job.model)
    if template in _OPEN_ENDED and not _has_own_template(job):
        return (
            f"the chat template of {name_of(job.model)} writes no end after the last answer, so axolotl learns none there: set a `chat_template` "
            "that writes <|user|>, or take LLaMA-Factory or ms-swift"
        )
    if not template:
        return (
            f"how {job.model} ends a turn is not known here: where that is not the tokenizer's eos token, set `eot_tokens`, or export with "
            "`--model` and the name that the model has on the hub"
        )
    return ""


def _on_experts(job: TrainerJob) -> str:
    if job.settings.method != "dora" or not adapts_experts(job):
        return ""
    return f"axolotl stops at DoRA where it adapts experts, as those of {name_of(job.model)}: take `--method lora` or `rslora`"


def _has_own_template(job: TrainerJob) -> bool:
    """Return whether the rows are handed over with our template of GLM-4, which knows no tools."""
    return template_of(job.model) in {"glm4", "glmz1"} and not any(
        row.tools or row.calls for row in (*job.train, *job.validation)
    )


def _chat_template(job: TrainerJob) -> dict[str, Any]:
    """Return the chat template and the tokens that end a turn; axolotl passes over those that are not in the template.

    Base models often have no template, and get the prompt of Alpaca.
    """
    end = turn_end_of(job.model)
    ends = {"eot_tokens": [end]} if end else {}
    if _has_own_template(job):
        return {"chat_template": "jinja", "chat_template_jinja": _GLM4, **ends}
    return {"chat_template": "tokenizer_default_fallback_alpaca", **ends}


def _adapter(job: TrainerJob) -> dict[str, Any]:
    method, targets = job.settings.method, list(job.settings.target_modules)
    if method == "full":
        return {}
    kind: dict[str, Any] = {"adapter": "qlora", "load_in_4bit": True} if method == "qlora" else {"adapter": "lora"}
    where: dict[str, Any] = {"lora_target_modules": targets} if targets else {"lora_target_linear": True}
    return kind | adapter(job, lora_rank="lora_r", peft_use_rslora="rslora", peft_use_dora="dora") | where


def _file(name: str, job: TrainerJob) -> dict[str, Any]:
    """Return a data file; a single one has only the split `train`."""
    rows = [*job.train, *job.validation]
    found: dict[str, Any] = {"path": name, "ds_type": "json", "type": "chat_template", "split": "train"}
    if is_preference(rows):
        fields = {"field_messages": "messages", "field_chosen": "chosen", "field_rejected": "rejected"}
        return found | {"type": "chat_template.default"} | fields
    found["message_property_mappings"] = {key: key for key in _KEYS}
    partly = any(row.unlearned or not all(map(is_learned, row.calls)) for row in rows)
    return found | ({"message_field_training": "train"} if partly else {})
