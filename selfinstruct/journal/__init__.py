"""The journal: an append-only log of all requests and raw replies of a run, durable before anything reads them.

It serves as cache, resume state, audit trail, bill and test fixture.

    journal.py   Journal, the public interface         writer.py          writer thread: group commit, disk-full handling
    lines.py     record format and checksum            segment_writer.py  the current segment, and the disk reserve
    segments.py  reading segments                      lock.py            one writing process at a time
    index.py     in-memory state, without bodies       disk.py            all calls that change the disk
    shards.py    requests sent in one batch            attempts.py        compact map of slots to attempts
    payments.py  what was paid, replies that are gone or back among it

Guarantees (tested by `make torture`, figures in `docs/reliability.md`): when an `await` returns, the record survives kill and power
cut; a damaged byte never yields a false record; after a failed write or fsync nothing more is written (fsync is not retried, because
Linux marks the lost pages clean: https://wiki.postgresql.org/wiki/Fsync_Errors). It does not interpret replies and never compacts.
"""

from selfinstruct.journal.disk import Disk, RealDisk
from selfinstruct.journal.index import Stored
from selfinstruct.journal.journal import Journal
from selfinstruct.journal.lines import Paid
from selfinstruct.journal.lock import hold, in_use
from selfinstruct.journal.segments import Recorded
from selfinstruct.journal.shards import Send, Shard

__all__ = ["Disk", "Journal", "Paid", "RealDisk", "Recorded", "Send", "Shard", "Stored", "hold", "in_use"]
