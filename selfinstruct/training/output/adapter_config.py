"""PEFT's adapter_config.json, read as the kinds and fields of the methods here; importable without torch.

An adapter may be anybody's, and PEFT does what its configuration says: match names by patterns that may take for ever, fetch further
adapters from the hub, load a tokenizer, lay out matrices of any size. What is not listed here never reaches PEFT.
"""

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from selfinstruct.errors import InputError
from selfinstruct.system.documents import Number, Stated, fit, parse_object
from selfinstruct.system.files import read_text
from selfinstruct.training.model.strangers import MOST_PARTS

ADAPTER = "adapter_config.json"
REMEDY = "train again, or give another folder"
_MOST_NAMES = 10_000
_NAME = re.compile(r"[\w.-]{1,200}", re.ASCII)
_PATTERN = re.compile(r"\^?[\w.\\-]{1,200}\$?", re.ASCII)
"""A name as PEFT matches it: without repetition, which alone can take for ever."""
_DRAWN = {"gaussian", "eva", "orthogonal"}
"""First values that the saved ones replace; those of pissa and olora change the base's as well."""
_ASIDE = {"auto_mapping", "tokenizer_kwargs"}
"""Fields that describe how an adapter was made, and that are not needed to read it."""


def _names(value: Any) -> Any:
    listed = [value] if isinstance(value, str) else [] if value is None else value
    fits = isinstance(listed, list) and len(listed) <= _MOST_NAMES
    if not fits or not all(isinstance(name, str) and _NAME.fullmatch(name) for name in listed):
        raise ValueError("must list names of modules; a pattern is not read, as it may take for ever to match")
    return value


def _layers(value: Any) -> Any:
    listed = [] if value is None else value if isinstance(value, list) else [value]
    if len(listed) > MOST_PARTS or not all(type(one) is int and 0 <= one < MOST_PARTS for one in listed):
        raise ValueError("must be the number of a layer, or a list of them")
    return value


def _by_name(value: Any) -> Any:
    fits = value is None or (isinstance(value, dict) and len(value) <= _MOST_NAMES)
    if not fits or not all(_PATTERN.fullmatch(name) for name in value or ()):
        raise ValueError("must have names of modules; a pattern is not read, as it may take for ever to match")
    if not all(type(one) in {int, float} and 0 < one <= MOST_PARTS for one in (value or {}).values()):
        raise ValueError(f"must have numbers from 1 to {MOST_PARTS}")
    return value or {}


def _init(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if not isinstance(value, str) or not re.fullmatch(
        r"gaussian|eva|orthogonal|olora|pissa(_niter_[0-9]{1,2})?", value
    ):
        raise ValueError("must be true, false, or one of gaussian, eva, orthogonal, olora, pissa")
    return value in _DRAWN or value


Names = Annotated[Any, AfterValidator(_names)]
Layers = Annotated[Any, AfterValidator(_layers)]
ByName = Annotated[Any, AfterValidator(_by_name)]
Init = Annotated[Any, AfterValidator(_init)]
Part = Annotated[int, Field(strict=True, ge=1, le=MOST_PARTS)]
Width = Annotated[int, Field(strict=True, ge=1, le=2**20)]
Chance = Annotated[float, Field(strict=True, ge=0, le=1)]


class Adapter(Stated):
    """What an adapter of any kind may say."""

    task_type: Literal["CAUSAL_LM"] | None = None
    modules_to_save: Names = None


class Lora(Adapter):
    """Low-rank updates: lora, rslora, dora, qlora."""

    peft_type: Literal["LORA"]
    r: Part
    lora_alpha: Number
    lora_dropout: Chance = 0.0
    target_modules: Names = None
    exclude_modules: Names = None
    bias: Literal["none", "all", "lora_only"] = "none"
    fan_in_fan_out: bool = False
    use_rslora: bool = False
    use_dora: bool = False
    lora_bias: bool = False
    init_lora_weights: Init = True
    layers_to_transform: Layers = None
    layers_pattern: Names = None
    rank_pattern: ByName = Field(default_factory=dict)
    alpha_pattern: ByName = Field(default_factory=dict)


class Ia3(Adapter):
    """Learned factors."""

    peft_type: Literal["IA3"]
    target_modules: Names = None
    exclude_modules: Names = None
    feedforward_modules: Names = None
    fan_in_fan_out: bool = False
    init_ia3_weights: bool = True


class Virtual(Adapter):
    """Virtual tokens: prompt-tuning."""

    peft_type: Literal["PROMPT_TUNING"]
    num_virtual_tokens: Part
    token_dim: Width
    num_transformer_submodules: Literal[1] = 1
    num_attention_heads: Part
    num_layers: Part


class Encoded(Virtual):
    """Virtual tokens from an encoder: p-tuning."""

    peft_type: Literal["P_TUNING"]  # type: ignore[assignment]
    encoder_reparameterization_type: Literal["MLP", "LSTM"] = "MLP"
    encoder_hidden_size: Width
    encoder_num_layers: Annotated[int, Field(strict=True, ge=1, le=16)] = 2
    encoder_dropout: Chance = 0.0


class Prefix(Virtual):
    """Keys and values before every layer's own: prefix-tuning, p-tuning-v2."""

    peft_type: Literal["PREFIX_TUNING"]  # type: ignore[assignment]
    encoder_hidden_size: Width | None = None
    prefix_projection: bool = False


_KINDS: dict[str, type[Adapter]] = {
    "LORA": Lora,
    "IA3": Ia3,
    "PROMPT_TUNING": Virtual,
    "P_TUNING": Encoded,
    "PREFIX_TUNING": Prefix,
}


def read_adapter(folder: Path) -> Adapter:
    """Return the configuration of an adapter; raises InputError, naming file and field, for another kind or a field out of bounds."""
    path = folder / ADAPTER
    value = parse_object(read_text(path), str(path), REMEDY)
    kind = value.get("peft_type")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise InputError(f"{path}: field `peft_type`: must be one of {', '.join(_KINDS)}; {REMEDY}")
    asked = (name for name, held in value.items() if held is True or (held and isinstance(held, dict | list)))
    if strange := next(
        (name for name in asked if name not in {*_KINDS[kind].model_fields, *_ASIDE, "inference_mode"}), None
    ):
        raise InputError(f"{path}: field `{strange[:40]}`: asks for what no method here does; {REMEDY}")
    return fit(_KINDS[kind], value, str(path), REMEDY)


def check_shape(adapter: Adapter, config: Any, path: Path) -> None:
    """Raise InputError for virtual tokens of another shape than the base model's: they would be laid out before anything is compared."""
    if not isinstance(adapter, Virtual):
        return
    text = config.get_text_config()
    width = 4 * text.hidden_size  # heads together may be wider than what they read
    most = {"num_layers": text.num_hidden_layers, "token_dim": width, "encoder_hidden_size": width}
    for name, limit in most.items():
        if (getattr(adapter, name, None) or 0) > limit:
            raise InputError(f"{path}: field `{name}`: is of another model, this one has at most {limit}; {REMEDY}")


def peft_config(adapter: Adapter) -> Any:
    """Return PEFT's configuration of an adapter, for reading its values."""
    import peft

    kinds = {
        "LORA": peft.LoraConfig,
        "IA3": peft.IA3Config,
        "PROMPT_TUNING": peft.PromptTuningConfig,
        "P_TUNING": peft.PromptEncoderConfig,
        "PREFIX_TUNING": peft.PrefixTuningConfig,
    }
    fields = adapter.model_dump()
    return kinds[fields.pop("peft_type")](**fields, inference_mode=True)
