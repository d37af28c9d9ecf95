"""What all parts of the Batch API work with."""

from collections.abc import Callable
from typing import NamedTuple

from selfinstruct.config import Config
from selfinstruct.journal import Journal
from selfinstruct.teacher.budget import Budget
from selfinstruct.teacher.endpoint import Endpoint
from selfinstruct.teacher.standby import Standby
from selfinstruct.teacher.turns import Clock


class Desk(NamedTuple):
    """One run at one endpoint."""

    config: Config
    endpoint: Endpoint
    journal: Journal
    budget: Budget
    clock: Clock
    standby: Standby
    say: Callable[[str], None]
