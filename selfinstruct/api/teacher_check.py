"""One tiny question to the teacher, and what a thousand rows would cost with what it showed."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from selfinstruct.api.settings import load_config
from selfinstruct.config import Config

if TYPE_CHECKING:
    from selfinstruct.teacher.check import Checked

_ROWS = 1000
_NOWHERE = Path("outputs") / ".no-run-is-here"
"""A run directory that does not exist: the estimate is that of a new run."""


class TeacherCheck(NamedTuple):
    """What `check_teacher` found."""

    found: "Checked"
    cost_per_1000_rows_usd: tuple[float, float] | None
    """Lowest and highest; None when the price is not known."""
    cny_per_usd: str | None = None
    """The configuration's rate, by which costs are shown in CNY too."""

    @property
    def tokens_per_second(self) -> float | None:
        """Billed output tokens a second, the wait for the first one included; None where the reply counts none."""
        usage = self.found.usage
        return usage.completion_tokens / self.found.seconds if usage and self.found.seconds else None

    def document(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        cost = self.cost_per_1000_rows_usd
        rounded = None if cost is None else [round(one, 4) for one in cost]
        return self.found.model_dump(mode="json") | {
            "tokens_per_second": self.tokens_per_second and round(self.tokens_per_second, 1),
            "cost_per_1000_rows_usd": rounded,
        }


def check_teacher(
    config: Config | None = None,
    *,
    say: Callable[[str], None] = lambda _: None,
    confirm: Callable[[str], bool] | None = None,
    trust_endpoint: bool = False,
) -> TeacherCheck:
    """Ask the teacher one tiny question: whether it answers, in which dialect, how fast, whether it thinks, and what that costs.

    The dialect is learnt as a run would learn it, and nothing is written. `confirm` is asked before a key goes to a new server, unless
    `trust_endpoint`. Raises TeacherRefusedError with the provider's words, ConfigError when the key is missing or not to be sent, and
    before anything is asked as a run would for seeds and prompts that cannot be read.
    """
    from selfinstruct.runs.inputs import load_inputs
    from selfinstruct.system.event_loop import run_coroutine
    from selfinstruct.teacher import check_teacher as check_key
    from selfinstruct.teacher.address import tell_no_key
    from selfinstruct.teacher.check import check

    config = config or load_config()
    load_inputs(config)  # a prompt that cannot be read is told before anything is bought
    check_key(config, confirm, trusted=trust_endpoint)
    tell_no_key(config, say)
    found = run_coroutine(lambda: check(config, say))
    return TeacherCheck(found, _cost_per_1000(config, found), config.limits.cny_per_usd)


def _cost_per_1000(config: Config, found: "Checked") -> tuple[float, float] | None:
    """Return the estimate for a thousand new rows, of each language as large a part as of the target; a teacher that thinks does so in each request."""
    from selfinstruct.runs.directory import RunDirectory
    from selfinstruct.runs.estimate import estimate
    from selfinstruct.teacher import price_of

    wanted = {language: rows for language, rows in config.target.items() if rows} or dict.fromkeys(config.target, 1)
    target = {language: round(_ROWS * rows / sum(wanted.values())) for language, rows in wanted.items()}
    limits = config.limits.model_copy(update={"budget_usd": None})
    whole = estimate(config.model_copy(update={"target": target, "limits": limits}), RunDirectory(_NOWHERE))
    price = price_of(config)
    if whole.cost_usd is None or price is None:
        return None
    thought = found.thought_tokens * float(price.output) / 1_000_000
    return whole.cost_usd.low + thought * whole.requests.low, whole.cost_usd.high + thought * whole.requests.high
