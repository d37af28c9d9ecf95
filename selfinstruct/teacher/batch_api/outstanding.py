"""Outstanding batches of earlier commands, from the journal alone."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from selfinstruct.config import Config
from selfinstruct.errors import ConfigError
from selfinstruct.journal import Journal, Shard
from selfinstruct.system.numbers import amount


def check_outstanding(config: Config, journal: Journal) -> None:
    """Raise ConfigError when there are outstanding batches whose requests this configuration would buy again."""
    if journal.shards and config.teacher.transport != "batch_api":
        raise ConfigError(
            f"[teacher] transport: with the provider: {amount(len(journal.awaited), 'request')} of this run, in {_describe_batches(journal)}; "
            'transport = "batch_api" collects them, --abandon-batches counts them as lost'
        )


def give_up(folder: Path, say: Callable[[str], None]) -> None:
    """Record all outstanding batches as lost; their maximum cost stays in the bill."""
    with Journal(folder) as journal:
        shards = list(journal.shards.values())
        if shards:
            say(
                f"counted as lost, and perhaps bought again: {amount(len(journal.awaited), 'request')} in {_describe_batches(journal)}"
            )
            asyncio.run(_lose(journal, shards))


async def _lose(journal: Journal, shards: list[Shard]) -> None:
    records = [
        journal.lose(*send, "its batch was abandoned") if shard.file else journal.take_back(*send)
        for shard in shards
        for send in shard.open
    ]
    await asyncio.gather(*records)


def _describe_batches(journal: Journal) -> str:
    return ", ".join(f"batch {shard.batch}" if shard.batch else "a batch to be" for shard in journal.shards.values())
