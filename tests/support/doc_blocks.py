"""The fenced blocks and commands of READMEs and docs; `python -m tests.support.doc_blocks` prints what becomes of each.

What it does not do: run anything. `tests/test_doc_blocks.py` parses all, `tests/test_doc_commands.py` runs what can run here.
"""

import re
import shlex
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from selfinstruct.cli import VERBS
from selfinstruct.system.files import PACKAGE, read_text

ROOT = PACKAGE.parent
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_FLAG = re.compile(r"(?<![\w-])--[a-z][a-z_-]*")
_MODULE = re.compile(r"python -m ([\w.]+)([^`\n]*)")
SHELL = {"cd", "export", "source"}
"""What a reader's shell does; the test does the same."""
NOT_RUN = {
    "make ": "installs packages or fetches weights; the Makefile has the target",
    "selfinstruct compare teacher.jsonl other.jsonl --judge embedded:": "needs the embedded teacher's weights",
    "RAY_ADDRESS=": "needs a Ray cluster",
}
"""Beginning of a command that is parsed but not run -> why."""


class Block(NamedTuple):
    """A fenced block: page from the root of the repository, number of its first line."""

    page: str
    line: int
    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


class Command(NamedTuple):
    """One command of a block, as a shell would split it, without the variables set before it."""

    block: Block
    text: str
    words: list[str]

    @property
    def reason(self) -> str | None:
        """Why it is not run; None if it is."""
        return next((why for start, why in NOT_RUN.items() if self.text.startswith(start)), None)

    @property
    def trains(self) -> bool:
        """Whether it needs torch and a model."""
        return self.words[1:2] in (["finetune"], ["evaluate"]) or "SmolLM2" in self.text

    @property
    def is_run(self) -> bool:
        return self.words[0] == "selfinstruct" and self.reason is None

    @property
    def is_shell(self) -> bool:
        return self.words[0] in SHELL


def pages() -> list[str]:
    found = [ROOT / "README.md", ROOT / "README.zh-CN.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [path.relative_to(ROOT).as_posix() for path in found]


def blocks(*kinds: str) -> list[Block]:
    return [block for page in pages() for block in _blocks_of(page) if not kinds or block.kind in kinds]


def _blocks_of(page: str) -> Iterator[Block]:
    text = read_text(ROOT / page)
    for found in _FENCE.finditer(text):
        yield Block(page, text.count("\n", 0, found.start()) + 1, found[1], found[2])


def commands(block: Block) -> Iterator[Command]:
    """Yield the commands of a block of shell; `&&` joins two."""
    for line in block.text.splitlines():
        for text in re.sub(r"(^| +)#.*", "", line).split(" && "):
            words = shlex.split(text)
            is_set = [bool(re.match(r"[A-Z_]+=", word)) for word in words]
            if words:
                yield Command(block, text, words[is_set.index(False) :])


def all_commands() -> list[Command]:
    return [command for block in blocks("sh") for command in commands(block)]


def spans() -> list[tuple[str, str]]:
    """Return (page, what stands between backticks) of all sentences."""
    prose = {page: _FENCE.sub("", read_text(ROOT / page)) for page in pages()}
    return [(page, span) for page, text in prose.items() for span in _SPAN.findall(text)]


def named_commands() -> list[tuple[str, list[str]]]:
    """Return (page, words after `selfinstruct`) of each command that a sentence names, such as `generate --slice 1/3`."""
    found = [
        (page, span.removeprefix("selfinstruct ").split()) for page, span in spans() if not span.startswith("git ")
    ]
    return [(page, words) for page, words in found if len(words) > 1 and words[0] in VERBS]


def named_options() -> list[tuple[str, str]]:
    """Return (page, option) of each option that a sentence names; not of `python -m`."""
    own = [(page, span) for page, span in spans() if "python -m" not in span]
    return [(page, flag) for page, span in own for flag in _FLAG.findall(span)]


def named_modules() -> list[tuple[str, str, list[str]]]:
    """Return (page, module, its options) of each `python -m` of a page."""
    texts = {page: read_text(ROOT / page) for page in pages()}
    return [(page, one[1], _FLAG.findall(one[2])) for page, text in texts.items() for one in _MODULE.finditer(text)]


def census() -> str:
    """Return a table of all blocks and commands, and why some commands are only parsed."""
    found = all_commands()
    kinds = Counter(block.kind for block in blocks())
    why = Counter(command.reason for command in found if not command.is_shell)
    run = why.pop(None, 0)
    lines = [f"{sum(kinds.values())} blocks: " + ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())]
    lines += [
        f"{len(found)} commands: {run} run, {sum(map(_is_shell, found))} of the shell, {sum(why.values())} only parsed"
    ]
    lines += [f"  {count} parsed: {reason}" for reason, count in why.most_common()]
    return "\n".join(
        [
            *lines,
            f"{len(named_commands())} commands and {len(named_options())} options in sentences, {len(named_modules())} `python -m`: parsed",
        ]
    )


def _is_shell(command: Command) -> bool:
    return command.is_shell


if __name__ == "__main__":
    print(census())  # noqa: T201 - a command
