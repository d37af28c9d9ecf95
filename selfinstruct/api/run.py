"""A run as an object, which `open_run` makes: generate, filter, look at rows and rejections, explain, report, export."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from selfinstruct.api.given import Say
from selfinstruct.api.prepared import derive_run, next_requests, prepare, standing
from selfinstruct.api.settings import PathLike, keep_targets, several
from selfinstruct.config import Config
from selfinstruct.errors import InputError
from selfinstruct.records import LanguageCode
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.system.faces import terminal, to_stderr

if TYPE_CHECKING:
    from selfinstruct.api.tables import Rejection, Table
    from selfinstruct.dataset.export.write import Exported
    from selfinstruct.records import Request, Row
    from selfinstruct.runs.derive.run import Derived
    from selfinstruct.runs.estimate import Estimate
    from selfinstruct.runs.explanation import Explanation
    from selfinstruct.runs.run import Observer


class Run:
    """One run directory and its configuration; `open_run` makes it. A context manager: closed, it refuses every further call."""

    def __init__(  # noqa: PLR0913 - made in `open_run` alone
        self,
        directory: RunDirectory,
        config: Config,
        say: Say | None,
        trusts_endpoint: bool,
        *,
        keeps_targets: bool = False,
        trusts_judge: bool = False,
        anew: Callable[[], Config] | None = None,
    ) -> None:
        """Name the directory; nothing is created yet. `anew` returns the configuration of a run that begins in it anew; None: the same."""
        self._directory, self._config, self._say = directory, config, say or to_stderr
        self._trusts_judge, self._anew = trusts_judge, anew
        self._trusts_endpoint, self._keeps_targets, self._closed = trusts_endpoint, keeps_targets, False

    def __repr__(self) -> str:
        if self._closed:
            return f"<Run {terminal(str(self.path))}: closed>"
        return terminal(f"<Run {self.path}: {standing(self._directory.manifest(), self._config.target)}>")

    def __fspath__(self) -> str:
        return str(self.path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Refuse every further call. No file or connection stays open between calls, so this only guards against mistakes."""
        self._closed = True

    def remember(self, given: Mapping[str, Any], named: Iterable[str] = ()) -> Self:
        """Have {dotted key: value} that flags gave recorded with the run; commands without these flags go on with it.

        `named` are all keys that flags gave, also what the configuration has anyway.
        """
        self._directory.given, self._directory.flags = given, (*given, *named)
        return self

    @property
    def path(self) -> Path:
        """The run directory."""
        return self._directory.path

    @property
    def config(self) -> Config:
        """The configuration in force."""
        return self._config

    def generate(
        self,
        *,
        fresh: bool = False,
        abandon_batches: bool = False,
        verify: bool = False,
        observer: "Observer | None" = None,
    ) -> Self:
        """Ask the teacher until the target stands in each language, then filter and emit; returns the run.

        Nothing in the journal is asked again, unless `fresh` sets the old run aside. Blocks a running event loop; `generate_async` does not.
        `abandon_batches`: those that are out are lost, and asked for again. `verify`: the journal is replayed in the end and the verdicts compared.
        Raises CapReachedError, TeacherRefusedError, StorageError or InterruptedRunError after everything paid for is emitted, and
        InputError for another configuration than the journal was asked under; StorageError too for a run that another process works on.
        """
        from selfinstruct.runs.run import generate
        from selfinstruct.runs.stopping import StopSignal

        directory, config = self._open(), self._wanted(fresh)
        prepare(directory, config, self._say, abandon_batches=abandon_batches)
        generate(config, directory, self._observer(observer), StopSignal(), fresh=fresh, verify=verify)
        return self

    async def generate_async(
        self, *, fresh: bool = False, abandon_batches: bool = False, observer: "Observer | None" = None
    ) -> Self:
        """Do what `generate` does as a coroutine in the running event loop; cancelling it emits the run before it ends."""
        from selfinstruct.runs.run import generate_async
        from selfinstruct.runs.stopping import StopSignal

        directory, config = self._open(), self._wanted(fresh)
        prepare(directory, config, self._say, abandon_batches=abandon_batches)
        await generate_async(config, directory, self._observer(observer), StopSignal(), fresh=fresh)
        return self

    def filter(self, *, discard_edits: bool = False, verify: bool = False) -> Self:
        """Parse, filter, validate and emit again from the journal: offline, free, the same bytes; returns the run.

        A run in which nothing changed stands, and is not replayed unless to `verify` that. Rows that were edited, added or removed by hand in
        the dataset stay so, as decisions in `review.jsonl`; `discard_edits` gives them up.
        """
        from selfinstruct.runs.refilter import refilter

        refilter(self._wanted(asks=False), self._open(), self._say, discard_edits=discard_edits, verify=verify)
        return self

    @property
    def rows(self) -> "Table[Row]":
        """The accepted rows of all languages, as the dataset files hold them; a sequence with `.to_pandas()`."""
        from selfinstruct.api.tables import Table
        from selfinstruct.dataset.io.rows import load_rows

        if not self._open().path.exists():
            raise InputError(f"{self.path}: holds no run yet; call .generate(), or open another directory")
        return Table(load_rows(self.path), ("id", "language", "instruction", "input", "output"))

    @property
    def rejected(self) -> "Table[Rejection]":
        """The rejected candidates, in the order of judgement: rule, detail, nearest neighbour, text; with `.to_pandas()`."""
        from selfinstruct.api.tables import rejections

        return rejections(self._open().rejected)

    @property
    def manifest(self) -> dict[str, Any]:
        """What the last emission wrote down: fingerprint, versions, counts, tokens, cost, digests, why it stopped."""
        manifest = self._open().manifest()
        if manifest is None:
            raise InputError(f"{self.path}: holds no run yet; call .generate(), or open another directory")
        return manifest.document()

    @property
    def ledger(self) -> dict[str, Any]:
        """Candidates, accepted, rejected by rule and pending, per language and in total; it always adds up."""
        return dict(self.status()["ledger"])

    def status(self) -> dict[str, Any]:
        """Return where the run stands, also while another process works on it: ledger, spend, uncertain sends, what is missing."""
        from selfinstruct.runs.status import status

        return status(self._config, self._open())

    def estimate(self, *, fresh: bool = False) -> "Estimate":
        """Return what is still missing in requests, tokens, money and minutes, as ranges; sends nothing."""
        from selfinstruct.runs.estimate import estimate

        return estimate(self._fresh() if fresh else self._config, self._open(), fresh=fresh)

    def first_requests(self, *, fresh: bool = False) -> "Mapping[str, Request]":
        """Return the next request of each language, as it would be sent; raises InputError where `generate` would."""
        return next_requests(self._fresh() if fresh else self._config, self._open(), self._say, fresh=fresh)

    def explain(self, key: str, *, threshold: float | None = None, disable: Sequence[str] = ()) -> "Explanation":
        """Return everything known of one candidate or row: `zh/3.0`, a slot of it, a row id or its first digits.

        With `threshold` or `disable` the run is replayed under these settings as well. Raises InputError with the nearest ids.
        """
        from selfinstruct.dedup.deduplication import check_threshold
        from selfinstruct.runs.explanation import explain

        if not isinstance(key, str) or not key.strip():
            raise InputError(f"{key!r}: give the place of a candidate, as zh/3.0, or the first digits of a row's id")
        if threshold is not None:
            check_threshold(threshold)
        return explain(self._wanted(asks=False), self._open(), key, threshold=threshold, disable=several(disable))

    def report(self, path: PathLike | None = None, *, language: LanguageCode = "en") -> Path:
        """Write one offline HTML page of the run, in English or Chinese ("zh"), `report.html` in it unless told otherwise, and return its path."""
        from selfinstruct.api.reports import report

        return report(self._open().path, path, language=language, config=self._config).path

    def export(self, format: str, path: PathLike, **options: str | None) -> "Exported":  # noqa: A002 - the word of the command line
        """Write the dataset in the layout of another tool, or as the folder of another trainer; options as of `selfinstruct.export`."""
        from selfinstruct.api.datasets import export

        return export(self._open().path, format, path, config=self._config, say=self._say, **options)

    def derive(self, view: str | Sequence[str], path: PathLike, **options: Any) -> "Derived":
        """Write views of the journal to a folder, without a request unless `buy=True`; views and options as of `selfinstruct.derive`."""
        observer = self._observer(options.pop("observer", None))
        return derive_run(self._wanted(asks=False), self._open(), observer, view, path, **options)

    def _wanted(self, fresh: bool = False, *, asks: bool = True) -> Config:
        """Return the configuration, with no target below that of the rows that stand unless `target` or a complete configuration said so."""
        if fresh:
            self._config, self._anew = self._fresh(), None
        if fresh or not self._keeps_targets:
            return self._config
        return keep_targets(self._config, self._open().path, self._say, named=(), asks=asks)

    def _fresh(self) -> Config:
        """Return the configuration of a run that begins anew: of what flags gave the old one it has the caps alone, which is said."""
        return self._anew() if self._anew else self._config

    def _open(self) -> RunDirectory:
        if self._closed:
            raise InputError(f"{self.path}: this run is closed; open it again with open_run({str(self.path)!r})")
        return self._directory

    def _observer(self, observer: "Observer | None") -> "Observer":
        from selfinstruct.runs.run import Observer

        return (observer or Observer(self._say, lambda *_: None))._replace(
            trusts_endpoint=self._trusts_endpoint, trusts_judge=self._trusts_judge
        )
