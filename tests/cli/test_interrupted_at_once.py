"""Ctrl-C before a command has begun: while the command line, or its verb, is loaded."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

INTERRUPTED_AT = """
import sys
class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            sys.meta_path.remove(self)
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupt())
from {home} import {name} as main
main()
"""


def entry_point() -> tuple[str, str]:
    """Return (module, name) of the command that is installed."""
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    home, _, name = project["scripts"]["selfinstruct"].partition(":")
    return home, name


@pytest.mark.parametrize("module", ["click", "selfinstruct.errors", "selfinstruct.cli.status"])
@pytest.mark.parametrize(("options", "said"), [([], "Interrupted.\n"), (["--lang", "zh"], "已中断。\n")])
def test_ctrl_c_while_a_command_is_loaded_is_answered_in_a_word(
    tmp_path: Path, module: str, options: list[str], said: str
) -> None:
    assert interrupted(tmp_path, module, [*options, "status"]) == (130, "", said)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["generate"], "Interrupted; the same command goes on.\n"),
        (["--lang", "zh", "generate"], "已中断；再跑一遍同一条命令就接着做。\n"),
        (["generate", "--fresh"], "Interrupted.\n"),
    ],
)
def test_ctrl_c_while_generate_starts_says_that_the_same_command_goes_on(
    tmp_path: Path, words: list[str], said: str
) -> None:
    assert interrupted(tmp_path, "selfinstruct.cli.generate", words) == (130, "", said)


def interrupted(tmp_path: Path, module: str, words: list[str]) -> tuple[int, str, str]:
    home, name = entry_point()
    code = INTERRUPTED_AT.format(module=module, home=home, name=name)
    root = str(Path(__file__).parents[2])
    environment = os.environ | {"PYTHONPATH": root, "PYTHONUTF8": "1", "LC_ALL": "C"}
    command = [sys.executable, "-c", code, *words]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", check=False)
    return done.returncode, done.stdout, done.stderr.lstrip()
