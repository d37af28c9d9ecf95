"""Settings in the environment that nothing reads, such as a mistyped name."""

import difflib
from collections.abc import Iterable, Iterator

import click

_BESIDE = ("SELFINSTRUCT_CACHE", "SELFINSTRUCT_LANG", "SELFINSTRUCT_MAX_EXPANSION", "SELFINSTRUCT_YES")
"""Variables that are read and are no option of a verb, or only of some."""


def unknown_settings(verbs: click.Group, names: Iterable[str]) -> Iterator[str]:
    """Yield what is said of the variables that no option of any verb has, with the nearest one that is known."""
    known = {*_variables(verbs), *_BESIDE}
    for name in sorted(set(names) - known):
        near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.8)
        hint = f"did you mean {near[0]}?" if near else "`selfinstruct VERB --help` has the options"
        yield f"{name} is set, and no option is called so: it is ignored; {hint}"


def _variables(command: click.Command) -> Iterator[str]:
    """Yield the variables that the options of a verb, and of those below it, are read from."""
    for one in command.params:
        yield from [one.envvar] if isinstance(one.envvar, str) else one.envvar or ()
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            if below := command.get_command(context, name):
                yield from _variables(below)
