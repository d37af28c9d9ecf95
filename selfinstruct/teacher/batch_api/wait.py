"""State shared by the bootstrap loop and the batch transport, whose replies take hours."""

import asyncio
import math
from collections.abc import Callable


class BatchWait:
    """Signals between loop and transport: requests in flight, interruption, and a periodic check of the caps."""

    def __init__(self) -> None:
        """Start with no requests in flight."""
        self.in_flight = 0
        """Requests the loop waits for; it can ask no more until one of them is answered."""
        self.changed = asyncio.Event()
        """Set when the transport may have something to do."""
        self.left = asyncio.Event()
        """Set when the run stops waiting: outstanding batches stay with the provider, to be collected later."""
        self.left_s: Callable[[], float] = lambda: math.inf
        """Returns the seconds until the minutes of this command are over; nothing waits longer."""
        self.check: Callable[[], None] = lambda: None
        """Called by the transport before each wait; lets the loop check its caps."""

    def tell(self, in_flight: int) -> None:
        """Set the number of requests the loop waits for."""
        self.in_flight = in_flight
        self.changed.set()

    def leave(self) -> None:
        """Stop waiting for outstanding batches."""
        self.left.set()
        self.changed.set()
