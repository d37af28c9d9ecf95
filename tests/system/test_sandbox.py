"""Code of a model can compute, and nothing else."""

import time
from pathlib import Path

import pytest

from selfinstruct.system.sandbox import failure

DOUBLE = ["double(4) == 8"]


@pytest.mark.parametrize(
    "code",
    [
        "def double(n): return 2 * n",
        "import re, math, collections\nfrom dataclasses import dataclass\n@dataclass\nclass P:\n    x: int\ndef double(n): return P(2 * n).x",
        "import os\nassert set(os.environ) <= {'LC_CTYPE'}\ndouble = lambda n: 2 * n",
    ],
)
def test_what_computes_right_passes(code: str) -> None:
    assert failure(code, DOUBLE) == ""


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("def double(n): return n ** 2", "false: double(4) == 8"),
        ("def triple(n): return 3 * n", "NameError"),
        ("def double(n) return", "SyntaxError"),
        ("", "NameError"),
        ("import sys; sys.exit(0)", "SystemExit"),
        ("import os; os._exit(0)", "it ends Python"),
        ("def f(): return f()\nf()", "RecursionError"),
        ("x = 'a' * 10**9", "MemoryError"),
        ("import random; double = lambda n: random.no", "AttributeError"),
    ],
)
def test_what_does_not_has_a_reason(code: str, why: str) -> None:
    assert failure(code, DOUBLE) == why


@pytest.mark.thorough
@pytest.mark.parametrize(
    "code",
    [
        "open('/etc/passwd').read()",
        "open({path!r}, 'w').write('x')",
        "import os; os.remove({path!r})",
        "import os; os.rename({path!r}, {path!r} + '.old')",
        "import os; os.system('rm ' + {path!r})",
        "import os; os.fork()",
        "import os; os.kill(os.getppid(), 9)",
        "import os; os.close(0); open('/etc/passwd')",
        "import socket; socket.create_connection(('127.0.0.1', 1))",
        "import _socket; _socket.socket()",
        "import subprocess; subprocess.run(['true'])",
        "import ctypes; ctypes.CDLL(None)",
        "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100))",
        "import resource, os; resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (1, 1))",
        "import sys; sys._getframe().f_back.f_locals",
        "import gc; gc.get_objects()",
        "import urllib.request",
    ],
)
def test_what_reaches_out_is_refused(code: str, tmp_path: Path) -> None:
    path = tmp_path / "kept"
    path.write_text("kept", encoding="utf-8")
    found = failure(code.replace("{path!r}", repr(str(path))) + "\ndouble = lambda n: 2 * n", DOUBLE)
    assert found in {"PermissionError", "ModuleNotFoundError", "OSError"}
    assert path.read_text(encoding="utf-8") == "kept"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.thorough
@pytest.mark.parametrize("code", ["while True: pass", "import time; time.sleep(60)", "10 ** 10 ** 8"])
def test_what_never_ends_is_ended(code: str) -> None:
    began = time.monotonic()
    assert failure(code, DOUBLE, processor_s=1, wall_s=3) in {"it takes too long", "it ends Python", "MemoryError"}
    assert time.monotonic() - began < 60
