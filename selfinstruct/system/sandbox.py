"""Python code of a stranger, run in a child process that can do nothing but compute, to see whether it makes assertions true.

The child is `python -I -S` with an empty environment, in a session of its own. Before it sees the code it has loaded what code of this size
imports, and then gives up, for good: new file descriptors (so no file and no socket can be opened), processes, writing, memory above
256 MiB and more than a few seconds of processor. Where it runs as root it becomes nobody first, for whom limits are final. An audit hook
(PEP 578), which cannot be taken off, refuses whatever is neither computing nor importing what is loaded already. The parent ends it after
a wall-clock limit. A word drawn for each run says that the last assertion was reached: `exit(0)` proves nothing. That is enough for what a
model writes; an attacker who knows this file could still find the word in a frame, and pass his own test.
"""

import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Sequence

PROCESSOR_S = 3
"""Seconds of processor that the code may use."""
WALL_S = 15.0
"""Seconds after which it is ended, asleep or not; a busy machine may need most of them to start Python."""
_LONGEST_CODE = 100_000

_CHILD = r"""
import json, sys
import array, bisect, calendar, cmath, collections, collections.abc, copy, datetime, decimal, enum, fractions, functools, heapq, itertools
import math, numbers, operator, random, re, resource, statistics, string, textwrap, time, typing, unicodedata, dataclasses, os, _strptime
task = json.loads(sys.stdin.buffer.read())
if os.geteuid() == 0:
    os.setgroups([]); os.setresgid(65534, 65534, 65534); os.setresuid(65534, 65534, 65534)
for name, most in (("CPU", task["seconds"]), ("AS", 2**28), ("FSIZE", 0), ("CORE", 0), ("NPROC", 0), ("NOFILE", 0)):
    kind = getattr(resource, "RLIMIT_" + name)
    hard = resource.getrlimit(kind)[1]
    hard = most + (name == "CPU") if hard == resource.RLIM_INFINITY else min(hard, most + (name == "CPU"))
    try:
        resource.setrlimit(kind, (min(most, hard), hard))
    except ValueError:
        if name != "AS":  # macOS has none
            raise
def run(task, write=os.write):
    word, code, assertions = task.pop("word"), task.pop("code"), task.pop("assertions")
    allowed = {"exec", "compile", "import", "builtins.id", "object.__getattr__", "object.__setattr__", "object.__delattr__", "array.__new__"}
    def refuse(event, arguments, allowed=frozenset(allowed)):
        if event not in allowed:
            raise PermissionError(event)
    sys.stdin.close()
    space = {"__name__": "answer"}
    sys.addaudithook(refuse)
    try:
        exec(compile(code, "answer", "exec"), space)
        for assertion in assertions:
            if not eval(compile(assertion, "assertion", "eval"), space):
                return "false: " + assertion
    except BaseException as error:
        return type(error).__name__
    return word
said = run(task)
os.write(1, said.encode("utf-8", "replace")[:300])
os._exit(0)
"""


def failure(code: str, assertions: Sequence[str], *, processor_s: int = PROCESSOR_S, wall_s: float = WALL_S) -> str:
    """Return why code does not make all assertions true, in a few words; "" when it does. Assertions are expressions.

    >>> failure("def double(n): return 2 * n", ["double(4) == 8"])
    ''
    >>> failure("def double(n): return n ** 2", ["double(4) == 8"])
    'false: double(4) == 8'
    """
    if len(code) > _LONGEST_CODE:
        return "the code is too long"
    word = secrets.token_hex(16)
    task = json.dumps({"word": word, "code": code, "assertions": list(assertions), "seconds": processor_s})
    child = subprocess.Popen(  # noqa: S603 - our own program; the code is data to it
        [sys.executable, "-I", "-S", "-c", _CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
        start_new_session=True,
    )
    try:
        said = child.communicate(task.encode("utf-8", "surrogatepass"), timeout=wall_s)[0].decode("utf-8", "replace")
    except subprocess.TimeoutExpired:
        return "it takes too long"
    finally:
        _end(child)
    if said == word:
        return ""
    return said or ("it takes too long" if child.returncode == -signal.SIGXCPU else "it ends Python")


def _end(child: "subprocess.Popen[bytes]") -> None:
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
