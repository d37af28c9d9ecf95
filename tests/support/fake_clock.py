"""A clock that waits for nobody."""

import asyncio
from math import inf, nextafter

from selfinstruct.teacher.pacing.rate_limiter import Clock


class FakeClock(Clock):
    """Time passes only where somebody waits for it: the earliest sleeper wakes when nothing else can go on."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.waited: list[float] = []
        self._due: list[float] = []

    @property
    def slept(self) -> float:
        return self.time - 1000.0

    def now(self) -> float:
        return self.time

    def wall(self) -> float:
        return self.time

    async def pause(self, seconds: float, stopped: asyncio.Event) -> None:
        self.waited.append(seconds)
        due = max(self.time + seconds, nextafter(self.time, inf))  # time passes, however little is asked for
        self._due.append(due)
        try:
            while self.time < due and not stopped.is_set():
                before = (self.time, len(self._due))
                for _ in range(20):
                    await asyncio.sleep(0)
                if before == (self.time, len(self._due)) and min(self._due) == due:
                    self.time = max(self.time, due)
        finally:
            self._due.remove(due)
