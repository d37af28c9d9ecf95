"""Publishing a dataset on the hub; its names as datasets are in `operands.py`."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from selfinstruct.api.settings import PathLike, run_path
from selfinstruct.config import Config
from selfinstruct.errors import InputError
from selfinstruct.records import LanguageCode

if TYPE_CHECKING:
    from selfinstruct.dataset.release.manifest import Manifest
    from selfinstruct.hub.push import Pushed
    from selfinstruct.hub.repository import Message, State

Say = Callable[[str], None]
_PULL_REQUEST = re.compile(r"refs/pr/\d+")
_FOLDER_IN_CARD = "path/to/this/folder"


def push(  # noqa: PLR0913 - each is an option of the command line
    name: str,
    *,
    run: PathLike | None = None,
    revision: str = "main",
    pull_request: bool = True,
    public: bool = False,
    dry_run: bool = False,
    language: LanguageCode = "en",
    config: Config | None = None,
    say: Say = lambda _: None,
) -> "Pushed":
    """Publish the dataset of a run, or a file or folder of rows, as one commit of `OWNER/NAME` on the hub, by default as a pull request whose text is the diff.

    A repository that is not there yet is made, private unless `public`; one without data takes the first commit straight. `revision` is
    the branch, or `refs/pr/N` for one more commit in that pull request. Of a README only our block and the metadata of our data are
    written. Nothing is sent with `dry_run`. `language` is that of the diff. Needs the extra `hub`; the token is that of HF_TOKEN or of `hf auth login`.

    Rows that no run wrote go by language into the split `train`, unless their folder has splits, with a card that says no more than that.

    Raises InputError for a run or repository that cannot be used, or rows that reviewers rejected or edited and that still stand, HubRefusedError for a token without rights, FindingsError where the
    branch moved meanwhile in the same files; nothing is then published.

    >>> push("rivers", run="nowhere")
    Traceback (most recent call last):
    ...
    selfinstruct.errors.InputError: rivers: is no name of a dataset on the hub; write OWNER/NAME, e.g. me/rivers
    """
    from selfinstruct.api.settings import load_config
    from selfinstruct.hub.client import client
    from selfinstruct.hub.features import features_of
    from selfinstruct.hub.operand import check_name, check_revision
    from selfinstruct.hub.push import Publication, publish
    from selfinstruct.hub.repository import Branch

    check_name(name)
    check_revision(revision, name)
    folder, is_run = _place(run_path(config or load_config(), run), say)
    files, card = _of_a_run(folder, name) if is_run else _of_rows(folder, say)
    wanted = Publication(
        Branch(client("push"), name, revision),
        files,
        card=card,
        features=features_of(_rows(files)),
        message=lambda state: _message(name, state, folder, say, language),
        pull_request=pull_request and not _PULL_REQUEST.fullmatch(revision),
        private=not public,
    )
    return publish(wanted, say, dry_run=dry_run)


def _place(path: Path, say: Say) -> tuple[Path, bool]:
    """Return what is published, and whether a run wrote it; of a file in a run that is the run, of a folder without one the rows in it."""
    from selfinstruct.dataset.io.folders import dataset_files
    from selfinstruct.runs.directory import run_around

    around = run_around(path) if path.exists() else None
    if around:
        say(f"{path}: belongs to the run {around}, whose dataset is published")
        return around, True
    if path.is_dir() and not any((path / name).exists() for name in ("manifest.json", "journal")):
        dataset_files(path)
        return path, False
    return path, not path.is_file()


def _of_rows(path: Path, say: Say) -> tuple[dict[str, bytes], str]:
    from selfinstruct.api.hub_rows import card_of_rows, files_of_rows
    from selfinstruct.api.review import review_figures

    files = files_of_rows(path, say)
    return files, card_of_rows(path, files, review_figures(path))


def _of_a_run(folder: Path, name: str) -> tuple[dict[str, bytes], str]:
    """Return {path in the repository: content} of a run's split files, and its card; raises InputError where they are not what its manifest says."""
    from selfinstruct.api.hub_rows import check_reviewed
    from selfinstruct.dataset.io.rows import load_rows
    from selfinstruct.runs.directory import RunDirectory

    directory = RunDirectory(folder)
    manifest = directory.manifest() if folder.is_dir() else None
    if manifest is None or not manifest.splits:
        raise InputError(
            f"{folder}: holds no dataset to publish; `selfinstruct generate` makes one, or name a run or a file of rows with --run"
        )
    directory.check_merged()
    files = {path: _as_stated(folder, path, manifest) for path, stated in manifest.splits.items() if stated.rows}
    for path in manifest.datasets:
        if (folder / path).is_file():  # a very large one is not in git
            _as_stated(folder, path, manifest)
    if not files:
        raise InputError(f"{folder}: its dataset has no row yet")
    check_reviewed(directory.review, load_rows(folder), folder)
    return {path.removeprefix("dataset/"): data for path, data in files.items()}, _card(folder, name)


def _as_stated(folder: Path, path: str, manifest: "Manifest") -> bytes:
    import hashlib

    stated = (manifest.splits | manifest.datasets)[path]
    try:
        data = (folder / path).read_bytes()
    except OSError as error:
        raise InputError(
            f"{folder / path}: cannot be read ({error.strerror}); `selfinstruct filter` writes it anew"
        ) from error
    if hashlib.sha256(data).hexdigest() != stated.sha256:
        raise InputError(
            f"{folder / path}: was changed since the run wrote it; `selfinstruct filter` takes the change into the dataset, then push"
        )
    return data


def _rows(files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    import json

    return [json.loads(line) for data in files.values() for line in data.splitlines()]


def _card(folder: Path, name: str) -> str:
    from selfinstruct.system.files import read_text

    return read_text(folder / "dataset" / "README.md").replace(_FOLDER_IN_CARD, name)


def _message(name: str, state: "State | None", folder: Path, say: Say, language: LanguageCode) -> "Message":
    """Return title and text of the commit: the diff to what stands there, or that it is the first."""
    from selfinstruct.api.reports import diff, render
    from selfinstruct.hub.push import TITLE
    from selfinstruct.hub.repository import Message
    from selfinstruct.system.numbers import amount

    if state is None:
        return Message(f"{TITLE} first push", "The first push of this dataset.")
    try:
        found = diff(f"hub:{name}@{state.commit}", folder)
    except InputError as error:
        say(f"hub:{name}: what stands there cannot be compared: {error}")
        return Message(f"{TITLE} a new dataset", f"What stood here before cannot be compared: {error}")
    counts = [
        f"{amount(count, 'row')} {kind.replace('_', ' ')}"
        for kind, count in found.counts.items()
        if count and kind != "unchanged"
    ]
    return Message(f"{TITLE} {', '.join(counts) or 'the same rows'}", render(found, "markdown", language))
