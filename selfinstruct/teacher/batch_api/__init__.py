"""The batch transport: sends the same requests through OpenAI's Batch API (/files and /batches), into the same journal.

teacher.py   the client: waits for replies, decides when to send    submit.py       creates shards and their batches
provider.py  HTTP calls for files and batches                       collect.py      collects results of batches
lines.py     lines of input and output files                        outstanding.py  batches of earlier commands
wait.py      state shared with the bootstrap loop                   context.py      the shared dependencies
"""

from selfinstruct.teacher.batch_api.context import BatchContext
from selfinstruct.teacher.batch_api.outstanding import check_outstanding, give_up
from selfinstruct.teacher.batch_api.teacher import MAX_OPEN_REQUESTS, open_batch_api

__all__ = ["MAX_OPEN_REQUESTS", "BatchContext", "check_outstanding", "give_up", "open_batch_api"]
