"""Optional parts of the installation, asked for before anything is done that needs them."""

import importlib.util
import json
import shlex
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import distribution
from pathlib import Path
from urllib.parse import unquote, urlsplit

from selfinstruct.errors import InputError
from selfinstruct.system.chinese import translator
from selfinstruct.system.interpreter import python
from selfinstruct.system.locale_language import locale_language

CLONE = Path(__file__).parents[2]
"""Where the Makefile of a clone stands, if this is one."""
_SIZES = {"finetune": " (torch and transformers; about 6 GB on Linux, where torch carries CUDA)"}
"""Of extras that are large."""


def require(packages: Sequence[str], purpose: str, extra: str) -> None:
    """Raise InputError that names the missing packages and how to get them: in a clone `extra` is the name of a make target too."""
    missing = [name for name in packages if importlib.util.find_spec(name) is None]
    if missing:
        here = Path.cwd() == CLONE
        remedy = (
            f"run `make {extra}`, or: {install_command(extra)}"
            if here
            else f"install it with: {install_command(extra)}"
        )
        raise InputError(
            f"{purpose} needs {', '.join(missing)}, which {'is' if len(missing) == 1 else 'are'} not installed; {remedy}"
        )


def _direct_url() -> str:
    """Return where pip says that this installation came from, as JSON."""
    own_distribution = distribution("selfinstruct")
    return own_distribution.read_text("direct_url.json") or "{}"


def install_command(extra: str, stated: str | None = None) -> str:
    """Return the command that adds an extra to this installation, from where that came; no index is known to have it.

    `stated` is the content of `direct_url.json` (PEP 610), which pip writes; by default that of this installation.

    >>> install_command("report", '{"url": "file:///home/a%20b", "dir_info": {"editable": true}}').split(" -m ")[1]
    "pip install --editable '/home/a b[report]'"
    """
    return shlex.join(arg for arg in _install(extra, stated) if arg != "-P")


def _install(extra: str, stated: str | None) -> list[str]:
    """Return the arguments of that command, which imports nothing from the working folder."""
    value = json.loads(_direct_url() if stated is None else stated)
    url, source = str(value.get("url", "")), [f"selfinstruct[{extra}]"]
    if "vcs_info" in value:
        source = [f"selfinstruct[{extra}] @ git+{url}@{value['vcs_info'].get('commit_id', '')}"]
    elif "dir_info" in value:
        folder = f"{Path(unquote(urlsplit(url).path))}[{extra}]"
        source = ["--editable", folder] if value["dir_info"].get("editable") else [folder]
    elif url:
        source = [f"selfinstruct[{extra}] @ {url}"]
    return python("-m", "pip", "install", *source)


def add(extra: str, wanted: Sequence[str]) -> int:
    """Install an extra into this environment unless the packages `wanted` are there; returns the exit code of pip.

    This is what the Makefile of a project calls, for the selfinstruct that its local.mk names.
    """
    if all(importlib.util.find_spec(name) for name in wanted):
        return 0
    command = _install(extra, None)
    size = "" if importlib.util.find_spec("torch") else _SIZES.get(extra, "")
    told = f"Installing the extra `{extra}`{size}: {shlex.join(command)}"
    sys.stderr.write((translator().message(told) if locale_language() == "zh" else told) + "\n")
    return subprocess.run([*command, "--quiet"], check=False).returncode  # noqa: S603 - arguments, no shell


if __name__ == "__main__":
    sys.exit(add(sys.argv[1], sys.argv[2:]))
