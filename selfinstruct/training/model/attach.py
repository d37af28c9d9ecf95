"""The trainable part: attaches a method (LoRA, IA3, prompt or prefix tuning) to a base model.

The caller seeds torch, because the first values are random unless they are initialized from text.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from selfinstruct.config import Finetune
from selfinstruct.errors import ConfigError
from selfinstruct.training.model.methods import method_of

FIRST_WORDS = (
    "Read the request carefully and answer it in its own language: correctly, completely and to the point. "
    "请仔细阅读要求，用提问所用的语言回答：正确、完整、切题。"
)
"""Text that virtual tokens are initialized from.

Real words, not noise: Li and Liang (section 7.4) and Lester (section 3.2) found it better with little data, and on
SmolLM2 a random prefix of P-Tuning v2 starts far above the base model's loss.
"""

IA3_KEYS_AND_VALUES = ("k_proj", "v_proj")
IA3_INNER = ("down_proj",)
"""The paper's three target modules, by their names in LLaMA, GLM, Qwen and Gemma."""


def attach(base: Any, settings: Finetune, tokenizer: Any = None) -> Any:
    """Return the base model with the method's trainable parameters; all else is frozen.

    Raises ConfigError for a target module that the model has not.
    """
    method = method_of(settings)
    if method.whole:
        return base.requires_grad_(True)
    check_targets(base, settings)
    from peft import get_peft_model

    if settings.method == "qlora" and base.device.type != "meta":  # a meta model has no weights to prepare
        from peft import prepare_model_for_kbit_training

        base = prepare_model_for_kbit_training(base, use_gradient_checkpointing=settings.gradient_checkpointing)
    with quiet_peft():
        model = get_peft_model(base, adapter_config(settings))
    if tokenizer is not None and settings.method in {"prompt-tuning", "p-tuning-v2"}:
        initialize_from_text(model, tokenizer)
    return model


def adapter_config(settings: Finetune) -> Any:
    """Return PEFT's configuration of a method."""
    match settings.method:
        case "ia3":
            return _ia3(settings)
        case "prompt-tuning" | "p-tuning" | "prefix-tuning" | "p-tuning-v2":
            return _virtual(settings)
        case _:
            return _lora(settings)


def _lora(settings: Finetune) -> Any:
    """Low-rank updates of every linear layer.

    All linear layers, not alpaca-lora's q and v: as BELLE and Chinese-Vicuna chat do, and the one choice for which peft
    needs no table of model names (it has none for glm and glm4).
    """
    from peft import LoraConfig, TaskType

    return LoraConfig(
        r=settings.lora_rank,
        lora_alpha=settings.lora_alpha,
        lora_dropout=settings.lora_dropout,
        target_modules=list(settings.target_modules) or "all-linear",
        use_rslora=settings.method == "rslora",
        use_dora=settings.method == "dora",
        task_type=TaskType.CAUSAL_LM,
    )


def _ia3(settings: Finetune) -> Any:
    """One learned factor for each key, value and inner activation."""
    from peft import IA3Config, TaskType

    targets = settings.target_modules or IA3_KEYS_AND_VALUES + IA3_INNER
    inner = [name for name in targets if name in IA3_INNER]
    return IA3Config(target_modules=list(targets), feedforward_modules=inner, task_type=TaskType.CAUSAL_LM)


def _virtual(settings: Finetune) -> Any:
    """Virtual tokens before the prompt: embeddings, or keys and values of every layer."""
    from peft import PrefixTuningConfig, PromptEncoderConfig, PromptTuningConfig, TaskType

    shared = {"num_virtual_tokens": settings.virtual_tokens or method_of(settings).virtual_tokens}
    shared["task_type"] = TaskType.CAUSAL_LM
    match settings.method:
        case "prompt-tuning":
            return PromptTuningConfig(**shared)
        case "p-tuning":
            return PromptEncoderConfig(**shared)
        case _:
            return PrefixTuningConfig(**shared, prefix_projection=settings.method == "prefix-tuning")


def initialize_from_text(model: Any, tokenizer: Any) -> None:
    """Initialize virtual tokens from FIRST_WORDS, repeated to their number: its embeddings, or its keys and values."""
    import torch
    from peft import initialize_kv_prefix_from_past_key_values

    count = model.active_peft_config.num_virtual_tokens
    words = tokenizer(FIRST_WORDS, add_special_tokens=False)["input_ids"]
    ids = torch.tensor([(words * count)[:count]], device=model.device)
    with torch.no_grad(), model.disable_adapter():
        if model.active_peft_config.peft_type == "PREFIX_TUNING":
            cache = model(input_ids=ids, attention_mask=torch.ones_like(ids), use_cache=True).past_key_values
            initialize_kv_prefix_from_past_key_values(model, past_key_values=cache)
        else:
            model.prompt_encoder["default"].embedding.weight.copy_(model.get_input_embeddings()(ids)[0])


def check_targets(base: Any, settings: Finetune) -> None:
    """Raise ConfigError when a target module is not in the model; the message lists those that are."""
    import torch
    from transformers.pytorch_utils import Conv1D

    linear = (torch.nn.Linear, Conv1D)  # GPT-2 uses Conv1D
    names = {name.rpartition(".")[2] for name, module in base.named_modules() if isinstance(module, linear)}
    names.discard("lm_head")
    own = IA3_KEYS_AND_VALUES + IA3_INNER if settings.method == "ia3" else ()
    if not (unknown := [name for name in settings.target_modules or own if name not in names]):
        return
    has = f"the model has no linear layer `{unknown[0]}`; it has {', '.join(sorted(names))}"
    if not settings.target_modules:
        raise ConfigError(f"[finetune.method]: ia3 adapts {', '.join(own)}; {has}; set target_modules, or use lora")
    raise ConfigError(f"[finetune.target_modules]: {has}")


@contextmanager
def quiet_peft() -> Iterator[None]:
    """Suppress two warnings that no user can act on.

    peft 0.21 reads a deprecated property of transformers 5.23, and transposes GPT-2's layers.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "`is_gradient_checkpointing` is deprecated", FutureWarning)
        warnings.filterwarnings("ignore", "fan_in_fan_out is set to False", UserWarning)
        yield


def parameters(model: Any) -> tuple[int, int]:
    """Return (number of trainable parameters, number of all parameters)."""
    counts = [(value.numel(), value.requires_grad) for value in model.parameters()]
    return sum(count for count, trained in counts if trained), sum(count for count, _ in counts)
