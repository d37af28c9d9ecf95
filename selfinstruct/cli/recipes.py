"""What the recipes of a run brought, as `status` shows it, and what a candidate was made from, as `explain` does."""

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from selfinstruct.cli.console import print_table
from selfinstruct.cli.folding import write_wrapped
from selfinstruct.cli.messages import said, spoken_word
from selfinstruct.requests import labelled
from selfinstruct.requests.checked import steps_back
from selfinstruct.requests.evolve import OPERATIONS
from selfinstruct.system.numbers import amount
from selfinstruct.verifiers.registry import KINDS

if TYPE_CHECKING:
    from selfinstruct.runs.explanation import Explanation
    from selfinstruct.runs.explanation.origin import Origin

_FAR, _FAR_ROWS = 0.1, 1.5
"""Share of the rows, and rows, by which a recipe may be off its share."""
_HEADS = ("language", "recipe", "asked", "rows", "proved")
_BY_CODE = "in the words of code alone"


def print_recipes(found: Mapping[str, Any]) -> None:
    """Write the table of recipes, the yield of each kind, and the kinds that stepped back; nothing where the manifest has none."""
    rows = [
        (language, recipe, one["requests"], one["rows"], one["proved"], one["by_code"])
        for language, recipes in found.get("recipes", {}).items()
        for recipe, one in recipes.items()
    ]
    if any(row[-1] for row in rows):
        print_table((*_HEADS, _BY_CODE), rows)
    elif rows:
        print_table(_HEADS, [row[:-1] for row in rows])
    for line in _missed_shares(found):
        write_wrapped(line)
    for language, kinds in found.get("kinds", {}).items():
        if kinds:
            _print_kinds(language, kinds)


def _missed_shares(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield the shares of the rows in a language, where they are far from those of the mix."""
    mix = found.get("mix") or found.get("asking", {}).get("generate", {}).get("mix", {})
    wanted = {recipe: share / sum(mix.values()) for recipe, share in mix.items() if share}
    for language, recipes in found.get("recipes", {}).items():
        rows = {recipe: one["rows"] for recipe, one in recipes.items()}
        every = sum(rows.values())
        far = max(_FAR_ROWS, _FAR * every)
        if any(abs(rows.get(recipe, 0) - share * every) > far for recipe, share in wanted.items()):
            shares = ", ".join(
                f"{recipe} {rows.get(recipe, 0) / every:.0%} (mix {share:.0%})" for recipe, share in wanted.items()
            )
            yield f"Shares of {amount(every, 'row')}, {language}, which are not those of [generate] mix: {shares}"


def _print_kinds(language: str, kinds: Mapping[str, Mapping[str, int]]) -> None:
    """Write the yield of each kind, the best first: of provable tasks, of what became of a row, of how a user went on."""
    best = sorted(kinds.items(), key=lambda item: (-item[1]["rows"] / max(item[1]["requests"], 1), item[0]))
    yields: dict[str, list[str]] = {}
    for kind, one in best:
        yields.setdefault(_class_of(kind), []).append(f"{kind} {one['rows']} of {one['requests']}")
    for name in sorted(yields):
        write_wrapped(f"{name}, {language}, rows of those asked: {', '.join(yields[name])}")
    if back := [kind for kind, one in sorted(kinds.items()) if steps_back(kind, one["requests"], one["rows"])]:
        write_wrapped(
            f"Stepped back, since they hardly ever became a row: {', '.join(back)}; they are tried again now and then"
        )


def _class_of(kind: str) -> str:
    """Return what a kind is one of; the moves of a conversation have the names that its prompts give them."""
    if kind in KINDS or kind == labelled.KIND:
        return "Provable tasks"
    return "Operations" if kind.partition(".")[0] in OPERATIONS else "Turns"


def origin_lines(found: "Explanation") -> Iterator[tuple[str, list[str]]]:
    """Yield (title, lines) of what a candidate was made from and of what each later step decided."""
    if found.origin:
        yield f"Recipe: {found.origin.recipe}", list(_of_origin(found.origin))
    if found.steps:
        yield "Later steps", [f"{one.step}{said(': ')}{one.decided}" for one in found.steps]


def _of_origin(origin: "Origin") -> Iterator[str]:
    if origin.by_code:
        yield said("question and answer are in the words of code alone")
    if origin.kind:
        yield said("kind {kind}", kind=origin.kind) + (f"{said(': ')}{origin.drawn}" if origin.drawn else "")
    for name, value in origin.details:
        yield f"  {name}{said(': ')}{value}"
    for check in origin.checks:
        if check.kind != "quote":
            arguments = json.dumps(check.arguments, ensure_ascii=False)
            yield said("proved by {kind} {arguments}", kind=check.kind, arguments=arguments)
    if origin.document:
        yield said("document {document}, passage {passage}", document=origin.document, passage=origin.passage)
    if origin.quoted:
        first, last = origin.span or (0, 0)
        place = said("characters {first} to {last}: ", first=f"{first:,}", last=f"{last:,}") if origin.span else ""
        yield f"{said('quoted')}{said(', ')}{place}{origin.quoted}"
    yield from _of_parent(origin)


def _of_parent(origin: "Origin") -> Iterator[str]:
    if origin.parent:
        asked = said(", asked on by {persona}", persona=origin.persona) if origin.persona else ""
        yield said("from {parent}", parent=origin.parent) + asked
    if origin.decision:
        of = origin.translation_of
        head = said("translation of {id}", id=of) if of else said("translation")
        reason = f"{said(', ')}{origin.reason}" if origin.reason else ""
        yield f"{head}{said(': ')}{spoken_word(origin.decision)}{reason}"
    for before, after in origin.adapted:
        yield f"  {said('adapted')}{said(': ')}{before} → {after}"
    nothing = said("(nothing)")
    for before, after in origin.differs:
        yield f"  {said('way back')}{said(': ')}{before or nothing} ≠ {after or nothing}"
    if origin.ended_by:
        yield said("a further turn broke `{rule}` and was left out", rule=origin.ended_by)
