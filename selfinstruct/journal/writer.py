"""Group commit: one thread appends whatever is waiting with one write and one fsync, then wakes all who wait for it."""

import errno
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import NamedTuple

from selfinstruct.errors import StorageError
from selfinstruct.journal.lines import Intent, Line, frame
from selfinstruct.journal.segment_writer import SegmentWriter

_FULL = {errno.ENOSPC, errno.EDQUOT}


class _Entry(NamedTuple):
    line: Line
    data: bytes
    done: Future[None]


class Writer:
    """Takes records from any thread, in order; tells `written` of each in that order, from its own thread, once it is durable."""

    def __init__(self, tape: SegmentWriter, written: Callable[[Line], None]) -> None:
        """Start the thread."""
        self._tape = tape
        self._written = written
        self._changed = threading.Condition()
        self._queue: list[_Entry] = []
        self._closing = False
        self._full = ""
        """Why no intent is taken any more; the other records still are."""
        self._failure = ""
        """Why nothing is taken any more."""
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def submit(self, line: Line) -> Future[None]:
        """Queue a record; its future ends when it is durable, or with StorageError. Cancelling it changes nothing."""
        entry = _Entry(line, frame(line), Future())
        entry.done.set_running_or_notify_cancel()
        with self._changed:
            self._queue.append(entry)
            self._changed.notify()
        return entry.done

    def close(self) -> None:
        """Write what is queued, then end the thread and close the segment."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()
        self._tape.close()

    def _run(self) -> None:
        while entries := self._take():
            if kept := self._refuse(entries):
                self._commit(kept)

    def _take(self) -> list[_Entry]:
        """Wait for a record and return all that are queued with it; nothing when the journal closes."""
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._closing)
            entries, self._queue = self._queue, []
        return entries

    def _refuse(self, entries: list[_Entry]) -> list[_Entry]:
        """Fail the records that are not taken any more; returns the others."""
        kept = []
        for entry in entries:
            if entry.done.done():
                continue  # refused before
            reason = self._failure or (self._full if isinstance(entry.line, Intent) else "")
            if reason:
                entry.done.set_exception(StorageError(reason))
            else:
                kept.append(entry)
        return kept

    def _commit(self, entries: list[_Entry]) -> None:
        try:
            entries = self._append(entries)
        except OSError as error:
            self._failure = (
                f"{self._tape.path}: cannot be written ({error.strerror or error}); "
                "free or check the disk and run the same command again"
            )
            self._refuse(entries)
            return
        for entry in entries:
            self._written(entry.line)
            entry.done.set_result(None)

    def _append(self, entries: list[_Entry]) -> list[_Entry]:
        """Append; on a full disk once more from the reserve, without the intents. Returns what was appended."""
        try:
            self._tape.append(b"".join(entry.data for entry in entries))
        except OSError as error:
            if self._full or error.errno not in _FULL:
                raise
            self._full = (
                f"{self._tape.path}: the disk is full ({error.strerror}); nothing more is sent, replies still to come are kept "
                "in the reserve. Free some space and run the same command again"
            )
            self._tape.free_reserve()
            entries = self._refuse(entries)
            self._tape.append(b"".join(entry.data for entry in entries))
        return entries
