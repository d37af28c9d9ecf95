"""The prompts of a run on its card: those that were asked with, and by name those that were changed since."""

import re
from collections.abc import Iterable, Iterator, Mapping

from selfinstruct.dataset.release.manifest import Manifest
from selfinstruct.prompts import Prompts
from selfinstruct.system.text import visible

NAMES = {"en": "English", "zh": "Chinese"}
_PROMPTS = {
    "batch": ("batch",),
    "steered": ("instruction", "input", "label", "answer", "confirm"),
    "checked": ("plain", "wording", "passage", "meet", "label", "answer", "confirm"),
    "documents": ("question", "reread", "closed"),
    "evolve": ("evolve", "answerable", "answer"),
    "conversation": ("follow", "answer"),
    "translate": ("translate", "translate_part", "back"),
}
"""{recipe: the prompts that it reads}; a small teacher reads `plain` and `exercise` for `instruction`."""


def prompts_part(manifest: Manifest, prompts: Mapping[str, Prompts]) -> str:
    """Return the part of the card with the prompts that were asked with."""
    asking = manifest.asking
    small = {"instruction": ("plain", "exercise")} if asking.teacher.kind == "embedded" else {}
    read = (name for recipe in asking.generate.recipes for name in _PROMPTS[recipe])
    names = tuple(dict.fromkeys(part for name in read for part in small.get(name, (name,))))
    lines = (
        line
        for language, one in prompts.items()
        for line in _prompts_of(
            one, names if language != asking.generate.translate else _PROMPTS["translate"], manifest.sources
        )
    )
    return "\n".join(["## Prompts", "", *lines])


def _prompts_of(prompts: Prompts, names: Iterable[str], asked: Mapping[str, str]) -> Iterator[str]:
    """Yield the prompts that were asked with, by the hashes of then; of one that was changed since, which none was."""
    for name in names:
        if name not in prompts.templates:
            continue  # not read in this run
        template, file = prompts.templates[name], f"prompts/{prompts.language}/{name}.txt"
        if (then := asked.get(file)) != prompts.sources[file]:
            if then:
                yield f"{NAMES[prompts.language]}: {name}: `{file}`, sha256 `{then}`; the file was changed since, and is not printed here.\n"
            continue
        text = "\n".join(f"[{part}]\n{content.rstrip()}" for part, content in template.parts.items())
        text = visible(text)
        fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
        yield f"<details><summary>{NAMES[prompts.language]}: {name}, version {template.version}</summary>\n\n{fence}text"
        yield f"{text}\n{fence}\n\n</details>\n"
