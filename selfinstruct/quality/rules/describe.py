r"""A rule's docstring parsed into a record: the defect, the reason, the source, examples found and kept.

The first sentence names the defect; lines that begin with `Source:`, `Finds:`, `Flags:` or `Keeps:` are read; what stands between
is the reason. An example is `INSTRUCTION ‖ INPUT → ANSWER`; input and answer may be left out. `\n`, `\t`, `\u200b`
and `\\` stand for the character; `(en)` or `(zh)` in front is needed where the script does not tell the language.
"""

import inspect
import re
from collections.abc import Callable
from typing import NamedTuple

from selfinstruct.language import Language
from selfinstruct.records import Candidate, LanguageCode

_ANSWER = "Fine, as asked."
_LINE = re.compile(r"^(Source|Finds|Keeps|Flags): *(.+)$", re.MULTILINE)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|([ntr\\]))")
_MEANT = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\"}


class RuleExample(NamedTuple):
    """An example of a rule: a row that it finds, or one that it keeps."""

    language: LanguageCode
    instruction: str
    input: str
    output: str

    def candidate(self) -> Candidate:
        """Return the example as a candidate."""
        return Candidate(index=0, position=0, **self._asdict())


class Description(NamedTuple):
    """The parsed docstring of a rule."""

    name: str
    defect: str
    reason: str
    source: str
    finds: tuple[RuleExample, ...]
    keeps: tuple[RuleExample, ...]
    flags: tuple[RuleExample, ...]


def describe(rule: Callable[[Candidate, Language], str]) -> Description:
    """Return the parsed docstring of a rule."""
    text = inspect.cleandoc(rule.__doc__ or "")
    said: dict[str, list[str]] = {"Source": [], "Finds": [], "Flags": [], "Keeps": []}
    for kind, line in _LINE.findall(text):
        said[kind].append(line)
    defect, _, rest = _LINE.sub("", text).strip().partition("\n")
    return Description(
        name=rule.__name__,
        defect=defect,
        reason=" ".join(rest.split()),
        source=" ".join(said["Source"]),
        finds=tuple(map(_example, said["Finds"])),
        keeps=tuple(map(_example, said["Keeps"])),
        flags=tuple(map(_example, said["Flags"])),
    )


def _example(line: str) -> RuleExample:
    given = re.match(r"\((en|zh)\) ", line)
    asked, arrow, output = (line[given.end() :] if given else line).partition(" → ")
    instruction, _, text = asked.partition(" ‖ ")
    code: LanguageCode = "zh" if (given[1] == "zh" if given else re.search(r"[\u3400-\u9fff]", instruction)) else "en"
    return RuleExample(code, _meant(instruction), _meant(text), _meant(output) if arrow else _ANSWER)


def _meant(text: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else _MEANT[found[2]], text)
