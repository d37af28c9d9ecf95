"""The writer thread: appends all queued records with one write and one fsync (group commit), then completes their futures."""

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
    """Appends records from any thread in order; calls `written` for each durable record, in order, in the writer thread."""

    def __init__(self, segment_writer: SegmentWriter, written: Callable[[Line], None]) -> None:
        """Start the thread."""
        self._segment_writer = segment_writer
        self._written = written
        self._changed = threading.Condition()
        self._queue: list[_Entry] = []
        self._closing = False
        self._full = ""
        """Why intents are refused (disk full); other records are still written. Empty otherwise."""
        self._failure = ""
        """Why all records are refused; empty otherwise."""
        self._thread: threading.Thread | None = None
        """Started with the first record: a process that only reads may fork."""

    def submit(self, line: Line) -> Future[None]:
        """Queue a record; its future completes when it is durable, or with StorageError, and cannot be cancelled."""
        entry = _Entry(line, frame(line), Future())
        entry.done.set_running_or_notify_cancel()
        with self._changed:
            self._queue.append(entry)
            self._changed.notify()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
                self._thread.start()
        return entry.done

    def close(self) -> None:
        """Write all queued records, then end the thread and close the segment."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread:
            self._thread.join()
        self._segment_writer.close()

    def _run(self) -> None:
        while entries := self._take():
            if kept := self._refuse(entries):
                self._commit(kept)

    def _take(self) -> list[_Entry]:
        """Wait for records and return all queued ones; an empty list when closing."""
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._closing)
            entries, self._queue = self._queue, []
        return entries

    def _refuse(self, entries: list[_Entry]) -> list[_Entry]:
        """Fail the records that are refused now; returns the others."""
        kept = []
        for entry in entries:
            if entry.done.done():
                continue  # already refused
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
                f"{self._segment_writer.path}: cannot be written ({error.strerror or error}); "
                "free or check the disk and run the same command again"
            )
            self._refuse(entries)
            return
        for entry in entries:
            self._written(entry.line)
            entry.done.set_result(None)

    def _append(self, entries: list[_Entry]) -> list[_Entry]:
        """Append records; on a full disk retry once with the freed reserve, without intents. Returns those appended."""
        try:
            self._segment_writer.append(b"".join(entry.data for entry in entries))
        except OSError as error:
            if self._full or error.errno not in _FULL:
                raise
            self._full = (
                f"{self._segment_writer.path}: the disk is full ({error.strerror}); nothing more is sent, replies still to come are kept "
                "in the reserve. Free some space and run the same command again"
            )
            self._segment_writer.free_reserve()
            entries = self._refuse(entries)
            self._segment_writer.append(b"".join(entry.data for entry in entries))
        return entries
