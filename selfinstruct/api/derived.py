"""Other views of a run's journal: Alpaca rows, conversations with and without thought, preference pairs, the best of several answers."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from selfinstruct.api.settings import PathLike
from selfinstruct.config import Config

if TYPE_CHECKING:
    from selfinstruct.runs.derive.run import Derived
    from selfinstruct.runs.run import Observer


def derive(  # noqa: PLR0913 - each is an option of the command line
    run: PathLike,
    view: str | Iterable[str],
    output: PathLike,
    *,
    buy: bool = False,
    answers: int = 2,
    config: PathLike | Config | None = None,
    say: Callable[[str], None] | None = None,
    observer: "Observer | None" = None,
) -> "Derived":
    """Write views of a run to a folder, a file each, from its journal and without a request.

    Views: `alpaca`, `conversations`, `sharegpt`, `thoughts`, `think`, `pairs`, `pairs-sharegpt`, `pairs-axolotl`, `best`. What a pair or the
    best of several lacks is said with its price, `to_buy`, and bought with `buy`: at most `answers` to a question, and the teacher's word on
    two, under the run's own journal and budget, each once. `config` is that of the run unless told. Raises ConfigError for a view that is
    not known and for a folder that holds something else, InputError for what is no run or has no journal, and what stopped a purchase.

    >>> derive("outputs/demo", "pair", "views")
    Traceback (most recent call last):
    ...
    selfinstruct.errors.ConfigError: --view 'pair': is no view; did you mean `pairs`?
    """
    from selfinstruct.api.opening import open_run
    from selfinstruct.runs.derive.views import views_named

    names = view.split(",") if isinstance(view, str) else list(view)
    views_named(names)  # before anything is read
    return open_run(run, config=config, say=say).derive(names, output, buy=buy, answers=answers, observer=observer)
