"""The command line as a test calls it, and small files for it."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

Cli = Callable[..., "subprocess.CompletedProcess[str]"]


def rows(path: Path, *values: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values), encoding="utf-8")
    return path


THREE = (
    {"instruction": "给出三个保持健康的提示。", "input": "", "output": "早睡、多走、少盐。", "extra": 1},
    {"instruction": "Name a river in France.", "input": "", "output": "The Loire."},
    {"instruction": "给出三个保持健康的提示！", "input": "", "output": "运动。"},
)
