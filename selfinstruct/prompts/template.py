"""Prompt files: parts under `[name]` lines, `$placeholders`, and the version in the first line.

Input is {file name: text}; this module does not read files. A literal dollar sign is written `$$`.
"""

import hashlib
import re
import string
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import NamedTuple

from selfinstruct.errors import PromptError
from selfinstruct.prompts.parts import JUDGE, LATER, PARTS
from selfinstruct.records import LanguageCode, Message

LISTS = ("topics.txt", "verbs.txt")
SUBJECTS, PERSONAS = "subjects.txt", "personas.txt"
"""Everyday subjects, one a line, for the tasks of `plain`; people, one a line, who ask on in a conversation."""
_LISTS_OF = {"plain": SUBJECTS, "follow": PERSONAS}
_ARROW = " => "
_PARTS_OF_EXAMPLE = {"wording": 2, "confirm": 3, "answerable": 2}


def later_files(names: Collection[str]) -> tuple[str, ...]:
    """Return the files of `LATER` with these names, and the lists that go with them."""
    lists = (file for name, file in _LISTS_OF.items() if name in names)
    return (*(f"{name}.txt" for name in LATER if name in names), *lists)


class Template(NamedTuple):
    """A parsed prompt file."""

    version: int
    parts: dict[str, str]

    def text(self, part: str, **values: str) -> str:
        """Return one part with placeholders filled."""
        return string.Template(self.parts[part]).substitute(values)

    def turn(self, part: str, **values: str) -> Message:
        """Return one part with placeholders filled, as a chat message."""
        role = part.split(maxsplit=1)[0]
        return Message.model_validate({"role": role, "content": self.text(part, **values)})


class Prompts(NamedTuple):
    """All prompts of one language, with topics and verbs for the `steered` recipe."""

    language: LanguageCode
    templates: dict[str, Template]
    """{step, or name of a file: its parts}."""
    topics: tuple[str, ...]
    verbs: tuple[str, ...]
    judge: Template | None
    sources: dict[str, str]
    """{`<language>/<file>`: sha256 of the text}."""
    subjects: tuple[str, ...] = ()
    """Everyday subjects for the tasks that a small teacher writes."""
    personas: tuple[str, ...] = ()
    """People who ask on in a conversation."""

    def examples(self, name: str) -> list[list[str]]:
        """Return the parts of each example in a file: what stands between the arrows of a line."""
        lines = self.templates[name].parts["examples"].split("\n")
        return [[part.strip() for part in line.split(_ARROW)] for line in lines]

    def kind(self, name: str, category: str) -> str:
        """Return what a file says of the tasks of a category, the category itself where it says nothing."""
        lines = (re.split("[:：]", line, maxsplit=1) for line in self.templates[name].parts["kinds"].split("\n"))
        said = {line[0].strip(): line[1].strip() for line in lines if len(line) == 2}
        return said.get(category, category.replace("_", " "))

    def leading_verb(self, instruction: str) -> str:
        """Return the longest known verb at the start of an instruction, or ""."""
        return _leading(self.verbs, instruction)


@lru_cache(maxsize=4096)
def _leading(verbs: tuple[str, ...], instruction: str) -> str:
    lowered = instruction.lower()
    return max((verb for verb in verbs if lowered.startswith(verb.lower())), key=len, default="")


def parse_prompts(
    language: LanguageCode, files: Mapping[str, str], where: str, *, judge: bool = False, later: Collection[str] = ()
) -> Prompts:
    """Return the prompts parsed from {file name: text}; `where` names the folder in errors, `later` the names in `LATER` that are read.

    Raises PromptError for a missing file or part, and for a placeholder that is missing or not known, by name.
    """
    more = later_files(later)
    for name in (*(f"{step}.txt" for step in PARTS), *(("judge.txt",) if judge else ()), *LISTS, *more):
        if name not in files:
            raise PromptError(
                f"{where}/{name}: no such prompt file; copy the folder `selfinstruct init` writes and edit that"
            )
    plain = {name: text.removeprefix("\ufeff").replace("\r\n", "\n") for name, text in files.items()}
    return Prompts(
        language=language,
        templates={
            name: parse_template(plain[f"{name}.txt"], parts, f"{where}/{name}.txt")
            for name, parts in [*PARTS.items(), *((name, LATER[name]) for name in LATER if name in later)]
        },
        topics=_entries(plain["topics.txt"], f"{where}/topics.txt"),
        verbs=_entries(plain["verbs.txt"], f"{where}/verbs.txt"),
        judge=parse_judge(plain["judge.txt"], f"{where}/judge.txt") if judge else None,
        sources={
            f"prompts/{language}/{name}": _sha256(text)
            for name, text in files.items()
            if _is_read(name, judge, more)  # a file that is not read must not change the fingerprint
        },
        subjects=_entries(plain[SUBJECTS], f"{where}/{SUBJECTS}") if SUBJECTS in more else (),
        personas=_entries(plain[PERSONAS], f"{where}/{PERSONAS}") if PERSONAS in more else (),
    )


def _is_read(name: str, judge: bool, more: Collection[str]) -> bool:
    return judge if name == "judge.txt" else name in more or name not in later_files(LATER)


def parse_judge(text: str, where: str) -> Template:
    """Return a parsed `judge.txt`; raises PromptError for a criterion that is none."""
    template = parse_template(text, JUDGE, where)
    for line in template.parts["criteria"].split("\n"):
        name, _, meaning = line.partition(":" if ":" in line else "：")
        if not re.fullmatch(r"\w+", name.strip()) or not meaning.strip():
            raise PromptError(f"{where}: [criteria] line `{line}`; write one word, a colon, and what is looked at")
    return template


def parse_template(text: str, known_parts: Mapping[str, frozenset[str]], where: str) -> Template:
    """Return a parsed prompt file that has just these parts and placeholders; raises PromptError."""
    first, _, body = text.partition("\n")
    version = re.fullmatch(r"version:\s*(\d+)\s*", first)
    if not version:
        raise PromptError(f"{where}:1: must be `version: N`")
    before, *pieces = re.split(r"^\[([a-z ]+)\][ \t]*$", body, flags=re.MULTILINE)
    if before.strip():
        raise PromptError(f"{where}:2: text before the first part; begin with [system]")
    names = pieces[::2]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise PromptError(f"{where}: the part [{twice[0]}] comes twice")
    parts = {name: content.strip("\n") for name, content in zip(names, pieces[1::2], strict=True)}
    for name, wanted in known_parts.items():
        if name not in parts:
            raise PromptError(f"{where}: lacks the part [{name}]")
        _check_placeholders(parts[name], wanted, f"{where}: [{name}]")
    _check_examples(parts.get("examples", ""), where)
    if unknown := sorted(set(parts) - set(known_parts)):
        known = ", ".join(f"[{name}]" for name in known_parts)
        raise PromptError(f"{where}: unknown part [{unknown[0]}]; known: {known}")
    return Template(int(version[1]), parts)


def _check_examples(text: str, where: str) -> None:
    wanted = _PARTS_OF_EXAMPLE.get(where.rsplit("/", 1)[-1].removesuffix(".txt"), 1)
    for line in text.split("\n") if text else ():
        if len(line.split(_ARROW)) != wanted:
            raise PromptError(
                f"{where}: [examples] line `{line[:60]}`; write {wanted} parts with `{_ARROW}` between them"
            )


def _check_placeholders(part: str, wanted: frozenset[str], where: str) -> None:
    template = string.Template(part)
    if not template.is_valid():
        raise PromptError(f"{where}: a lone `$`; write `$$` for a dollar sign")
    found = set(template.get_identifiers())
    if missing := sorted(wanted - found):
        raise PromptError(f"{where}: lacks the placeholder {', '.join('$' + name for name in missing)}")
    if unknown := sorted(found - wanted):
        known = ", ".join("$" + name for name in sorted(wanted)) or "none"
        raise PromptError(
            f"{where}: unknown placeholder {', '.join('$' + name for name in unknown)}; known here: {known}"
        )


def _entries(text: str, where: str) -> tuple[str, ...]:
    entries = tuple(line.strip() for line in text.split("\n") if line.strip())
    if not entries:
        raise PromptError(f"{where}: is empty; put one entry on a line")
    return entries


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
