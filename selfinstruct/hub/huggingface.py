"""A dataset on the Hugging Face hub as a local path in its own cache, pinned to a commit."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from selfinstruct.errors import InputError
from selfinstruct.hub.client import client, reachable, token
from selfinstruct.hub.operand import Operand
from selfinstruct.hub.reach import shown
from selfinstruct.hub.refusals import in_our_words
from selfinstruct.hub.wanted import CARD, Fetched, Say, Wanted, check_room, composed, wanted_of
from selfinstruct.system.aside import Aside
from selfinstruct.system.numbers import amount

if TYPE_CHECKING:
    from huggingface_hub import HfApi


def fetch_huggingface(operand: Operand, say: Say) -> Fetched:
    """Return a dataset of a hub as a local path; raises InputError, HubRefusedError or StorageError with the remedy."""
    what = operand.at(operand.revision)
    api = client(what)
    is_there = reachable(api)
    commit = _commit(api, operand, local=not is_there)
    files = _tree(api, operand, commit) if is_there else _cached_tree(operand, commit)
    wanted = wanted_of(operand, files, lambda: _card(api, operand, commit, local=not is_there))
    total = sum(files[name] for name in wanted.files)
    if is_there:
        say(Aside(f"{operand.at(commit)}: {amount(len(wanted.files), 'file')}, {total / 1e6:,.1f} MB"))
        check_room(_snapshot(operand, commit), total, operand.at(commit))
    snapshot = _download(api, operand, commit, wanted.files, local=not is_there)
    return Fetched(_place(snapshot, operand, commit, wanted), operand.at(commit))


def _commit(api: "HfApi", operand: Operand, *, local: bool) -> str:
    from huggingface_hub.errors import RevisionResolutionError

    what = operand.at(operand.revision)
    try:
        with in_our_words(what, token()):
            found = api.resolve_revision(
                operand.name, revision=operand.revision, repo_type="dataset", local_files_only=local
            )
    except RevisionResolutionError:
        raise _unreachable(api, what) from None
    return str(found.resolved)


def _unreachable(api: "HfApi", what: str) -> InputError:
    return InputError(
        f"{what}: {shown(api.endpoint)} is not to be reached, and the cache does not have all of it; set HF_ENDPOINT to a mirror, such as https://hf-mirror.com, "
        "or unset HF_HUB_OFFLINE, or name a file"
    )


def _tree(api: "HfApi", operand: Operand, commit: str) -> dict[str, int]:
    """Return {file: bytes} of a commit."""
    with in_our_words(operand.at(commit), token()):
        listed = api.list_repo_tree(operand.name, recursive=True, revision=commit, repo_type="dataset")
        return {one.path: one.size for one in listed if hasattr(one, "blob_id")}


def _cached_tree(operand: Operand, commit: str) -> dict[str, int]:
    """Return {file: bytes} of what the cache has of a commit."""
    folder = _snapshot(operand, commit)
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in folder.rglob("*") if path.is_file()}


def _snapshot(operand: Operand, commit: str) -> Path:
    from huggingface_hub import constants
    from huggingface_hub.file_download import repo_folder_name

    folder: str = repo_folder_name(repo_id=operand.name, repo_type="dataset")
    return Path(str(constants.HF_HUB_CACHE)).expanduser() / folder / "snapshots" / commit


def _card(api: "HfApi", operand: Operand, commit: str, *, local: bool) -> dict[str, Any]:
    """Return the metadata of the card; empty without one."""
    from selfinstruct.hub.card import metadata_of

    if local and not (_snapshot(operand, commit) / CARD).is_file():
        return {}
    with in_our_words(operand.at(commit), token()):
        path = api.hf_hub_download(operand.name, CARD, revision=commit, repo_type="dataset", local_files_only=local)
    return metadata_of(Path(path).read_text(encoding="utf-8", errors="replace"), f"{operand.at(commit)}: {CARD}")


def _download(api: "HfApi", operand: Operand, commit: str, files: Sequence[str], *, local: bool) -> Path:
    from huggingface_hub.errors import LocalEntryNotFoundError

    what = operand.at(commit)
    with in_our_words(what, token()):
        try:
            snapshot: str = api.snapshot_download(
                operand.name,
                repo_type="dataset",
                revision=commit,
                allow_patterns=[_literal(name) for name in files],
                local_files_only=local,
            )
        except LocalEntryNotFoundError:
            raise _unreachable(api, what) from None
    return Path(snapshot)


def _literal(name: str) -> str:
    """Return a pattern that matches a name alone."""
    return "".join(f"[{one}]" if one in "*?[" else one for one in name)


def _place(snapshot: Path, operand: Operand, commit: str, wanted: Wanted) -> Path:
    """Return the path that is read: file, folder, or a folder made of the files of a configuration."""
    if not wanted.composed:
        return snapshot / wanted.inner if wanted.inner else snapshot
    if len(wanted.files) == 1:
        return snapshot / wanted.files[0]
    from selfinstruct.weights import cache_folder

    return composed(
        cache_folder() / "hub" / operand.name.replace("/", "--") / commit / wanted.composed,
        {name: snapshot / name for name in wanted.files},
    )
