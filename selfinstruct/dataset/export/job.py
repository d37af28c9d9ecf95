"""What the configurations of all trainers are made from. The numbers are those of `[finetune]`. JSON is YAML, so values are written as JSON."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from selfinstruct.config import Finetune
from selfinstruct.dataset.export.families import swift_of
from selfinstruct.dataset.export.layouts import Layout, is_preference
from selfinstruct.errors import ConfigError
from selfinstruct.records import Row
from selfinstruct.system.faces import yaml_value

METHODS = ("lora", "rslora", "dora", "qlora", "full")
"""Methods that all three can train; none has prompt tuning, prefix tuning or P-Tuning."""

_EXPERTS = {"deepseek_v2", "deepseek_v3", "deepseek_v32", "glm4_moe", "glm4_moe_lite", "hunyuan", "qwen3_next"}
"""ms-swift's types of models in which all linear layers are, for PEFT, experts too, since a dense or shared layer has their name; of other models
with experts it adapts the attention and what else is a layer by itself."""
_OF_EXPERTS = ("gate_proj", "up_proj", "down_proj")
"""Layers that are experts in these models."""


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
    """Layout of the data files, with thoughts as they are written there."""
    digest: str
    """sha256 of the data files."""

    @property
    def is_preference(self) -> bool:
        """Whether all rows are preference pairs."""
        return is_preference([*self.train, *self.validation])


def check_method(method: str) -> None:
    """Raise ConfigError for a method that other trainers do not have."""
    if method not in METHODS:
        raise ConfigError(
            f"[finetune.method]: LLaMA-Factory, axolotl and ms-swift cannot train {method} from one configuration; hand over "
            f"one of {', '.join(METHODS)}, or train it with `selfinstruct finetune`"
        )


def adapter(job: TrainerJob, lora_rank: str, **flags: str) -> dict[str, Any]:
    """Return the options of a low-rank adapter.

    `lora_rank` is the trainer's key for the rank; `flags` maps its keys for variants to our methods.
    """
    settings = job.settings
    if settings.method == "full":
        return {}
    numbers = {lora_rank: settings.lora_rank, "lora_alpha": settings.lora_alpha, "lora_dropout": settings.lora_dropout}
    return numbers | {flag: True for flag, method in flags.items() if settings.method == method}


def adapts_experts(job: TrainerJob) -> bool:
    """Return whether an adapter is of experts too, all of a layer one tensor: PEFT 0.19 and later know neither dropout nor DoRA there."""
    found, targets = swift_of(job.model), job.settings.target_modules
    named = not targets or any(target.rpartition(".")[2] in _OF_EXPERTS for target in targets)
    return job.settings.method != "full" and found is not None and found.model_type in _EXPERTS and named


def schedule(job: TrainerJob, batch: str) -> dict[str, Any]:
    """Return batch size, under the trainer's key `batch`, accumulation, learning rate and seed."""
    settings = job.settings
    return {
        batch: settings.micro_batch_size,
        "gradient_accumulation_steps": settings.batch_size // settings.micro_batch_size,
        "learning_rate": settings.learning_rate,
        "seed": job.seed,
    }


def to_yaml(options: Mapping[str, Any]) -> str:
    """Return options as a YAML file."""
    return "".join(f"{key}: {_number(value)}\n" for key, value in options.items())


def _number(value: Any) -> str:
    """Return a value as YAML: JSON, but 1.0e-05 for 1e-05, which YAML 1.1 would read as text."""
    text = yaml_value(value)
    return text.replace("e", ".0e") if isinstance(value, float) and "e" in text and "." not in text else text
