"""How a dataset on a hub is named: `hub:OWNER/NAME[@REVISION][:FILE, FOLDER or CONFIG]`, or `modelscope:` in its place."""

import re
from pathlib import PurePosixPath
from typing import NamedTuple

from selfinstruct.errors import InputError

HUB, MODELSCOPE = "hub", "modelscope"
_DEFAULT = {HUB: "main", MODELSCOPE: "master"}
_SHAPE = re.compile(r"(?P<scheme>hub|modelscope):(?P<name>[^@:]+)(?:@(?P<revision>[^:]+))?(?::(?P<inner>.+))?")
_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}", re.ASCII)
_REVISION = re.compile(r"[\w][\w./+-]{0,199}", re.ASCII)


class Operand(NamedTuple):
    """A dataset on a hub."""

    scheme: str
    name: str
    """`OWNER/NAME`."""
    revision: str
    """Branch, tag, `refs/pr/N` or commit."""
    inner: str = ""
    """A file, a folder, or a configuration that the card names; empty for the whole."""

    @property
    def repository(self) -> str:
        """Its name whatever the revision, with what is named inside."""
        return f"{self.scheme}:{self.name}" + (f":{self.inner}" if self.inner else "")

    def at(self, commit: str) -> str:
        """Return the name of exactly this content."""
        return f"{self.scheme}:{self.name}@{commit}" + (f":{self.inner}" if self.inner else "")


def is_on_hub(text: str) -> bool:
    """Return whether a name means a hub rather than this machine.

    >>> is_on_hub("hub:me/rivers"), is_on_hub("rivers.jsonl")
    (True, False)
    """
    return text.startswith((f"{HUB}:", f"{MODELSCOPE}:"))


def parse_operand(text: str) -> Operand:
    """Return what a name means; raises InputError for one that is not understood.

    >>> parse_operand("hub:me/rivers@refs/pr/3:train/zh.jsonl")
    Operand(scheme='hub', name='me/rivers', revision='refs/pr/3', inner='train/zh.jsonl')
    """
    found = _SHAPE.fullmatch(text)
    if not found or not _is_name(found["name"]):
        raise InputError(
            f"{text}: not understood; write hub:OWNER/NAME, hub:OWNER/NAME@REVISION or hub:OWNER/NAME@REVISION:FILE, e.g. hub:me/rivers@main:train/zh.jsonl"
        )
    scheme = found["scheme"]
    revision = found["revision"] or _DEFAULT[scheme]
    return Operand(scheme, found["name"], check_revision(revision, text), _inside(found["inner"] or "", text))


def check_revision(revision: str, where: str) -> str:
    """Return a branch, tag or commit; raises InputError for what cannot be the name of one."""
    if not _REVISION.fullmatch(revision) or ".." in revision:
        raise InputError(f"{where}: `{revision}` is no branch, tag or commit; write e.g. main or refs/pr/3")
    return revision


def check_name(name: str) -> str:
    """Return the name of a repository; raises InputError for anything but `OWNER/NAME`."""
    if not _is_name(name):
        raise InputError(f"{name}: is no name of a dataset on the hub; write OWNER/NAME, e.g. me/rivers")
    return name


def _is_name(name: str) -> bool:
    owner, _, own = name.partition("/")
    return bool(_NAME.fullmatch(name)) and not any(
        "--" in part or ".." in part or part.endswith((".git", ".ipynb", "-", ".")) for part in (owner, own)
    )


def _inside(inner: str, text: str) -> str:
    path = PurePosixPath(inner)
    if path.is_absolute() or ".." in path.parts or "\\" in inner or "\0" in inner:
        raise InputError(f"{text}: `{inner}` leads out of the repository; name a file or folder in it")
    return str(path) if inner else ""
