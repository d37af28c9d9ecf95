"""The dialect in use for one endpoint and model: learnt from refusals on the way, said in one line, kept beside the journal."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from selfinstruct.config import Config
from selfinstruct.errors import InputError
from selfinstruct.records import Record
from selfinstruct.system.aside import Aside
from selfinstruct.system.files import read_text
from selfinstruct.system.writing import write_text
from selfinstruct.teacher.http.body import error_of, parsed
from selfinstruct.teacher.http.classify import Response
from selfinstruct.teacher.http.dialect import Dialect, configured
from selfinstruct.teacher.http.refusals import learn

FILE = "dialect.json"
"""In the folder of the journal, which is not in git; `manifest.json` has a copy."""
_MOST_LEARNT = 12
"""Things learnt in one session; an endpoint that refuses something else each time has no dialect."""


_LEARNT_EXTRA = {"enable_thinking"}


class Kept(Record):
    """What the file holds."""

    base_url: str
    model: str
    dialect: Dialect


class Speech:
    """The dialect of one endpoint and model."""

    def __init__(self, config: Config, file: Path | None, say: Callable[[str], None]) -> None:
        """Start with what was learnt before and what `[teacher]` names by hand; without a file nothing is kept."""
        self._config = config
        self._file = file
        self._say = say
        self._learnt = 0
        by_hand = configured(config.teacher)
        kept = kept_dialect(file, config.teacher.base_url, config.teacher.model) if file else None
        self.dialect = _united(kept, by_hand) if kept else by_hand

    def learn(self, used: Dialect, sent: Mapping[str, Any], answer: Response) -> bool:
        """Return whether a refused request should be sent again, in the dialect as it is now.

        `used` and `sent` are the dialect and the fields of the request that was refused; others may have taught it since.
        """
        if used != self.dialect:
            return True
        found = learn(used, sent, parsed(answer.body)) if self._learnt < _MOST_LEARNT else None
        if found is None or found.dialect == used:
            return False
        self._learnt += 1
        self.dialect = found.dialect
        says = f'{self._config.teacher.base_url} says: "{error_of(answer.body)}"'
        self._say(Aside(f"From now on {found.what}. {says}"))
        if self._file:
            teacher = self._config.teacher
            kept = Kept(base_url=teacher.base_url, model=teacher.model, dialect=self.dialect)
            write_text(self._file, kept.model_dump_json(indent=2) + "\n")
        return True


def dialect_of_batches(config: Config, folder: Path) -> Dialect:
    """Return the dialect for the lines of a batch: as learnt or set, but never streamed."""
    return Speech(config, folder / FILE, lambda _: None).dialect.model_copy(update={"stream": False})


def kept_dialect(file: Path, base_url: str, model: str) -> Dialect | None:
    """Return the dialect that a run has learnt for an endpoint and model; None if there is none, or no file that can be read."""
    if not file.is_file() or file.is_symlink():
        return None
    try:
        kept = Kept.model_validate_json(read_text(file))
    except (ValidationError, InputError):
        return None
    is_ours = (kept.base_url, kept.model) == (base_url, model) and _can_be_learnt(kept.dialect)
    return kept.dialect if is_ours else None


def _can_be_learnt(dialect: Dialect) -> bool:
    """Return whether refusals can teach this: a file that somebody else wrote may turn a request into another one, or unbound its cost."""
    names = {*dialect.omit, *dialect.rename, *dialect.rename.values()}
    return (
        not names & {"model", "messages"} and "max_tokens" not in dialect.omit and set(dialect.extra) <= _LEARNT_EXTRA
    )


def _united(learnt: Dialect, by_hand: Dialect) -> Dialect:
    """Return what was learnt, beaten by what was set by hand."""
    return learnt.model_copy(
        update={
            "omit": tuple(dict.fromkeys((*learnt.omit, *by_hand.omit))),
            "rename": {**learnt.rename, **by_hand.rename},
            "stream": learnt.stream or by_hand.stream,
        }
    )
