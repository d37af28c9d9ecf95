"""What is installed: the package, how it came here, and the versions of what it needs, by extra."""

import json
import re
from importlib.metadata import PackageNotFoundError, distribution, version
from typing import Literal, NamedTuple

_REQUIREMENT = re.compile(r"([A-Za-z0-9._-]+)\s*([^;]*?)\s*(?:;.*extra\s*==\s*['\"]([\w.-]+)['\"].*)?")

How = Literal["editable", "folder", "git", "archive", "index"]


class Package(NamedTuple):
    """One package that selfinstruct needs."""

    wanted: str
    """The versions that fit, such as `>=3.14`."""
    installed: str | None
    """None where it is not there."""


def packages() -> dict[str, dict[str, Package]]:
    """Return {extra: {package: what is wanted and there}}; the extra of what is always needed is empty."""
    found: dict[str, dict[str, Package]] = {}
    for requirement in distribution("selfinstruct").requires or []:
        name, wanted, extra = _parts(requirement)
        found.setdefault(extra, {})[name] = Package(wanted, installed_version(name))
    return found


def _parts(requirement: str) -> tuple[str, str, str]:
    """Return (package, versions, extra) of a requirement as the metadata of our own wheel spells it.

    >>> _parts('openpyxl>=3.1; extra == "excel"'), _parts("click>=8.2")
    (('openpyxl', '>=3.1', 'excel'), ('click', '>=8.2', ''))
    """
    found = _REQUIREMENT.fullmatch(requirement)
    return (found[1], found[2], found[3] or "") if found else (requirement, "", "")


def installed_version(package: str) -> str | None:
    """Return the version of an installed package; None where it is not there."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def how_installed(stated: str | None = None) -> How:
    """Return how pip came by this installation; `stated` is the content of `direct_url.json` (PEP 610).

    >>> how_installed('{"url": "https://example.org/a.git", "vcs_info": {}}'), how_installed("{}")
    ('git', 'index')
    """
    value = json.loads(
        (distribution("selfinstruct").read_text("direct_url.json") if stated is None else stated) or "{}"
    )
    if "vcs_info" in value:
        return "git"
    if "dir_info" in value:
        return "editable" if value["dir_info"].get("editable") else "folder"
    return "archive" if value.get("url") else "index"
