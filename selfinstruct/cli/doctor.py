"""`selfinstruct doctor`."""

from collections.abc import Iterable, Iterator
from typing import Any

import click

from selfinstruct.api.doctor import Diagnosis, doctor
from selfinstruct.cli.console import print_json, write
from selfinstruct.cli.folding import write_folded
from selfinstruct.cli.messages import said
from selfinstruct.cli.options import common, option
from selfinstruct.errors import FindingsError
from selfinstruct.system.numbers import amount

_GB = 1e9


@click.command("doctor")
@common
@option("--reach", is_flag=True, help="Send one GET to the teacher's address and the hub's, without a key.")
def command(config_path: str | None, run_dir: str | None, as_json: bool, quiet: bool, reach: bool) -> None:
    """Say what is installed and reachable, for a report of a defect: versions, extras, machine, caches, teacher.

    Of keys only the name of the variable and whether it is set; the user's own folder is `~`. Exit 1 when something stops a run.
    """
    found = doctor(config_path, run=run_dir, reach=reach)
    if as_json:
        print_json(found.document())
    elif not quiet:
        _print(found)
    if found.errors:
        raise FindingsError(amount(found.errors, "problem"))


def _print(found: Diagnosis) -> None:
    from rich.cells import cell_len

    lines = list(_lines(found.facts))
    wide = max(cell_len(name) for name, _ in lines)
    for name, value in lines:
        write_folded(f"{name}{' ' * (wide - cell_len(name))}  ", value)
    for one in found.problems:
        write_folded(
            "", f"{said('Note') if one.is_note else said('Problem')}{said(': ')}{_problem(one.rule, one.detail)}"
        )
    if not found.problems:
        write(said("Nothing is wrong that doctor can see."))


def _problem(rule: str, detail: str) -> str:
    texts = {
        "configuration_unreadable": "the configuration cannot be read: {detail}",
        "prompt_unreadable": "no run can begin with this prompt: {detail}",
        "package_missing": "packages are missing: {detail}; install selfinstruct again",
        "folder_not_writable": "{detail} cannot be written; choose another folder with --run",
        "disk_full": "hardly any room is left: {detail}; make room, or choose another folder with --run",
        "variable_not_set": "the environment variable {detail} is not set, which the teacher needs",
        "engine_missing": "the engine of the embedded teacher is not installed; it comes with: {detail}",
        "not_reached": "no answer from {detail}; look at network, proxy and address",
    }
    return said(texts[rule], detail=detail)


def _lines(facts: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what is known as (name, value)."""
    own, python, machine = facts["selfinstruct"], facts["python"], facts["machine"]
    commit = f", {own['commit'][:12]}" if own["commit"] else ""
    comma = said(", ")
    yield "selfinstruct", f"{own['version']} ({own['installed']}{commit})"
    inside = said("virtual environment") if python["virtual_environment"] else said("no virtual environment")
    yield "Python", comma.join([f"{python['version']} {python['implementation']}", inside, python["executable"]])
    yield said("system"), ", ".join(part for part in (machine["system"], machine["libc"]) if part)
    yield "git", machine["git"] or said("not installed")
    yield said("cores"), _cores(machine)
    yield (
        said("memory"),
        said(
            "{total}, {free} available",
            total=_size(machine["memory_bytes"]),
            free=_size(machine["memory_available_bytes"]),
        ),
    )
    yield from _gpu(facts["gpu"])
    yield from _packages(facts["packages"])
    for folder in facts["folders"]:
        yield (
            {"run": said("run folder"), "cache": said("cache"), "hub": said("hub cache")}[folder["name"]],
            _folder(folder),
        )
    yield said("weights"), comma.join(f"{one['model']}{said(': ')}{_state(one['state'])}" for one in facts["weights"])
    yield from _teacher(facts["teacher"])
    yield from _environment(facts["environment"])
    for one in facts["reached"]:
        yield said("reached"), f"{one['host']}{said(': ')}{one['answer']}"


def _cores(machine: dict[str, Any]) -> str:
    quota = machine["cpu_quota"]
    return str(machine["cores"]) + (said(", the container allows {quota}", quota=quota) if quota else "")


def _size(count: int | None) -> str:
    return said("unknown") if count is None else f"{count / _GB:,.1f} GB"


def _gpu(gpu: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for line in gpu["nvidia_smi"] or [said("no nvidia-smi")]:
        yield "GPU", line
    torch = gpu["torch"]
    if torch is None:
        yield "torch", said("not installed")
    elif "fault" in torch:
        yield "torch", said("cannot be loaded: {fault}", fault=torch["fault"])
    else:
        devices = said(", ").join(torch["devices"]) or ("MPS" if torch["mps"] else said("sees no GPU"))
        yield "torch", said(", ").join([torch["version"], f"CUDA {torch['cuda'] or '-'}", devices])


def _packages(extras: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for extra, one in extras.items():
        name = said("packages") if extra == "core" else said("extra {name}", name=extra)
        yield name, _versions(one["packages"].items())


def _versions(packages: Iterable[tuple[str, dict[str, Any]]]) -> str:
    shown = (
        f"{name} {one['installed']}" if one["installed"] else said("{name} not installed", name=name)
        for name, one in packages
    )
    return said(", ").join(shown)


def _folder(folder: dict[str, Any]) -> str:
    free = said("{size} free", size=_size(folder["free_bytes"]))
    states = [said("is not there yet")] * (not folder["exists"]) + [said("cannot be written")] * (
        not folder["writable"]
    )
    return said(", ").join([folder["path"], free, *states])


def _state(state: str) -> str:
    return {"complete": said("complete"), "missing": said("not fetched"), "wrong_size": said("not whole")}[state]


def _teacher(teacher: dict[str, Any] | None) -> Iterator[tuple[str, str]]:
    if teacher is None:
        return
    source = teacher["configuration"] or said("no configuration file: the defaults")
    yield said("configuration"), source
    asked = [
        teacher["kind"],
        teacher["model"],
        teacher.get("base_url"),
        teacher.get("transport"),
        teacher.get("engine"),
    ]
    yield said("teacher"), ", ".join(part for part in asked if part)
    for one in teacher.get("variables", []):
        yield said("variable"), f"{one['name']}{said(': ')}{said('set') if one['set'] else said('not set')}"


def _environment(environment: dict[str, Any]) -> Iterator[tuple[str, str]]:
    locale = [f"{name}={value}" for name, value in environment["locale"].items()]
    yield said("locale"), ", ".join([*locale, environment["encoding"]])
    if environment["set"]:
        yield said("also set"), ", ".join(environment["set"])
