"""The dataset card, `README.md` of the dataset folder: metadata for the Hub, and a description.

The front matter follows https://huggingface.co/docs/hub/datasets-manual-configuration; `datasets.load_dataset` reads
it. The card depends on manifest, prompts and configuration alone, not on date or machine. JSON is YAML, so strings are written
as JSON.
"""

import re
from collections.abc import Iterator, Mapping

from selfinstruct.dataset.release.asked import AskedGenerate
from selfinstruct.dataset.release.card_metadata import metadata
from selfinstruct.dataset.release.card_prompts import NAMES, prompts_part
from selfinstruct.dataset.release.funnel import STEPS, narrowing, total
from selfinstruct.dataset.release.manifest import Manifest, Requests, Tokens
from selfinstruct.dataset.release.reviewed import reviewed_part
from selfinstruct.prompts import Prompts
from selfinstruct.system.currency import cost_in_words
from selfinstruct.system.faces import markdown, markdown_code
from selfinstruct.system.numbers import amount

_NAMED = 20
"""Most rows that are named one by one."""


def card(manifest: Manifest, prompts: Mapping[str, Prompts], licence: str, cny_per_usd: str | None = None) -> str:
    """Return the text of the card; `licence` is the Hub's identifier of the licence, a name of its own, or empty; with a rate the cost is in CNY too."""
    parts = (
        _front(manifest, licence),
        _summary(manifest),
        _loading(manifest),
        _funnel(manifest),
        *_brought(manifest),
        *reviewed_part(manifest.reviewed),
        _making(manifest, cny_per_usd),
        _licence(manifest, licence),
        prompts_part(manifest, prompts),
    )
    return "\n".join(parts)


def _front(manifest: Manifest, licence: str) -> str:
    files = [path.removeprefix("dataset/") for path, one in manifest.splits.items() if one.rows]
    tags = ("instruction-tuning", "self-instruct", "synthetic")
    return metadata(manifest.name, list(manifest.funnel), _rows(manifest), files, licence, tags)


def _rows(manifest: Manifest) -> int:
    return sum(one.rows for one in manifest.datasets.values())


def _summary(manifest: Manifest) -> str:
    by_hand = {language: _by_hand(manifest, language) for language in manifest.funnel}
    counts = {language: steps["accepted"] + by_hand[language][0] for language, steps in manifest.funnel.items()}
    english = ", ".join(f"{count:,} in {NAMES[language]}" for language, count in counts.items())
    chinese = "，".join(f"{'英文' if language == 'en' else '中文'} {count:,} 条" for language, count in counts.items())
    model = markdown_code(manifest.asking.teacher.model)
    added = sum(one[0] for one in by_hand.values())
    all_but, except_ = (f"all but {added:,} ", f"除 {added:,} 条手工新增的外，") if added else ("", "")
    return f"""\
# {markdown(manifest.name)}

{_rows(manifest):,} instructions with answers ({english}), {all_but}written by the language model {model} from seed tasks, and
kept by rules and a near-duplicate filter. Nobody has checked each answer: expect wrong ones.

共 {_rows(manifest):,} 条指令数据（{chinese}）：{except_}由语言模型 {model} 参照种子任务生成，经规则检查和近似去重后保留。答案未经逐条人工核对，难免有错。
{_changed(by_hand)}{_breaking(manifest)}"""


def _by_hand(manifest: Manifest, language: str) -> tuple[int, int, int]:
    """Return how many rows were added, edited and removed by hand."""
    counts = manifest.ledger.get(language)
    if counts is None:
        return 0, 0, 0
    return counts.added_by_hand, counts.edited_by_hand, counts.rejected.get("removed_by_hand", 0)


def _changed(by_hand: Mapping[str, tuple[int, int, int]]) -> str:
    """Return a sentence about what people changed; nothing where nobody did."""
    added, edited, removed = (sum(one) for one in zip(*by_hand.values(), strict=True))
    if not (added or edited or removed):
        return ""
    return f"""
By hand: {amount(edited, "row")} edited, {added:,} added, {removed:,} removed; `review.jsonl` of the run names them.

人工改动：修改 {edited:,} 条，新增 {added:,} 条，删除 {removed:,} 条，逐条记在该次运行的 `review.jsonl` 里。
"""


def _breaking(manifest: Manifest) -> str:
    """Return a sentence about rows made by hand that break rules and are kept; nothing without one."""
    broken = [one for rows in manifest.broken_by_hand.values() for one in rows.items()]
    if not broken:
        return ""
    named = [f"`{name}` ({', '.join(f'`{rule}`' for rule in rules)})" for name, rules in broken[:_NAMED]]
    more = ("", "") if len(broken) <= _NAMED else (f" and {len(broken) - _NAMED:,} more", f"等 {len(broken):,} 条")
    return f"""
Made by hand, breaking rules, and kept: {", ".join(named)}{more[0]}.

手工写的，违反规则，仍然留着：{"、".join(named)}{more[1]}。
"""


def _loading(manifest: Manifest) -> str:
    language = next(iter(manifest.funnel))
    return f"""\
## Load

```python
from datasets import load_dataset

load_dataset("path/to/this/folder")                               # all languages, by split
load_dataset("path/to/this/folder", "{language}", split="train")         # one language, one split
```

A row has `id`, `language`, `instruction`, `input` (may be empty) and `output`. The id is a hash of language, instruction and input: an edited
answer keeps it. `<language>.jsonl` holds all rows; `train/` and `held_out/` hold the same ones by split. Instructions that are nearly the same
are on one side, and rows that come later move none of those that are there.
"""


def _funnel(manifest: Manifest) -> str:
    funnels: dict[str, dict[str, int]] = dict(manifest.funnel)
    everything = funnels | ({"total": total(funnels)} if len(funnels) > 1 else {})
    shown = [step for step, _ in narrowing(total(funnels))]
    lines = ["## What was kept", "", _line("", *everything), _line("---", *("---:" for _ in everything))]
    lines += [_line(STEPS[step], *(f"{one[step]:,}" for one in everything.values())) for step in shown]
    added = [_by_hand(manifest, language)[0] for language in funnels]
    if any(added):
        each = added + ([sum(added)] if len(funnels) > 1 else [])
        rows = [one["accepted"] + more for one, more in zip(everything.values(), each, strict=True)]
        lines += [
            _line("added by hand", *(f"{one:,}" for one in each)),
            _line("rows in all", *(f"{one:,}" for one in rows)),
        ]
    rejected = manifest.ledger["total"].rejected
    if rejected:
        lines += ["", "Rejected by: " + ", ".join(f"`{rule}` {count:,}" for rule, count in rejected.items()) + "."]
    return "\n".join([*lines, ""])


def _brought(manifest: Manifest) -> Iterator[str]:
    """Yield the table of recipes, where the manifest has one."""
    if not manifest.recipes:
        return
    lines = [
        "## What each recipe brought",
        "",
        _line("", "recipe", "rows", "proved"),
        _line("---", "---", "---:", "---:"),
    ]
    for language, recipes in manifest.recipes.items():
        lines += [
            _line(
                NAMES[language], f"`{recipe}`", f"{one.rows:,}", f"{one.proved / one.rows:.0%}" if one.rows else "none"
            )
            for recipe, one in recipes.items()
        ]
    lines += [
        "",
        "Proved: rows with `checks`, by which a program has proved the answer; `selfinstruct validate` proves it again.",
    ]
    yield "\n".join([*lines, ""])


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _making(manifest: Manifest, rate: str | None) -> str:
    teacher, generate = manifest.asking.teacher, manifest.asking.generate
    requests, tokens = manifest.requests or Requests(), manifest.tokens or Tokens()
    where = "on the machine of the run" if teacher.kind == "embedded" else f"at {_linked(teacher.base_url)}"
    kept = manifest.keeping.filter.threshold.model_dump(include=set(manifest.funnel))
    thresholds = ", ".join(f"{language} {threshold:g}" for language, threshold in kept.items())
    cost = "none" if teacher.kind == "embedded" else _cost(manifest, rate)
    recipes = _recipes(generate)
    return f"""\
## How it was made

| | |
|---|---|
| teacher | {markdown_code(teacher.model)}, {where}; temperature {teacher.temperature:g}, top_p {teacher.top_p:g} |
| recipe | {recipes}: {generate.seeds_per_prompt} seeds and up to {generate.machine_per_prompt} rows accepted before, shown in a prompt |
| seed of the run | {manifest.asking.seed} |
| near-duplicates | dropped above a ROUGE-L of {thresholds} |
{_judge(manifest)}| requests | {_outcomes(requests)} |
| tokens | {tokens.prompt:,} in prompts, {tokens.completion:,} in replies |
| cost | {cost} |
| made with | selfinstruct {manifest.selfinstruct}, fingerprint `{manifest.fingerprint}` |

Source files, by sha256: {", ".join(f"{markdown_code(name)} `{digest[:16]}`" for name, digest in manifest.sources.items())}.
"""


def _outcomes(requests: Requests) -> str:
    """Return how many requests were answered, with those whose reply the journal has no more, and how many may have been."""
    answered = f"{requests.paid:,} answered"
    lacks = f", of which the journal lacks {requests.gone:,}" if requests.gone else ""
    return answered + lacks + (f", {requests.uncertain:,} without an outcome" if requests.uncertain else "")


def _cost(manifest: Manifest, rate: str | None) -> str:
    """Return what a run has cost, and what more sends without a reply may have."""
    if manifest.cost_usd is None:
        return "not known"
    spent, worst = cost_in_words(manifest.cost_usd, rate), manifest.uncertain_usd or "0"
    return f"{spent} and at most {cost_in_words(worst, rate)} uncertain" if float(worst) else spent


def _judge(manifest: Manifest) -> str:
    """Return the line of the judge, with what it was worth on pairs whose better answer is known; nothing where none was asked."""
    found = manifest.certificate
    if found is None:
        return ""
    pairs = sum(one.pairs for one in found.languages.values())
    said = "; ".join(markdown(line) for line in found.sentences())
    return (
        f"| judge | {markdown_code(found.judge)}, first tried on {pairs} pairs whose better answer is known. {said} |\n"
    )


def _recipes(generate: AskedGenerate) -> str:
    """Return the recipe, or the recipes with their shares of the rows."""
    if not any(generate.mix.values()):
        return f"`{generate.recipe}`"
    return " and ".join(f"`{name}` ({share:.0%})" for name, share in generate.mix.items() if share)


def _linked(url: str) -> str:
    """Return an address as it is when it is a plain one, which the Hub makes a link of."""
    return url if re.fullmatch(r"https?://[A-Za-z0-9._:/-]+", url) else markdown_code(url)


def _licence(manifest: Manifest, licence: str) -> str:
    weights = manifest.weights
    chosen = (
        f"The dataset is under `{licence}`."
        if licence
        else "No licence has been chosen yet: set `licence` under `[run]` in `selfinstruct.toml` before you publish."
    )
    of_teacher = (
        f"The weights of the teacher, {weights.origin}, are under {weights.licence}."
        if weights
        else "The terms of the teacher's provider say what its output may be used for; check that they allow training."
    )
    return f"## Licence\n\n{chosen} {of_teacher}\n"
