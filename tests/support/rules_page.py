"""`docs/rules.md`, written from the docstrings of the rules and what they do to the labelled rows and the seeds.

python -m tests.support.rules_page; the opening is `rules_opening.md` beside this file, and is edited there.
"""

import json
from collections import Counter
from pathlib import Path
from typing import get_args

from selfinstruct.quality.rules import (
    DOUBTS,
    INSTRUCTION_RULES,
    RULES,
    all_broken,
    all_flags,
    describe,
    severity_of,
)
from selfinstruct.quality.translation import TRANSLATION_RULES
from selfinstruct.records import Candidate, LanguageCode, Seed
from selfinstruct.system.files import PACKAGE, bundled, read_jsonl, read_text
from selfinstruct.system.writing import write_text
from tests.support import rules_page_zh
from tests.support.labelled_rows import names, rows
from tests.support.rule_examples import RuleExample, cell, examples

OPENING = Path(__file__).with_name("rules_opening.md")
"""Written by hand: the kinds of rule, and figures that were measured elsewhere."""
PAGE = PACKAGE.parent / "docs" / "rules.md"
LANGUAGES = get_args(LanguageCode)

INTRO = """# Rules

[中文](rules.zh-CN.md)

A row of a dataset is sound by every rule below, or it is in `rejected.jsonl` with the name of the rule that it breaks.
This page is written from the rules' own docstrings by `python -m tests.support.rules_page`; a test compares the two.

- An **error** rejects. A **warning** only flags: the manifest, `status` and `validate` count it, and the row stays.
- A rule rejects only where at least 95 % of what it finds in files of others is defective. Where a wider look finds more and is less often right,
  the same rule flags it: *error, warning* below.
- Most rules look at one row. `validate` and `filter FILE --rules` look at the whole file too: one answer is `repeated_answer` from ten different questions on (a sentence: a
  warning; a long answer: an error), and fewer are not mentioned; labels of a word or phrase are none.
- Rules look at form. They do not know whether an answer is true, except where it can be counted or computed from the task.
- What `unsafe` rejects is quarantined: whole in `rejected.jsonl`, in no dataset and no prompt.
- A rule that does not fit your data is switched off for both languages or for one; an unknown name is an error:

```toml
[validate]
disable = ["asks_for_program"]              # both languages
# disable = {{ en = [], zh = ["too_short"] }} # one of them
exclude = ["0123456789abcdef"]              # rows by id, that a reader does not want: rule `excluded`
```

A row that is taken out of `dataset/` by hand stays out (`removed_by_hand`), and nothing takes its place; with `exclude` what it kept out may come in.

{opening}
## The labelled rows, rule by rule

{figures}

The labelled rows are in `tests/support/labelled/`. They were written before the rules were run on them, and the rules were then
improved on what they got wrong; at first sight the figures were: English 190 of 212 bad rows found and 2 of 177 good ones
rejected, Chinese 179 of 203 found and 7 of 154 rejected. Later batches over all rules were each run once before anything
was improved on them:

| batch | English found | English rejected | Chinese found | Chinese rejected |
|---|---|---|---|---|
| near misses of one class of errors each | 43 of 80 | 25 of 85 | 54 of 101 | 24 of 99 |
| second, all rules | 42 of 50 | 1 of 43 | 39 of 51 | 1 of 44 |
| third, all rules | 47 of 55 | 0 of 42 | 46 of 55 | 2 of 42 |
| fourth, all rules | 44 of 50 | 3 of 40 | 44 of 50 | 0 of 41 |
| fifth, all rules | 52 of 60 | 4 of 60 | 49 of 60 | 2 of 60 |
| sixth, all rules, kept closed until the fifth was done with | 51 of 60 | 2 of 60 | 53 of 60 | 0 of 60 |
| seventh, all rules | 72 of 80 | 1 of 80 | 68 of 80 | 2 of 80 |

Of the last, 74 and 71 were rejected by some rule, if not always by the one that its writer had in mind. Expect figures like those
on rows that are new and as hard. The good rows are near misses, chosen to be hard; on 1,999
rows of two public Alpaca-style files nearly all that was rejected was rejected rightly: teachers' refusals, markers for no
input, tasks whose material is missing, bare links, cut answers.

*Found* is how many of the rows with a rule's label that rule finds; *false* is how many of the {good} good rows and {seeds}
seed instances it rejects.
"""


def _first_line(text: str | None) -> str:
    """Return the first line of a docstring as the middle of a sentence."""
    line = (text or "").split("\n")[0].rstrip(".")
    return line[0].lower() + line[1:]


ELSEWHERE = {
    "truncated": "the reply ended at the token limit inside this item",
    "missing_instruction": "the item has no instruction",
    "missing_output": "the item has no answer",
    "missing_input": "the teacher was asked for an input and gave none",
    "outside_items": "text of a reply that belongs to no item",
    "unparsable": "a reply, or a label step, that cannot be read",
    "empty_reply": "the teacher said nothing",
    "all_thought": "the teacher thought until its tokens were used up, and gave no answer",
    "content_filtered": "the provider held the answer back",
    "malformed_reply": "the provider's answer is no chat completion",
    "request_rejected": "the provider refused this one request",
    "held": "given up after its tries; asked again only on request",
    "near_duplicate": "ROUGE-L to a seed or an earlier accepted instruction above `[filter] threshold`",
    "duplicate": "an earlier row has the same instruction, input and answer",
    "conflicting_answers": "an earlier row has the same instruction and input, and another answer",
    "repeated_answer": "ten different questions or more have this answer, in one file: a warning for a sentence, an error for a long answer",
    "repeated_id": "an earlier row of the file states the same `id` and has other texts: a warning",
    "over_target": "a good row more than the target asked for",
    "unchanged": "an evolved task is its parent over again; recipe `evolve`",
    "leaked_prompt": "an evolved task holds words of the directions; recipe `evolve`",
    "overgrown": "an evolved task is more than four times as long as its parent; recipe `evolve`",
    "evades": "an evolved task is answered as its parent was; recipe `evolve`",
    "repeated_turn": "a question that was asked before in the conversation; recipe `conversation`",
    "other_speaker": "instead of a question the teacher wrote what the assistant says; recipe `conversation`",
    "unsure_answer": "the teacher was not sure of its own answer, or it goes beyond the text that was asked about, says no more than the question, or has, with the embedded teacher, a number of its own (`[generate] confirm`)",
    "unfit_passage": "a text that the teacher was asked for lacks a detail, or holds another; recipe `checked`",
    "quote_not_found": "the words that prove the answer are not in the passage; recipe `documents`",
    "quote_without_answer": "the quoted words hold less than half of the answer's; recipe `documents`",
    "not_answerable": "asked again with the passage, the teacher answered otherwise (`documents`); or it says that the task cannot be done as it stands (`evolve`, and with `[generate] answerable` plain tasks); or an embedded teacher that was shown questions with one short answer wrote another task",
    "known_without": "the teacher gave the same answer without the passage; recipe `documents`",
    "check_failed": "what `checks` of a row names does not prove it: [recipes](recipes.md#rows-that-carry-proof)",
    "unknown_check": "`checks` of a row names a kind that this version does not know: a warning",
    "malformed_checks": "`checks` of a row cannot be read, so that they prove nothing: a warning",
    "malformed_translation": "a reply that is no translation of its row: no decision, other texts, a marker that stands for nothing; recipe `translate`, as all below: [translation](translation.md#what-is-checked)",
    "language_bound": "a row that cannot leave its language",
    "source_changed": "a reply to a text that is not in the source any more; it is no row of it",
    "longer_than_reply": "a row with a line that is longer in translation than `[teacher] max_tokens`, or with too many parts of that size",
    "not_translatable": "a row with tools, or a pair of a better and a worse answer",
    "translation_stale": "a translation whose source was changed since, in `diff`: a warning",
    **{rule.__name__: _first_line(rule.__doc__) for rule in TRANSLATION_RULES},
}
"""Reasons that are found while reading, filtering, counting or proving, and not by a rule on the text of one row."""


def page() -> str:
    """Return the page."""
    seeds = [one for language in LANGUAGES for one in _seeds(language)]
    good = {language: [row for row in rows(language) if not row["rule"]] for language in LANGUAGES}
    false = Counter(name for language in LANGUAGES for row in good[language] for name in names(language, row))
    false.update(name for one in seeds for name, _ in all_broken(one))
    flagged = Counter(name for one in seeds for name, _ in all_flags(one))
    parts = [
        INTRO.format(
            opening=_opening(),
            figures=" ".join(map(_figures, LANGUAGES)),
            good=sum(map(len, good.values())),
            seeds=len(seeds),
        ),
        "| rule | severity | runs | found, en | found, zh | false |\n|---|---|---|---|---|---|",
        *(_line(name, false, flagged) for name in RULES),
        "\n## Errors",
        *(_section(name) for name in RULES if severity_of(name) == "error"),
        "\n## Warnings",
        *(_section(name) for name in RULES if severity_of(name) == "warning"),
        "\n## Reasons found elsewhere\n\n| reason | what it says |\n|---|---|",
        *(f"| `{name}` | {text} |" for name, text in ELSEWHERE.items()),
    ]
    return "\n".join(parts) + "\n"


def _opening() -> str:
    heads = json.loads(read_text(PACKAGE / "quality" / "classifier" / "weights.json"))["heads"]
    recall = ", ".join(f"{one['recall']:.0%} for `{name}`" for name, one in heads.items())
    return read_text(OPENING).replace("{recall}", recall)


def _figures(language: LanguageCode) -> str:
    bad = [row for row in rows(language) if row["rule"]]
    good = [row for row in rows(language) if not row["rule"]]
    found = sum(row["rule"] in names(language, row) for row in bad)
    rejected = sum(bool(names(language, row)) for row in good)
    title = {"en": "English", "zh": "Chinese"}[language]
    return f"{title}: {found} of {len(bad)} bad rows found by the right rule, {rejected} of {len(good)} good ones rejected."


def _seeds(language: LanguageCode) -> list[Candidate]:
    seeds = (Seed.model_validate(value) for _, value in read_jsonl(bundled("seed_tasks") / f"{language}.jsonl"))
    return [
        RuleExample(language, seed.instruction, one.input, one.output).candidate()
        for seed in seeds
        for one in seed.instances
    ]


def _line(name: str, false: Counter[str], flagged: Counter[str]) -> str:
    cells = []
    for language in LANGUAGES:
        own = [row for row in rows(language) if row["rule"] == name]
        found = sum(name in names(language, row) for row in own)
        cells.append(f"{found} of {len(own)}" if own else "")
    early = "before the answer is bought" if RULES[name] in INSTRUCTION_RULES else "on the whole row"
    wrong = str(false[name]) if severity_of(name) == "error" else ""
    severity = severity_of(name) + (", warning" if name in DOUBTS else "")
    wrong += f"{', ' * bool(wrong)}{flagged[name]} flagged" if "warning" in severity else ""
    return f"| [`{name}`](#{name}) | {severity} | {early} | {cells[0]} | {cells[1]} | {wrong} |"


def _section(name: str) -> str:
    said, wider = describe(RULES[name]), describe(DOUBTS[name]) if name in DOUBTS else None
    lines = [f"\n### {name}\n", said.defect, *([said.reason] if said.reason else [])]
    lines += [f"Flags: {wider.defect}", *([wider.reason] if wider.reason else [])] if wider else []
    lines += [f"Source: {said.source}.", ""]
    shown = [(kind, one) for kind in ("finds", "keeps", "flags") for one in examples(kind).get(name, [])]
    if shown:
        lines += ["| | instruction | input | answer |", "|---|---|---|---|"]
        lines += [
            f"| {what} | {cell(one.instruction)} | {cell(one.input)} | {cell(one.output)} |" for what, one in shown
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    write_text(PAGE, page())
    write_text(rules_page_zh.PAGE, rules_page_zh.page())
