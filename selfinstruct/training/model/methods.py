"""Fine-tuning methods: names, defaults and their sources, and what each cannot do; importable without torch.

`attach.py` applies a method to a model.
"""

import difflib
import importlib.util

from selfinstruct.config import Finetune
from selfinstruct.errors import ConfigError, InputError
from selfinstruct.records import Record


class Method(Record):
    """The facts of one method."""

    source: str
    learning_rate: float
    """Default for hundreds to thousands of rows; the papers' own rates are for far more steps."""
    virtual_tokens: int = 0
    """Number of virtual tokens before the prompt; 0: the method changes weights and can be merged."""
    prefix: bool = False
    """Whether virtual tokens are keys and values in every layer, not embeddings before the first."""
    whole: bool = False
    """Whether the whole model is trained and saved."""

    @property
    def mergeable(self) -> bool:
        """Whether the trained change can be merged into the base model's weights."""
        return not self.virtual_tokens and not self.whole


METHODS: dict[str, Method] = {
    "lora": Method(
        source="Hu 2021, arXiv 2106.09685; rank, alpha, dropout of alpaca-lora; every linear layer as in BELLE",
        learning_rate=1e-3,
    ),
    "rslora": Method(source="Kalajdzievski 2023, arXiv 2312.03732: alpha / sqrt(rank)", learning_rate=3e-4),
    "dora": Method(source="Liu 2024, arXiv 2402.09353: direction by LoRA, magnitude apart", learning_rate=1e-3),
    "ia3": Method(source="Liu 2022, arXiv 2205.05638: keys, values, inner activations rescaled", learning_rate=1e-2),
    "prompt-tuning": Method(
        source="Lester 2021, arXiv 2104.08691; begun from words", learning_rate=1e-2, virtual_tokens=20
    ),
    "p-tuning": Method(
        source="Liu 2021, arXiv 2103.10385: prompts from an encoder", learning_rate=1e-3, virtual_tokens=20
    ),
    "prefix-tuning": Method(
        source="Li and Liang 2021, arXiv 2101.00190: prefixes of every layer, from a two-layer network",
        learning_rate=1e-3,
        virtual_tokens=20,
        prefix=True,
    ),
    "p-tuning-v2": Method(
        source="Liu 2021, arXiv 2110.07602; as in ChatGLM's ptuning: free prefixes of every layer; begun from words",
        learning_rate=5e-3,
        virtual_tokens=32,
        prefix=True,
    ),
    "full": Method(source="Stanford Alpaca: all weights, 2e-5, cosine", learning_rate=2e-5, whole=True),
    "qlora": Method(source="Dettmers 2023, arXiv 2305.14314: LoRA over a 4-bit base", learning_rate=2e-4),
}
"""Name -> facts."""


def method_of(settings: Finetune) -> Method:
    """Return the method of the settings; raises ConfigError with the known names for an unknown one."""
    if settings.method in METHODS:
        return METHODS[settings.method]
    near = difflib.get_close_matches(settings.method, METHODS, n=1)
    hint = f"did you mean `{near[0]}`? known" if near else "known"
    raise ConfigError(f"--method, [finetune] method: no method `{settings.method}`; {hint}: {', '.join(METHODS)}")


def virtual_tokens(settings: Finetune) -> int:
    """Return the number of context positions that the method's virtual tokens take."""
    own = method_of(settings).virtual_tokens
    return own and (settings.virtual_tokens or own)


def resolved(settings: Finetune) -> Finetune:
    """Return the settings with method defaults for what the user did not set."""
    method = method_of(settings)
    return settings.model_copy(
        update={
            "learning_rate": settings.learning_rate or method.learning_rate,
            "virtual_tokens": settings.virtual_tokens or method.virtual_tokens or None,
        }
    )


def check_settings(settings: Finetune, merge: bool) -> None:
    """Raise ConfigError for settings that the method does not support; InputError where qlora cannot run."""
    method = method_of(settings)
    if settings.gradient_checkpointing and method.prefix:
        raise ConfigError(
            f"[finetune.gradient_checkpointing]: not with {settings.method}: its prefixes are keys and values that every "
            "layer takes from a cache, and a layer that is computed a second time finds them longer; switch it off (a "
            "prefix needs little memory), or use prompt-tuning or lora"
        )
    if merge and not method.mergeable:
        why = "the whole model is saved as it is" if method.whole else "virtual tokens cannot be added to weights"
        raise ConfigError(f"--merge: {settings.method} has nothing to merge: {why}; leave --merge out")
    if merge and settings.method == "qlora":
        raise ConfigError(
            "--merge: not with qlora, whose base is rounded to 4 bits; leave it out, and merge the adapter into the full base with "
            "PEFT's merge_and_unload, or train lora with --merge"
        )
    if settings.target_modules and (method.virtual_tokens or method.whole):
        raise ConfigError(f"[finetune.target_modules]: {settings.method} adapts no single layers; leave it out")
    if settings.method == "qlora":
        _check_four_bits()


def _check_four_bits() -> None:
    missing = [] if importlib.util.find_spec("bitsandbytes") else ["the package bitsandbytes"]
    if importlib.util.find_spec("torch"):
        import torch

        missing += [] if torch.cuda.is_available() else ["a CUDA GPU"]
    if missing:
        raise InputError(f"qlora needs {' and '.join(missing)}, which this machine has not; use lora here")
