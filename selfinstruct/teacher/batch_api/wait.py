"""What the loop and a transport whose replies take hours tell each other."""

import asyncio
from collections.abc import Callable


class BatchWait:
    """The loop says how many requests it waits for, and when nobody waits any longer; the transport lets it look at its caps."""

    def __init__(self) -> None:
        """Start with a loop that waits for nothing."""
        self.in_flight = 0
        """Requests that the loop waits for; it has asked all it can until one of them is answered."""
        self.changed = asyncio.Event()
        """Set when there may be something to do."""
        self.left = asyncio.Event()
        """Set when nobody waits any longer: what is with the provider stays there, to be collected later."""
        self.check: Callable[[], None] = lambda: None
        """Called now and then while nothing comes."""

    def tell(self, in_flight: int) -> None:
        """Say for how many requests the loop waits."""
        self.in_flight = in_flight
        self.changed.set()

    def leave(self) -> None:
        """Say that nobody waits any longer."""
        self.left.set()
        self.changed.set()
