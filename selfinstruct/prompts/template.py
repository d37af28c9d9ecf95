"""Prompt files: parts under `[name]` lines, `$placeholders`, and the version in the first line.

Input is {file name: text}; this module does not read files. A literal dollar sign is written `$$`.
"""

import hashlib
import re
import string
from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import NamedTuple

from selfinstruct.errors import PromptError
from selfinstruct.prompts.parts import JUDGE, LATER, PARTS
from selfinstruct.records import LanguageCode, Message

LISTS = ("topics.txt", "verbs.txt")
SUBJECTS, PERSONAS = "subjects.txt", "personas.txt"
"""Everyday subjects, one a line, for the tasks of `plain`; people, one a line, who ask on in a conversation."""
_LISTS_OF = {"plain": SUBJECTS, "follow": PERSONAS}
_NAME = r"^\[([a-z ]+)\][ \t]*$"
_LIKE_A_NAME = r"^[\[【][^\[\]【】\n]{1,40}[\]】][ \t]*$"
"""What may be meant for the name of a part: in other letters, or in the brackets of a Chinese keyboard."""
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


class _Part(NamedTuple):
    """One part as it stands in a file."""

    name: str
    line: int
    """That of its name, from 1."""
    text: str


def parse_template(text: str, known_parts: Mapping[str, frozenset[str]], where: str) -> Template:
    """Return a parsed prompt file that has just these parts and placeholders; raises PromptError."""
    first, _, body = text.partition("\n")
    version = re.fullmatch(r"version:\s*(\d+)\s*", first)
    if not version:
        raise PromptError(f"{where}:1: must be `version: N`")
    parts = {one.name: one for one in _parts(body)}
    _refuse_unknown_parts(body, parts, known_parts, where)
    if re.split(_NAME, body, maxsplit=1, flags=re.MULTILINE)[0].strip():
        raise PromptError(f"{where}:2: text before the first part; begin with [system]")
    names = [one.name for one in _parts(body)]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise PromptError(f"{where}: the part [{twice[0]}] comes twice")
    for name, wanted in known_parts.items():
        if name not in parts:
            raise PromptError(f"{where}: lacks the part [{name}]")
        _check_placeholders(parts[name], wanted, where)
    texts = {name: one.text.strip("\n") for name, one in parts.items()}
    _check_examples(texts.get("examples", ""), where)
    return Template(int(version[1]), texts)


def _parts(body: str) -> list[_Part]:
    """Return the parts of what stands under the version, in their order."""
    _, *pieces = re.split(_NAME, body, flags=re.MULTILINE)
    lines = [body.count("\n", 0, found.start()) + 2 for found in re.finditer(_NAME, body, flags=re.MULTILINE)]
    return [_Part(*one) for one in zip(pieces[::2], lines, pieces[1::2], strict=True)]


def _refuse_unknown_parts(body: str, parts: Collection[str], known: Collection[str], where: str) -> None:
    """Raise PromptError for a part that is not known; for any text in brackets on a line of its own where a part is missing."""
    names = _LIKE_A_NAME if set(known) - set(parts) else _NAME
    for found in re.finditer(names, body, flags=re.MULTILINE):
        written = found[0].rstrip()
        if written[1:-1] not in known or written[0] != "[":
            line, listed = body.count("\n", 0, found.start()) + 2, ", ".join(f"[{name}]" for name in known)
            raise PromptError(f"{where}:{line}: unknown part {written}; known: {listed}")


def _check_examples(text: str, where: str) -> None:
    wanted = _PARTS_OF_EXAMPLE.get(where.rsplit("/", 1)[-1].removesuffix(".txt"), 1)
    for line in text.split("\n") if text else ():
        if len(line.split(_ARROW)) != wanted:
            raise PromptError(
                f"{where}: [examples] line `{line[:60]}`; write {wanted} parts with `{_ARROW}` between them"
            )


def _check_placeholders(part: _Part, wanted: frozenset[str], where: str) -> None:
    found: dict[str, int] = {}
    for one in string.Template.pattern.finditer(part.text):
        line = part.line + part.text.count("\n", 0, one.start())
        if one["invalid"] is not None:
            raise PromptError(f"{where}:{line}: [{part.name}]: a lone `$`; write `$$` for a dollar sign")
        if one["escaped"] is None:
            found.setdefault(one["named"] or one["braced"], line)
    missing = sorted(wanted - found.keys())
    if unknown := [name for name in found if name not in wanted]:
        _refuse_placeholders(unknown, wanted, missing, f"{where}:{found[unknown[0]]}", part.name)
    if missing:
        raise PromptError(f"{where}:{part.line}: [{part.name}]: lacks the placeholder {_dollars(missing)}")


def _refuse_placeholders(
    unknown: Sequence[str], wanted: Collection[str], missing: Sequence[str], where: str, part: str
) -> None:
    """Raise PromptError for placeholders that are not known, and say which were meant where a missing one is near."""
    meant = list(dict.fromkeys(near for name in unknown for near in get_close_matches(name, missing or wanted, 1)))
    known = _dollars(sorted(wanted)) or "none"
    if meant:
        raise PromptError(
            f"{where}: [{part}]: unknown placeholder {_dollars(unknown)}; did you mean {_dollars(meant)}? Known here: {known}"
        )
    raise PromptError(f"{where}: [{part}]: unknown placeholder {_dollars(unknown)}; known here: {known}")


def _dollars(names: Iterable[str]) -> str:
    return ", ".join(f"${name}" for name in names)


def _entries(text: str, where: str) -> tuple[str, ...]:
    entries = tuple(line.strip() for line in text.split("\n") if line.strip())
    if not entries:
        raise PromptError(f"{where}: is empty; put one entry on a line")
    return entries


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
