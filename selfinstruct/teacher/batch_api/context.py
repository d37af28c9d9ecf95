"""The dependencies shared by all parts of the batch transport."""

from collections.abc import Callable
from typing import NamedTuple

from selfinstruct.config import Config
from selfinstruct.journal import Journal
from selfinstruct.teacher.batch_api.wait import BatchWait
from selfinstruct.teacher.billing.budget import Budget
from selfinstruct.teacher.http.endpoint import Endpoint
from selfinstruct.teacher.pacing.rate_limiter import Clock


class BatchContext(NamedTuple):
    """Dependencies of one run at one endpoint; `say` prints progress."""

    config: Config
    endpoint: Endpoint
    journal: Journal
    budget: Budget
    clock: Clock
    batch_wait: BatchWait
    say: Callable[[str], None]
