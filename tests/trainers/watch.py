"""Runs inside a trainer's own processes, as their `sitecustomize`: writes down what each step hands to the model, and the loss.

Nothing of the trainer is replaced: once transformers' Trainer is imported, its `training_step` is wrapped. Only the standard library is needed.
"""

import importlib.util
import json
import os
import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

STEPS = "WATCHED_STEPS"
"""Environment variable with the file of JSON lines, one for each step."""


class _Finder(MetaPathFinder):
    """Waits for transformers' Trainer to be imported."""

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> ModuleSpec | None:
        del path, target
        if fullname != "transformers.trainer":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        if spec and spec.loader:
            run = spec.loader.exec_module

            def run_and_watch(module: Any) -> None:
                run(module)
                _watch(module.Trainer)

            spec.loader.exec_module = run_and_watch  # type: ignore[method-assign]
        return spec


def _watch(trainer: Any) -> None:
    step = trainer.training_step

    def watched(self: Any, model: Any, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        seen = {name: inputs[name].tolist() for name in ("input_ids", "labels", "attention_mask")}
        loss = step(self, model, inputs, *args, **kwargs)
        with Path(os.environ[STEPS]).open("a") as file:
            file.write(json.dumps(seen | {"loss": loss.item()}) + "\n")
        return loss

    trainer.training_step = watched


if STEPS in os.environ:
    sys.meta_path.insert(0, _Finder())
