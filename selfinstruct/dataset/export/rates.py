"""The learning rate by method and size of the model: an export reads the size off a name, `selfinstruct finetune` counts.

The defaults of `selfinstruct finetune` are for models of some hundred million parameters and few steps: 1e-3 makes LoRA on 7B diverge.
"""

import re

_BILLION, _MILLION = 1e9, 1e6
_SIZE = re.compile(r"(?<![a-z0-9.])(?:(\d+)x)?(\d+(?:\.\d+)?)(b|m)(?![a-z])", re.IGNORECASE)
SMALL = _BILLION
"""Parameters below which the trainer's own default fits."""
_RATES = {
    "lora": ((SMALL, 2e-4), (30 * _BILLION, 1e-4)),
    "dora": ((SMALL, 2e-4), (30 * _BILLION, 1e-4)),
    "qlora": ((SMALL, 2e-4), (30 * _BILLION, 1e-4)),
    "rslora": ((SMALL, 1e-4), (30 * _BILLION, 5e-5)),
    "full": ((SMALL, 2e-5), (13 * _BILLION, 1e-5)),
}
"""Method -> (parameters from which, rate). QLoRA (arXiv 2305.14314, table 9): 2e-4 to 13B, 1e-4 above; Stanford Alpaca: 2e-5 at 7B, 1e-5 at
13B. rsLoRA scales by alpha / sqrt(rank), here 2.8 times LoRA's alpha / rank."""
_MUCH = 3
"""Factor above the usual rate from which it is spoken of."""


def parameters_of(model: str) -> float | None:
    """Return the number of parameters that a model's name says, experts included; None where it says none.

    >>> parameters_of("Qwen/Qwen2.5-7B-Instruct"), parameters_of("smollm2-135m-instruct"), parameters_of("gpt2")
    (7000000000.0, 135000000.0, None)
    """
    name = model.rstrip("/").rpartition("/")[2]
    found = [
        int(times or 1) * float(count) * (_BILLION if unit in "bB" else _MILLION)
        for times, count, unit in _SIZE.findall(name.replace("_", "-"))
    ]
    return max(found, default=None)


def learning_rate(method: str, model: str, small: float) -> float:
    """Return the rate for a method on a model by name; `small` is the default for small ones."""
    return rate_of(method, parameters_of(model), small)


def rate_of(method: str, size: float | None, small: float) -> float:
    """Return the rate for a method on a model of so many parameters; one of unknown size counts as a large one."""
    steps = _RATES.get(method, ())
    fitting = [rate for least, rate in steps if size is None or size >= least]
    return (fitting[0] if size is None else fitting[-1]) if fitting else small


def too_high(rate: float, method: str, model: str) -> str:
    """Return what to say of a rate that somebody chose for a smaller model; empty where it is usual."""
    usual = learning_rate(method, model, rate)
    if rate <= _MUCH * usual:
        return ""
    return (
        f"learning_rate = {rate:g} is for a small model: for {method} on {model} {usual:g} is usual, and {rate:g} is likely to diverge. Take "
        "[finetune] learning_rate out of the configuration, or set it"
    )
