"""Writing the dataset card: one that somebody changed is kept beside the new one."""

import hashlib
from typing import Any

from selfinstruct.errors import StorageError
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.earlier import is_earlier
from selfinstruct.system.writing import free_name, write_text
from selfinstruct.weights import Say

CARD = "README.md"


def write_card(directory: RunDirectory, text: str, expected: str, say: Say) -> dict[str, Any]:
    """Write the card, and return what the manifest says of it; `say` hears of a card that somebody changed and where it is kept.

    `expected` is what stands there if the run wrote it and the manifest, an older one, does not say so. The manifest names the new card before
    it is written, so that one whose emission was interrupted is not taken for somebody's.
    """
    path, manifest = directory.dataset / CARD, directory.manifest()
    new = _sha256(text.encode("utf-8"))
    standing = path.read_bytes() if path.is_file() else None
    if standing is not None and _sha256(standing) == new:
        return {"cards": [new]}
    own = set(manifest.cards) if manifest else set()
    is_own = standing is not None and _sha256(standing) in (own or {_sha256(expected.encode("utf-8"))})
    if standing is not None and not is_own and not is_earlier(directory, path):
        aside = free_name(path)
        try:
            path.rename(aside)
        except OSError as error:
            raise StorageError(
                f"{path}: cannot be renamed ({error.strerror}); check the rights of its folder"
            ) from error
        say(f"{path}: was changed by hand; it is kept as {aside.name}, and the card is written anew")
    if manifest:
        directory.write_manifest(manifest.document() | {"cards": sorted({*manifest.cards, new})})
    write_text(path, text)
    return {"cards": [new]}


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
