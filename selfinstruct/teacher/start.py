"""Where requests go: an endpoint of somebody else, or the embedded teacher, which is started first."""

from collections.abc import Callable
from contextlib import AsyncExitStack

from selfinstruct.config import Config
from selfinstruct.teacher.address import Address, address_of
from selfinstruct.weights import Progress

_EMBEDDED_TIMEOUT_FACTOR = 10
"""Factor on [limits] timeout_s: a busy machine slows the embedded teacher down, and a retry would start over."""


async def enter_address(
    config: Config, stack: AsyncExitStack, say: Callable[[str], None], progress: Progress | None = None
) -> tuple[Address, float]:
    """Return the address and the longest time of one exchange in seconds; what is started ends with `stack`."""
    if config.teacher.kind != "embedded":
        return address_of(config), config.limits.timeout_s
    from selfinstruct.teacher.embedded.launch import serve

    address = Address(*await stack.enter_async_context(serve(config, say, progress)))
    return address, config.limits.timeout_s * _EMBEDDED_TIMEOUT_FACTOR
