"""The model card (README.md) of an adapter: data, method and losses; Hugging Face reads its front matter."""

import shlex
from collections.abc import Mapping
from pathlib import Path

from selfinstruct.system.faces import markdown_code, yaml_value
from selfinstruct.system.numbers import amount
from selfinstruct.training.data.prepare import Data
from selfinstruct.training.model.methods import method_of
from selfinstruct.training.records import Result, TrainingJob, too_few

ADAPTER = """from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

base = AutoModelForCausalLM.from_pretrained({model})
model = PeftModel.from_pretrained(base, {folder})
tokenizer = AutoTokenizer.from_pretrained({folder})"""
WHOLE = """from transformers import AutoModelForCausalLM, AutoTokenizer

model = AutoModelForCausalLM.from_pretrained({folder})
tokenizer = AutoTokenizer.from_pretrained({folder})"""


def card(result: Result, job: TrainingJob, versions: Mapping[str, str], data: Data) -> str:
    """Return the README.md of an adapter."""
    method, settings, base = method_of(job.settings), job.settings, job.origin or job.model
    languages = sorted({one.row.language for one in data.train})
    head = ["library_name: " + ("transformers" if method.whole else "peft"), f"base_model: {yaml_value(base)}"]
    head += ["pipeline_tag: text-generation", "language:", *(f"- {language}" for language in languages)]
    head += ["tags:", f"- {settings.method}", "- selfinstruct"]
    facts = {
        "Method": f"{settings.method}: {method.source}",
        "Base model": markdown_code(base)
        + (f", its weights from the quantised `{Path(job.model).name}`" if job.origin else ""),
        "Dataset": f"{amount(result.rows, 'row')}{f' of {markdown_code(job.dataset)}' if job.dataset else ''}, sha256 `{result.dataset_sha256}`",
        "Fingerprint of the run that made it": markdown_code(job.fingerprint) if job.fingerprint else "not known",
        "Rows": f"{result.train_rows} for training, {result.held_out_rows} for validation, {result.left_out} left out as "
        f"longer than {data.limit.name}, {result.replay_rows} general rows mixed in",
        "Prompt": f"`{data.form.prompt}`; the loss counts on answers and their end token only",
        "Trained values": f"{result.trainable_parameters:,} of {result.parameters:,}",
        "Steps": f"{result.steps} of {amount(settings.batch_size, 'row')}, the one kept is {result.best_step}",
        "Learning rate, seed": f"{settings.learning_rate:g}, {job.seed}",
        "Versions": ", ".join(f"{name} {version}" for name, version in versions.items()),
    }
    title = "The whole model" if method.whole else f"A {settings.method} adapter"
    code = (WHOLE if method.whole else ADAPTER).format(model=_literal(base), folder=_literal(job.output.name))
    remarks = "".join(f"- {markdown_code(remark)}\n" for remark in result.remarks)
    return (
        "---\n"
        + "\n".join(head)
        + f"\n---\n\n# {title} for {markdown_code(base)}\n\n"
        + _table(facts)
        + "\n## Losses\n\nNats per answer token on the validation rows; no instruction is in both splits.\n\n"
        + _table(_losses(result))
        + f"\nThe step that is kept was chosen by this loss, so it flatters a little. {_sure(result)} Curve: `losses.png`, `losses.json`.\n"
        + (f"\n## Remarks\n\n{remarks}" if remarks else "")
        + f"\n## Use\n\n```python\n{code}\n```\n\n"
        + f"{markdown_code(f'selfinstruct evaluate --adapter {shlex.quote(job.output.name)} --ask TASK')} has it and its base answer a task of yours.\n\n"
        "A dataset written by a language model passes on that model's errors, its style, and its provider's terms of use.\n"
    )


def _sure(result: Result) -> str:
    return f"{too_few(result.held_out_rows) or '`selfinstruct evaluate` says how sure the difference is'}."


def _literal(text: str) -> str:
    """Return a text as a literal of Python, on one line."""
    return yaml_value(text)  # both escape alike


def _losses(result: Result) -> dict[str, str]:
    values = {
        "base model": f"{result.loss_before:.4f}",
        "tuned": f"{result.loss_after:.4f}",
        "tuned, read back from disk": "not read back"
        if result.loss_reloaded is None
        else f"{result.loss_reloaded:.4f}",
        "end token likeliest after the reference answer, base and tuned": f"{result.eos_rate_before:.0%}, {result.eos_rate:.0%}",
    }
    return values | ({} if result.loss_merged is None else {"merged, read back from disk": f"{result.loss_merged:.4f}"})


def _table(facts: Mapping[str, str]) -> str:
    return "| | |\n|---|---|\n" + "".join(f"| {name} | {value} |\n" for name, value in facts.items())
