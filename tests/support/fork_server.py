"""The command line in a forked child of a process that has imported it already: what a test pays for is the verb, not the imports."""

import importlib
import json
import os
import pkgutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import selfinstruct

PRELOADED = ("openai", "pandas", "tiktoken", "rich.live", "rich.table", "pyarrow.parquet")
LEFT_OUT = ("selfinstruct.__main__", "selfinstruct.training")


class ForkServer:
    """One process that runs `selfinstruct` in a child of its own for each call."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __spec__.name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(
        self, arguments: Sequence[str], cwd: Path, environment: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """Return what `python -m selfinstruct ARGUMENTS` does in `cwd`."""
        assert self._process.stdin
        assert self._process.stdout
        with tempfile.TemporaryDirectory() as folder:
            out, err = Path(folder) / "out", Path(folder) / "err"
            job = [list(arguments), str(cwd), dict(environment), str(out), str(err)]
            self._process.stdin.write(json.dumps(job) + "\n")
            self._process.stdin.flush()
            code = int(self._process.stdout.readline())
            return subprocess.CompletedProcess(arguments, code, out.read_text("utf-8"), err.read_text("utf-8"))

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


def _serve() -> None:
    own = (module.name for module in pkgutil.walk_packages(selfinstruct.__path__, "selfinstruct."))
    for name in (*own, *PRELOADED):
        if not name.startswith(LEFT_OUT):
            with suppress(ImportError):
                importlib.import_module(name)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _run(*json.loads(line))
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
        sys.stdout.flush()


def _run(arguments: list[str], cwd: str, environment: dict[str, str], out: str, err: str) -> NoReturn:
    from selfinstruct.cli import main

    signal.alarm(120)
    for number, path in enumerate((os.devnull, out, err)):
        os.dup2(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), number)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["selfinstruct", *arguments]
    code: object = 0
    try:
        main()
    except SystemExit as error:
        code = error.code
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else bool(code))


if __name__ == "__main__":
    _serve()
