"""The provider's Batch API (OpenAI's /files and /batches): a second way to send the same requests, into the same journal.

transport.py  the teacher: waits for replies, decides when to send     launch.py   shards, and batches of them
provider.py   files and batches over the wire                          collect.py  what a batch brought
items.py      lines of the files                                       awaited.py  batches of earlier commands
"""

from selfinstruct.teacher.batch_api.context import BatchContext
from selfinstruct.teacher.batch_api.outstanding import check_outstanding, give_up
from selfinstruct.teacher.batch_api.teacher import AT_ONCE, open_batch_api

__all__ = ["AT_ONCE", "BatchContext", "check_outstanding", "give_up", "open_batch_api"]
