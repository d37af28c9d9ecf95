"""What a run says of itself: how far it is, and what is to be known before the teacher is asked."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from selfinstruct.api.settings import PathLike
from selfinstruct.config import Config
from selfinstruct.dataset.release.manifest import Manifest
from selfinstruct.records import LanguageCode
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.system.aside import Aside

if TYPE_CHECKING:
    from selfinstruct.records import Request
    from selfinstruct.runs.derive.run import Derived
    from selfinstruct.runs.run import Observer


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


def next_requests(
    config: Config, directory: RunDirectory, say: Callable[[str], None], *, fresh: bool
) -> Mapping[str, "Request"]:
    """Return the next request of each language; raises InputError where `generate` would."""
    from selfinstruct.runs.caps import told_caps
    from selfinstruct.runs.estimate import first_requests
    from selfinstruct.runs.inputs import load_inputs
    from selfinstruct.teacher.address import tell_no_key

    tell_no_key(config, say)
    if fresh:
        say(told_caps(config.own_limits))
    else:
        directory.check_journal(costs=config.teacher.kind == "openai", say=say)
        directory.check_same_asking(config, load_inputs(config).sha256)
    return first_requests(config, directory, fresh=fresh)


def derive_run(  # noqa: PLR0913 - a run, what is derived of it and how
    config: Config,
    directory: RunDirectory,
    observer: "Observer",
    view: str | Iterable[str],
    output: PathLike,
    *,
    buy: bool = False,
    answers: int = 2,
) -> "Derived":
    """Write views of a run that is open already; options as of `selfinstruct.derive`."""
    from selfinstruct.runs.derive.purchase import check_answers
    from selfinstruct.runs.derive.run import DeriveJob, derive
    from selfinstruct.runs.derive.views import views_named

    views = views_named(view.split(",") if isinstance(view, str) else view)
    return derive(config, directory, DeriveJob(views, Path(output), buy, check_answers(answers)), observer)
