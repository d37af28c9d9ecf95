"""The files of a new project that depend on its teacher and on where this selfinstruct comes from; text in, text out."""

import re
import shlex
from functools import cache
from pathlib import Path

from selfinstruct.errors import ConfigError
from selfinstruct.system.files import bundled, read_text
from selfinstruct.system.interpreter import python
from selfinstruct.system.origin import Origin

EMBEDDED = "embedded"
RUN_NAMES = {EMBEDDED: "demo"}
_NAME = "mine"
"""Name of the run of a project with a strong teacher: it is no demo."""
_HERE = Path(__file__)
_EXTRAS = "selfinstruct.system.extras"
_OWN = ('# seeds = "seed_tasks"', '# prompts = "prompts"')
_FIRST = """# A project with a strong teacher. The first run asks for a dozen rows of each language; more by --target en=26000,zh=26000.
# Before that: `selfinstruct teacher check`, then `selfinstruct estimate`.
"""
_TEACHER = """[teacher]                    # docs/teachers.md says where these values come from, and has other providers
{block}# temperature = 1.0          # as in Stanford Alpaca; answer_temperature, top_p, max_tokens (4096) likewise by default
"""
_PAGES = "The pages docs/... that are named below stand in the repository of selfinstruct"
_GENERATE = """[generate]                   # left out, it is Self-Instruct's eight tasks shown and Alpaca's many tasks a request, for a strong teacher
# recipe = "batch"           # "steered": one instruction a request, with a topic and a verb drawn from prompts/; costs more
# seeds_per_prompt = 6
# machine_per_prompt = 2
# tasks_per_request = 8
# window = 8                 # first requests of a language that show seeds alone: 64 by default, 8 where you have few seeds
"""


def teachers() -> tuple[str, ...]:
    """Return the names that `init` knows, the embedded teacher first."""
    return (EMBEDDED, *_blocks())


def configuration(teacher: str = EMBEDDED) -> str:
    """Return the text of `selfinstruct.toml` for a teacher, own seeds and prompts named; raises ConfigError for an unknown one."""
    text = read_text(bundled("selfinstruct.toml"))
    for line in _OWN:
        text = text.replace(line, line.removeprefix("# "))
    if teacher == EMBEDDED:
        return text
    if teacher not in _blocks():
        raise ConfigError(f"--teacher {teacher}: is not known; known: {', '.join(teachers())}")
    block = _blocks()[teacher]
    text = _replaced(text, "teacher", _TEACHER.format(block=block))
    text = _replaced(text, "generate", _GENERATE)
    first, _, rest = text.partition("\n")
    assert first.startswith("# The demo")  # noqa: S101 - the template that ships
    return (_FIRST + rest).replace('name = "demo"', f'name = "{_NAME}"')


def with_pages(text: str, origin: Origin | None) -> str:
    """Return the text of `selfinstruct.toml` with where the pages stand that it names: a project has no docs/."""
    first, end, rest = text.partition("\n\n")
    where = f": {origin.repository}" if origin else ""
    return f"{first}\n# {_PAGES}{where}{end}{rest}"


def key_of(teacher: str) -> str:
    """Return the name of the variable that holds the key of a teacher; empty where none is needed."""
    found = re.search(r'api_key_env = "(.*)"', _blocks().get(teacher, ""))
    return found[1] if found else ""


def makefile(teacher: str, origin: Origin | None) -> str:
    """Return the text of the Makefile; it installs that commit of selfinstruct where there is none."""
    repository, commit = origin or ("", "")
    text = read_text(_HERE.with_name("project.mk"))
    text = text.replace("REPOSITORY :=", f"REPOSITORY := {repository}".rstrip(), 1)
    text = text.replace("COMMIT :=", f"COMMIT := {commit}".rstrip(), 1)
    extras = "local,report" if teacher == EMBEDDED else "report"
    return text.replace("EXTRAS", extras).replace("RUN_NAME", RUN_NAMES.get(teacher, _NAME))


def local_makefile() -> str:
    """Return the text of `local.mk`, which names the selfinstruct of this machine, and what adds an extra to it."""
    run, add = (shlex.join(python("-m", module)).replace("$", "$$") for module in ("selfinstruct", _EXTRAS))
    return f"# The selfinstruct that made this project, on this machine; not in git.\nSELFINSTRUCT := {run}\nSELFINSTRUCT_EXTRA := {add}\n"


@cache
def _blocks() -> dict[str, str]:
    _, *pieces = re.split(r"^\[(\w+)\]\n", read_text(_HERE.with_name("teachers.toml")), flags=re.MULTILINE)
    return {name: block.strip("\n") + "\n" for name, block in zip(pieces[::2], pieces[1::2], strict=True)}


def _replaced(text: str, section: str, by: str) -> str:
    """Return a TOML text with another section, its header included."""
    found = re.sub(rf"^\[{section}\][\s\S]*?(?=^\[|^# \[)", lambda _: by + "\n", text, count=1, flags=re.MULTILINE)
    assert found != text  # noqa: S101 - the template that ships
    return found
