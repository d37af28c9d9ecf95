"""A dataset of ModelScope as a local path, over the HTTP API that its own client uses (`modelscope_hub`, `_legacy_api.py`).

    GET /api/v1/datasets/OWNER/NAME/repo/tree?Revision=&Recursive=True&PageNumber=&PageSize=   files with size and sha256
    GET /api/v1/datasets/OWNER/NAME/repo?Revision=&FilePath=                                 one file

The list names no commit, so what is read is pinned by its content: each file by its sha256, which is checked, and the whole by a hash of
those. MODELSCOPE_ENDPOINT names another site, such as https://www.modelscope.ai; MODELSCOPE_API_TOKEN is sent to it alone.
"""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from selfinstruct.errors import HubRefusedError, InputError
from selfinstruct.hub.card import metadata_of
from selfinstruct.hub.operand import Operand
from selfinstruct.hub.reach import shown
from selfinstruct.hub.refusals import FailedError
from selfinstruct.hub.wanted import CARD, Fetched, Say, Wanted, check_room, composed, wanted_of
from selfinstruct.system.aside import Aside
from selfinstruct.system.numbers import amount
from selfinstruct.system.writing import atomic_file

if TYPE_CHECKING:
    from httpx2 import Client, Response

_PAGE = 200
_MOST_PAGES = 1_000
_DIGITS = 16


class _Listed(NamedTuple):
    size: int
    sha256: str
    """Empty where the site does not say."""


def fetch_modelscope(operand: Operand, say: Say) -> Fetched:
    """Return a dataset of ModelScope as a local path; raises InputError, HubRefusedError or StorageError with the remedy."""
    import httpx2

    from selfinstruct.weights import cache_folder

    what = operand.at(operand.revision)
    site = os.environ.get("MODELSCOPE_ENDPOINT", "https://modelscope.cn").rstrip("/")
    key = os.environ.get("MODELSCOPE_API_TOKEN", "")
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        with httpx2.Client(base_url=site, headers=headers, timeout=30, follow_redirects=True) as client:
            listed = _tree(client, operand)
            place = cache_folder() / "modelscope" / operand.name.replace("/", "--") / _digest(listed)
            wanted = wanted_of(
                operand, {name: one.size for name, one in listed.items()}, lambda: _card(client, operand, place, listed)
            )
            total = sum(listed[name].size for name in wanted.files)
            say(Aside(f"{what}: {amount(len(wanted.files), 'file')}, {total / 1e6:,.1f} MB from {shown(site)}"))
            check_room(place, total, what)
            for name in wanted.files:
                _download(client, operand, place / "files" / name, name, listed[name])
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise FailedError(
            f"{what}: {shown(site)} does not answer ({type(error).__name__}); check MODELSCOPE_ENDPOINT, or try again"
        ) from None
    pinned = f"{operand.at(operand.revision)} (sha256 {_digest({name: listed[name] for name in wanted.files})})"
    return Fetched(_path(place, wanted), pinned)


def _path(place: Path, wanted: Wanted) -> Path:
    files = place / "files"
    if wanted.composed and len(wanted.files) > 1:
        return composed(place / "composed" / wanted.composed, {name: files / name for name in wanted.files})
    return files / (wanted.files[0] if wanted.composed else wanted.inner)


def _tree(client: "Client", operand: Operand) -> dict[str, _Listed]:
    what, found = operand.at(operand.revision), dict[str, _Listed]()
    for page in range(1, _MOST_PAGES):
        answer = client.get(
            f"/api/v1/datasets/{operand.name}/repo/tree",
            params={"Revision": operand.revision, "Recursive": "True", "PageNumber": page, "PageSize": _PAGE},
        )
        files = _files(_checked(answer, what), what)
        for one in files:
            if one.get("Type") != "tree":
                found |= {_relative(str(one.get("Path") or one.get("Name") or ""), what): _listed(one)}
        if len(files) < _PAGE:
            break
    if not found:
        raise InputError(f"{what}: holds no file; check the name and the revision (ModelScope's is `master`)")
    return found


def _listed(one: Mapping[str, Any]) -> _Listed:
    size, sha256 = one.get("Size"), one.get("Sha256")
    return _Listed(size if isinstance(size, int) else 0, sha256 if isinstance(sha256, str) else "")


def _relative(name: str, what: str) -> str:
    if not name or name.startswith("/") or "\\" in name or ".." in name.split("/"):
        raise InputError(f"{what}: lists a file `{name}`, which would be written elsewhere; it is not fetched")
    return name


def _files(answer: "Response", what: str) -> list[dict[str, Any]]:
    try:
        data = answer.json().get("Data")
        files = data.get("Files") if isinstance(data, dict) else data
        if isinstance(files, list):
            return [one for one in files if isinstance(one, dict)]
    except (ValueError, AttributeError):
        pass
    raise FailedError(f"{what}: the answer of ModelScope is not understood; MODELSCOPE_ENDPOINT may name another site")


def _checked(answer: "Response", what: str) -> "Response":
    if answer.status_code in {401, 403}:
        raise HubRefusedError(
            f"{what}: ModelScope refuses ({answer.status_code}); a token from https://modelscope.cn/my/myaccesstoken goes into MODELSCOPE_API_TOKEN"
        )
    if answer.status_code == 404:
        raise InputError(
            f"{what}: is not there, or is private; check the name and the revision (ModelScope's is `master`)"
        )
    if answer.is_error:
        raise FailedError(f"{what}: ModelScope failed ({answer.status_code}); try again")
    return answer


def _card(client: "Client", operand: Operand, place: Path, listed: Mapping[str, _Listed]) -> dict[str, Any]:
    path = place / "files" / CARD
    _download(client, operand, path, CARD, listed[CARD])
    return metadata_of(path.read_text(encoding="utf-8", errors="replace"), f"{operand.at(operand.revision)}: {CARD}")


def _download(client: "Client", operand: Operand, path: Path, name: str, wanted: _Listed) -> None:
    """Write one file; raises FailedError for one that is not what the list says."""
    what = f"{operand.at(operand.revision)}: {name}"
    if path.is_file() and path.stat().st_size == wanted.size:
        return
    url, params = f"/api/v1/datasets/{operand.name}/repo", {"Revision": operand.revision, "FilePath": name}
    digest, size = hashlib.sha256(), 0
    with client.stream("GET", url, params=params) as answer, atomic_file(path) as file:
        _checked(answer, what)
        for block in answer.iter_bytes():
            digest.update(block)
            size += len(block)
            file.write(block)
            if size > wanted.size:
                break
        if size != wanted.size or (wanted.sha256 and digest.hexdigest() != wanted.sha256):
            raise FailedError(
                f"{what}: is not what ModelScope's list says (its size, or its sha256); it is not kept; try again, or fetch it with `modelscope download --dataset` and name the file"
            )


def _digest(listed: Mapping[str, _Listed]) -> str:
    text = "\n".join(f"{name} {one.sha256} {one.size}" for name, one in sorted(listed.items()))
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]
