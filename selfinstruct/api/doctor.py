"""What a report of a defect needs to know of an installation: versions, machine, caches, teacher. Never the value of a key."""

import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from selfinstruct.api.settings import DEFAULT_CONFIG, PathLike, load_config, refuse_subfolder, run_path
from selfinstruct.config import Config, header_variables, is_loopback, is_private
from selfinstruct.errors import SelfInstructError
from selfinstruct.system import machine
from selfinstruct.system.installation import how_installed, installed_version, packages
from selfinstruct.system.origin import installed_from
from selfinstruct.system.pasted import shown, shown_name, without_home

_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")
"""Variables that decide which way requests go; only their names are shown."""
_LOCALES = ("LC_ALL", "LC_CTYPE", "LANG", "PYTHONUTF8", "PYTHONIOENCODING")
_LEAST_FREE = 100 * 2**20
"""Bytes without which a run cannot keep its journal."""
_REACH_S = 10


class Problem(NamedTuple):
    """Something that will stop a verb, or, as a note, a part that is not there and may never be needed."""

    rule: str
    detail: str
    is_note: bool = False


class Diagnosis(NamedTuple):
    """What `doctor` found."""

    facts: dict[str, Any]
    """{section: what is known}, ready for JSON; nothing in it is a secret."""
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> int:
        """Number of problems that are no notes."""
        return sum(not one.is_note for one in self.problems)

    def document(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        told = [
            {"rule": one.rule, "severity": "note" if one.is_note else "error", "detail": one.detail}
            for one in self.problems
        ]
        return self.facts | {"problems": told}


def doctor(config: PathLike | None = None, *, run: PathLike | None = None, reach: bool = False) -> Diagnosis:
    """Say what is installed, what the machine has, and whether the configured teacher could be asked. Nothing is written.

    A configuration that cannot be read is a problem that is told, not an error. With `reach` one GET goes to the teacher's address, and one
    to the hub that weights come from, without a key and without headers; otherwise nothing is sent.
    """
    from selfinstruct.runs.inputs import prompt_faults

    problems: list[Problem] = []
    settings = _configuration(config, problems)
    problems += [Problem("prompt_unreadable", fault) for fault in prompt_faults(settings)] if settings else []
    facts = {
        "selfinstruct": _own(),
        "python": _python(),
        "machine": _machine(),
        "packages": _packages(problems),
        "gpu": _gpu(),
        "folders": _folders(settings, run, problems),
        "weights": _weights(),
        "teacher": _teacher(settings, config, problems),
        "environment": _environment(),
        "reached": _reached(settings, problems) if reach else [],
    }
    return Diagnosis(facts, tuple(one._replace(detail=without_home(one.detail)) for one in problems))


def _configuration(path: PathLike | None, problems: list[Problem]) -> Config | None:
    try:
        refuse_subfolder(path)
        return load_config(path)
    except SelfInstructError as error:
        problems.append(Problem("configuration_unreadable", str(error)))
        return None


def _own() -> dict[str, Any]:
    origin = installed_from() if how_installed() in {"git", "editable"} else None
    commit = origin.commit if origin else None
    return {"version": installed_version("selfinstruct"), "installed": how_installed(), "commit": commit}


def _python() -> dict[str, Any]:
    return {
        "version": platform.python_version(),
        "implementation": platform.python_implementation(),
        "executable": shown(Path(sys.executable)),
        "virtual_environment": sys.prefix != sys.base_prefix,
    }


def _machine() -> dict[str, Any]:
    memory = machine.memory()
    return {
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "libc": " ".join(platform.libc_ver()).strip(),
        "git": machine.git_version(),
        "cores": machine.cores(),
        "cpu_quota": machine.cpu_quota(),
        "memory_bytes": memory.total,
        "memory_available_bytes": memory.available,
    }


def _packages(problems: list[Problem]) -> dict[str, Any]:
    """Return {extra: {complete, packages}}; the extra of what is always needed is called `core`."""
    found = packages()
    missing = sorted(name for name, one in found.get("", {}).items() if one.installed is None)
    if missing:
        problems.append(Problem("package_missing", ", ".join(missing)))
    return {
        extra or "core": {
            "complete": all(one.installed for one in those.values()),
            "packages": {name: one._asdict() for name, one in sorted(those.items())},
        }
        for extra, those in found.items()
    }


def _gpu() -> dict[str, Any]:
    torch = machine.torch_sees()
    if torch and "fault" in torch:
        torch = torch | {"fault": without_home(str(torch["fault"]))}
    return {"nvidia_smi": machine.nvidia_smi(), "torch": torch}


def _folders(settings: Config | None, run: PathLike | None, problems: list[Problem]) -> list[dict[str, Any]]:
    from selfinstruct.weights import cache_folder

    where = Path(run) if run else run_path(settings, None) if settings else None
    places = ({"run": where} if where else {}) | {"cache": cache_folder(), "hub": _hub_cache()}
    found = {name: (path, machine.room(path)) for name, path in places.items()}
    for name, (path, room) in found.items():
        if name == "run" and not room.writable:
            problems.append(Problem("folder_not_writable", shown(path)))
        if name == "run" and room.free < _LEAST_FREE:
            problems.append(Problem("disk_full", f"{shown(path)}: {room.free:,} bytes"))
    return [
        {"name": name, "path": shown(path), "exists": room.exists, "writable": room.writable, "free_bytes": room.free}
        for name, (path, room) in found.items()
    ]


def _hub_cache() -> Path:
    """Return where `huggingface_hub` keeps models, by its own variables."""
    home = os.environ.get("HF_HOME") or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "huggingface"
    return Path(os.environ.get("HF_HUB_CACHE") or Path(home) / "hub")


def _weights() -> list[dict[str, Any]]:
    """Return each known file of weights with what stands in the cache, by size: `teacher pull` checks the sha256."""
    from selfinstruct.weights import WEIGHTS, cache_folder

    def state(size: int, wanted: int) -> str:
        return "complete" if size == wanted else "missing" if size < 0 else "wrong_size"

    files = {name: cache_folder() / one.file for name, one in WEIGHTS.items()}
    sizes = {name: path.stat().st_size if path.is_file() else -1 for name, path in files.items()}
    return [{"model": name, "state": state(sizes[name], one.size)} for name, one in WEIGHTS.items()]


def _teacher(settings: Config | None, path: PathLike | None, problems: list[Problem]) -> dict[str, Any] | None:
    """Return what is configured, with the names of variables and whether they are set; their values go nowhere."""
    if settings is None:
        return None
    teacher = settings.teacher
    named = str(path or DEFAULT_CONFIG)
    known: dict[str, Any] = {
        "configuration": named if Path(named).is_file() else None,
        "kind": teacher.kind,
        "model": teacher.model,
    }
    if teacher.kind == "embedded":
        return known | {"engine": _engine(problems)}
    is_own = is_loopback(teacher.base_url) or is_private(teacher.base_url)
    variables = [teacher.api_key_env, *header_variables(teacher)]
    known["base_url"] = teacher.base_url.partition("?")[0]
    known["transport"] = teacher.transport
    known["variables"] = [
        {"name": shown_name(name), "set": bool(os.environ.get(name, "").strip())} for name in variables
    ]
    needs_none = is_own and teacher.api_key_env == type(teacher).model_fields["api_key_env"].default
    problems.extend(_unset(known["variables"][needs_none:], is_own))
    return known


def _unset(variables: list[dict[str, Any]], is_own: bool) -> Iterator[Problem]:
    """Yield a problem for each variable that is not set; a server of one's own may need no key."""
    for number, one in enumerate(variables):
        if not one["set"]:
            yield Problem("variable_not_set", one["name"], is_note=is_own and number == 0)


def _engine(problems: list[Problem]) -> str | None:
    """Return the version of the embedded teacher's engine."""
    from selfinstruct.system.extras import install_command

    found = installed_version("xllamacpp")
    if found is None:
        problems.append(Problem("engine_missing", install_command("local"), is_note=True))
    return found


def _environment() -> dict[str, Any]:
    names = [name for name in _PROXIES if os.environ.get(name) or os.environ.get(name.lower())]
    return {
        "locale": {name: os.environ[name] for name in _LOCALES if name in os.environ},
        "encoding": str(getattr(sys.stdout, "encoding", None)),
        "set": [*names, *sorted(name for name in os.environ if name.startswith(("SELFINSTRUCT_", "HF_")))],
    }


def _reached(settings: Config | None, problems: list[Problem]) -> list[dict[str, Any]]:
    """Return what the teacher's address and the hub answer to one GET each; any status is an answer."""
    addresses = {"hub": os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")}
    if settings and settings.teacher.kind == "openai":
        base_url = settings.teacher.base_url.partition("?")[0].rstrip("/")
        addresses = {"teacher": f"{base_url.removesuffix('/chat/completions')}/models"} | addresses
    found = [{"name": name, "host": urlsplit(url).hostname, "answer": _answer(url)} for name, url in addresses.items()]
    for one in found:
        if not isinstance(one["answer"], int):
            said = f"{one['host']}: {one['answer']}"
            problems.append(Problem("not_reached", said, is_note=one["name"] == "hub"))
    return found


def _answer(url: str) -> int | str:
    """Return the status of a GET, or the kind of its fault."""
    import httpx2

    try:
        with httpx2.Client(timeout=_REACH_S) as client:
            return int(client.get(url, headers={"User-Agent": "selfinstruct"}).status_code)
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as error:
        return type(error).__name__
