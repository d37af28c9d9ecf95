"""What a run says of itself: how far it is, and what is to be known before the teacher is asked."""

from collections.abc import Callable, Mapping

from selfinstruct.config import Config
from selfinstruct.dataset.release.manifest import Manifest
from selfinstruct.records import LanguageCode
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.system.aside import Aside


def standing(manifest: Manifest | None, target: Mapping[LanguageCode, int]) -> str:
    """Return how many rows of the target a run has, and why it stopped."""
    if manifest is None or not manifest.ledger:
        return "nothing generated yet"
    counts = (
        f"{name} {manifest.ledger[name].accepted if name in manifest.ledger else 0}/{wanted}"
        for name, wanted in target.items()
    )
    return f"{', '.join(counts)}, {manifest.stop}"


def prepare(directory: RunDirectory, config: Config, say: Callable[[str], None], *, abandon_batches: bool) -> None:
    """Say at which listed price the budget is counted, and give up batches that are out, if told to."""
    from selfinstruct.teacher.batch_api import give_up
    from selfinstruct.teacher.billing import prices

    if config.limits.budget_usd is not None and prices.listed_price(config):
        say(Aside(f"The budget is counted at {prices.describe_price(config)}"))
    if abandon_batches:
        give_up(directory.journal, say)
