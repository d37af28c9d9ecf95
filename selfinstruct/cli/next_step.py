"""What to do next with a run, as `status` and `filter` say it."""

import re
import shlex
from pathlib import Path
from typing import Any

from selfinstruct.cli.folding import write_wrapped
from selfinstruct.cli.messages import spoken
from selfinstruct.cli.target import next_step


def print_next(path: Path, found: dict[str, Any], run_dir: str | None) -> None:
    """Write what to do next with a run, of which `status` found so much; `run_dir` is what named it."""
    write_wrapped(of_run(spoken(f"Next: {next_step(path, found)}"), run_dir))


def of_run(line: str, run_dir: str | None) -> str:
    """Return a line whose commands name the run that was named here."""
    named = f" --run {shlex.quote(run_dir)}" if run_dir else ""
    return re.sub(r"`selfinstruct (?:generate|filter|export)\b", lambda found: found[0] + named, line)
