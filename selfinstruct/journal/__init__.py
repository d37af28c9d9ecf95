"""The journal: every request and every raw reply of a run, append-only, on disk before anything reads it.

It is at once cache, resume, audit trail, bill and test fixture.

    journal.py   Journal: what the others use          writer.py    one thread, group commit, a full disk
    lines.py     one record, one line, one checksum    tape.py      the segment that is being written, and the reserve
    segments.py  reading all segments again            lock.py      one process at a time
    index.py     slots and numbers, no bodies          disk.py      every call that changes the disk
    shards.py    requests that went out together

What it promises (`make torture` writes the figures into `docs/reliability.md`): when an `await` of it returns, the record survives kill and power cut; a
damaged byte never makes a false record; after a failed write or fsync nothing more is written (fsync is not retried, because
Linux marks the lost pages clean: https://wiki.postgresql.org/wiki/Fsync_Errors). It does not judge replies and never compacts.
"""

from selfinstruct.journal.disk import Disk, RealDisk
from selfinstruct.journal.index import Stored
from selfinstruct.journal.journal import Journal
from selfinstruct.journal.lock import in_use
from selfinstruct.journal.segments import Recorded
from selfinstruct.journal.shards import Send, Shard

__all__ = ["Disk", "Journal", "RealDisk", "Recorded", "Send", "Shard", "Stored", "in_use"]
