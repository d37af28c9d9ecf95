"""Turn seed tasks into an instruction dataset you can trust, and fine-tune a model on it.

    import selfinstruct as si

    run = si.open_run("outputs/mine", target={"en": 100, "zh": 100}, teacher={"kind": "openai", "model": ..., "base_url": ...})
    run.generate()
    run.rows.to_pandas()

Names are loaded when they are first used, so that importing the package takes a few milliseconds. Errors are SelfInstructError and its
children; their texts say what happened, where, and what to do.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from selfinstruct.api.comparison import compare
    from selfinstruct.api.conversations import Imported, import_conversations
    from selfinstruct.api.datasets import check_seeds, explain_row, export, filter_file, repair, validate
    from selfinstruct.api.derived import derive
    from selfinstruct.api.doctor import Diagnosis, doctor
    from selfinstruct.api.hub import push
    from selfinstruct.api.opening import open_run
    from selfinstruct.api.project import init, install_git_drivers
    from selfinstruct.api.reports import Report, diff, render, report
    from selfinstruct.api.run import Run
    from selfinstruct.api.tables import Rejection, Table
    from selfinstruct.api.teacher import pull_weights, serve_teacher
    from selfinstruct.api.training import finetune
    from selfinstruct.api.translation import Translation, translate
    from selfinstruct.api.tuned import ask, evaluate
    from selfinstruct.comparison.result import Comparison
    from selfinstruct.dedup.deduplication import Deduplication, deduplicate
    from selfinstruct.errors import (
        CapReachedError,
        ConfigError,
        FindingsError,
        HubRefusedError,
        InputError,
        InterruptedRunError,
        PromptError,
        RecordError,
        SelfInstructError,
        StorageError,
        TeacherRefusedError,
    )
    from selfinstruct.records import Row
    from selfinstruct.system.limits import reading_limits

_HOMES = {
    "api.comparison": ("compare",),
    "api.conversations": ("Imported", "import_conversations"),
    "api.datasets": ("check_seeds", "explain_row", "export", "filter_file", "repair", "validate"),
    "api.derived": ("derive",),
    "api.doctor": ("Diagnosis", "doctor"),
    "api.hub": ("push",),
    "api.opening": ("open_run",),
    "api.project": ("init", "install_git_drivers"),
    "api.reports": ("Report", "diff", "render", "report"),
    "api.run": ("Run",),
    "api.tables": ("Rejection", "Table"),
    "api.teacher": ("pull_weights", "serve_teacher"),
    "api.training": ("finetune",),
    "api.tuned": ("ask", "evaluate"),
    "comparison.result": ("Comparison",),
    "api.translation": ("Translation", "translate"),
    "dedup.deduplication": ("Deduplication", "deduplicate"),
    "errors": (
        "CapReachedError",
        "ConfigError",
        "FindingsError",
        "HubRefusedError",
        "InputError",
        "InterruptedRunError",
        "PromptError",
        "RecordError",
        "SelfInstructError",
        "StorageError",
        "TeacherRefusedError",
    ),
    "records": ("Row",),
    "system.limits": ("reading_limits",),
}
"""Module -> the public names that live there."""

__all__ = [
    "CapReachedError",
    "Comparison",
    "ConfigError",
    "Deduplication",
    "Diagnosis",
    "FindingsError",
    "HubRefusedError",
    "Imported",
    "InputError",
    "InterruptedRunError",
    "PromptError",
    "RecordError",
    "Rejection",
    "Report",
    "Row",
    "Run",
    "SelfInstructError",
    "StorageError",
    "Table",
    "TeacherRefusedError",
    "Translation",
    "__version__",
    "ask",
    "check_seeds",
    "compare",
    "deduplicate",
    "derive",
    "diff",
    "doctor",
    "evaluate",
    "explain_row",
    "export",
    "filter_file",
    "finetune",
    "import_conversations",
    "init",
    "install_git_drivers",
    "open_run",
    "pull_weights",
    "push",
    "reading_limits",
    "render",
    "repair",
    "report",
    "serve_teacher",
    "translate",
    "validate",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("selfinstruct")
    for module, names in _HOMES.items():
        if name in names:
            value = getattr(importlib.import_module(f"selfinstruct.{module}"), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module 'selfinstruct' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
