"""Work that must end in time, whatever it does: a forked child, which the system ends by its own timer.

A comparison or a sort runs in C, where no signal, line or clock of Python is looked at; nothing in the same process can end it.
"""

import os
import select
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn

from selfinstruct.system.fork import fork


class ChildEndedError(Exception):
    """The child was ended before it had answered; says by what."""


class _Child(NamedTuple):
    process: int
    questions: int
    """Descriptor to write them to."""
    answers: int
    """Descriptor to read them from."""


class TimedChild:
    """A child that answers questions about a subject, one after another, each within so many seconds on the processor.

    It sees all objects as they are at the fork, and ends by itself when nothing is asked for `idle_s`: it would keep what this process
    frees. Where there is none (not Linux, fork refused) questions are answered in this process, without that bound.
    """

    def __init__(self, answer: Callable[[Any, bytes], bytes], idle_s: float = 1.0) -> None:
        """Start nothing yet; `answer` is given subject and question."""
        self._answer, self._idle_s = answer, idle_s
        self._lock = threading.Lock()
        self._subject: Any = None
        self._child: _Child | None = None

    def ask(self, subject: Any, question: bytes, seconds: float) -> bytes:
        """Return the answer; raises ChildEndedError when the child was ended, by its timer or by a crash."""
        with self._lock:
            if subject is not self._subject:
                self._end()
            self._subject = subject
            try:
                while (answer := self._ask(question, seconds)) is None:
                    pass  # it had just gone, for want of questions
            except BaseException:  # the next question must not get the answer to this one
                self._end()
                raise
            return answer

    def _ask(self, question: bytes, seconds: float) -> bytes | None:
        """Return the answer, or None when the child had ended by itself."""
        self._child = self._child or self._start()
        if not self._child:
            return self._answer(self._subject, question)
        try:
            _send(self._child.questions, str(seconds).encode())
            _send(self._child.questions, question)
            answer = _receive(self._child.answers)
        except (BrokenPipeError, ConnectionResetError):
            answer = None
        if answer is None and (status := self._end()):
            timer = status == -signal.SIGPROF
            raise ChildEndedError(f"it takes more than {seconds:g} seconds" if timer else f"it ends Python ({status})")
        return answer

    def _start(self) -> _Child | None:
        if sys.platform != "linux":
            return None
        asked, questions = os.pipe()
        answers, answered = os.pipe()
        try:
            process = fork()
        except OSError:  # no memory, or no further process allowed
            _close(asked, questions, answers, answered)
            return None
        if not process:
            _close(questions, answers)
            self._run(asked, answered)
        _close(asked, answered)
        return _Child(process, questions, answers)

    def _run(self, asked: int, answered: int) -> NoReturn:
        """Answer until nothing more is asked; exit without running exit handlers."""
        status = 1
        try:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then closes the pipe
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.signal(signal.SIGPROF, signal.SIG_DFL)
            waiting = select.poll()
            waiting.register(asked, select.POLLIN)
            while waiting.poll(self._idle_s * 1000) and (seconds := _receive(asked)):
                question = _receive(asked) or b""
                signal.setitimer(signal.ITIMER_PROF, float(seconds))
                answer = self._answer(self._subject, question)
                signal.setitimer(signal.ITIMER_PROF, 0)
                _send(answered, answer)
            status = 0
        finally:
            os._exit(status)

    def _end(self) -> int:
        """End the child, if there is one; returns how it ended: 0 by itself, below 0 by that signal."""
        if not self._child:
            return 0
        child, self._child = self._child, None
        _close(child.questions, child.answers)
        os.kill(child.process, signal.SIGKILL)  # of no effect on one that is ending
        return os.waitstatus_to_exitcode(os.waitpid(child.process, 0)[1])


def _send(descriptor: int, data: bytes) -> None:
    rest = memoryview(len(data).to_bytes(8, "big") + data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _receive(descriptor: int) -> bytes | None:
    """Return what was sent, or None at the end of the pipe."""
    head = _read(descriptor, 8)
    return head and _read(descriptor, int.from_bytes(head, "big"))


def _read(descriptor: int, size: int) -> bytes | None:
    data = bytearray()
    while len(data) < size:
        if not (more := os.read(descriptor, min(size - len(data), 2**20))):
            return None
        data += more
    return bytes(data)


def _close(*descriptors: int) -> None:
    for descriptor in descriptors:
        os.close(descriptor)
