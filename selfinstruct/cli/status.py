"""`selfinstruct status`."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from selfinstruct.api.given import load_for_run
from selfinstruct.cli.console import Screen, ledger_rows, print_json, print_table
from selfinstruct.cli.folding import write_wrapped
from selfinstruct.cli.messages import spoken
from selfinstruct.cli.next_step import of_run, print_next
from selfinstruct.cli.options import common, run_of
from selfinstruct.cli.recipes import print_recipes
from selfinstruct.cli.target import of_target, records, stop_of
from selfinstruct.cli.unread import unread_lines
from selfinstruct.system.currency import cost_in_words
from selfinstruct.system.numbers import amount

_SHOWN = 10
_FEW = 2
_NOW = {"answered": "answered when sent again", "left out": "not sent again", "open": "to be settled"}
"""What became of a send, as a manifest has it, and as a reader is told."""
_ENOUGH = 10
"""Judgements after which one and the same score is no chance."""
_MANY_EMPTY = 0.01
"""Number and share of empty replies above which something is wrong with the requests, not with a reply."""


@click.command("status")
@common
def command(config_path: str | None, run_dir: str | None, as_json: bool, quiet: bool) -> None:
    """Say where a run stands: accepted, rejected by rule, spent, uncertain, and what is missing."""
    run = run_of(load_for_run(config_path, run_dir, {}, Screen(quiet).say, asks=False), run_dir)
    found = run.status()
    if as_json:
        print_json(found)
    elif not quiet:
        conflict = _in_conflict(run.path, found)
        write_wrapped(conflict or f"{run.path}: {stop_of(found)}")
        _print_found(run.path, found)
        for line in records(run.path, found):
            write_wrapped(of_run(spoken(line), run_dir))
        print_next(run.path, found, run_dir)
        _print_batches(found)
        _print_uncertain(found)


def _in_conflict(run: Path, found: dict[str, Any]) -> str:
    """Return that a merge was left unfinished, with its files, else nothing: what a manifest says beside that is of the time before."""
    files = {name: one for part in ("datasets", "splits", "records") for name, one in found[part].items()}
    names = [name for name, one in files.items() if one["state"] == "conflict"]
    said = f"{run}: in conflict, a git merge was left unfinished: {', '.join(names)}; how to finish it stands below"
    return said if names else ""


def _cost(amount: str, found: dict[str, Any]) -> str:
    return cost_in_words(amount, found.get("cny_per_usd"))


def _print_batches(found: dict[str, Any]) -> None:
    for batch in found["batches"]:
        name = f"batch {batch['batch']}" if batch["batch"] else "a batch that may not exist yet"
        write_wrapped(
            f"{amount(batch['requests'], 'request')} {'is' if batch['requests'] == 1 else 'are'} awaited in {name}, at most {_cost(batch['at_most_usd'], found)}; "
            "`selfinstruct generate` collects them"
        )


def _print_uncertain(found: dict[str, Any]) -> None:
    sends: list[dict[str, Any]] = found["uncertain"]
    if not sends:
        return
    counts = Counter(send["since"] for send in sends)
    answered, left_out, to_settle = counts["answered"], counts["left out"], counts["open"]
    told = (f"{answered:,} answered when sent again", f"{left_out:,} not sent again", f"{to_settle:,} to be settled")
    fates = ", ".join(one for one in told if not one.startswith("0 "))
    write_wrapped(f"Sends that may have been billed without a reply{_more(sends)}; now {fates}:")
    shown = [
        send | {"at most": _cost(send["at_most_usd"], found), "now": _NOW[send["since"]]} for send in sends[:_SHOWN]
    ]
    columns = ("slot", "attempt", "at most", "how", "now")
    print_table(columns, [[send[column] for column in columns] for send in shown])


def _more(sends: list[dict[str, Any]]) -> str:
    return f", the first {_SHOWN} of {len(sends)} (--json lists all)" if len(sends) > _SHOWN else ""


def print_summary(path: Path, manifest: dict[str, Any], quiet: bool) -> None:
    """Write a run's ledger, rejections and money for a reader."""
    if not quiet:
        write_wrapped(f"{path}: {stop_of(manifest)}")
        _print_found(path, manifest)


def _print_found(path: Path, manifest: dict[str, Any]) -> None:
    ledger = manifest.get("ledger")
    if not ledger:
        write_wrapped(
            "Nothing emitted yet; `selfinstruct generate` goes on, `selfinstruct filter` emits what is there."
        )
        return
    for line in of_target(manifest):
        write_wrapped(line)
    print_table(("language", "candidates", "accepted", "rejected", "pending"), ledger_rows(ledger))
    rejected = ledger["total"]["rejected"]
    _print_by_hand(ledger["total"], manifest.get("broken_by_hand", {}))
    if rejected:
        write_wrapped("Rejected by rule: " + ", ".join(f"{rule} {count}" for rule, count in rejected.items()))
    _print_flags(manifest)
    _print_unread(path, manifest)
    if survivals := _survivals(ledger):
        write_wrapped(f"Instructions that survived rules and near-duplicates: {', '.join(survivals)}")
    print_recipes(manifest)
    _print_certificate(manifest.get("certificate"))
    for language, figures in manifest.get("judge", {}).items():
        write_wrapped(f"Judge, {language}: {_agreement(figures)}")
    write_wrapped(_used(manifest))
    if flying := manifest["requests"].get("in_flight"):
        write_wrapped(f"In flight: {amount(flying, 'send')}, {_most(manifest['in_flight_usd'], manifest)}")
    _print_files(path, manifest)


def _print_certificate(stated: dict[str, Any] | None) -> None:
    """Write what the judge was worth before its first verdict."""
    if stated:
        from selfinstruct.dataset.release.judge import StatedCertificate

        found = StatedCertificate.model_validate(stated)
        write_wrapped(f"Judge {found.judge}, on pairs whose better answer is known:")
        for line in found.sentences():
            write_wrapped(f"  {line}")


def _print_flags(manifest: dict[str, Any]) -> None:
    """Write what the rules flag, and that many replies were empty."""
    rejected = manifest["ledger"]["total"]["rejected"]
    if flagged := sum((Counter(flags) for flags in manifest.get("flags", {}).values()), Counter()):
        write_wrapped("Accepted rows flagged: " + ", ".join(f"{rule} {count}" for rule, count in flagged.most_common()))
    if (empty := rejected.get("empty_reply", 0)) > max(_FEW, _MANY_EMPTY * manifest["requests"]["answered"]):
        write_wrapped(
            f"{empty} of {manifest['requests']['answered']} replies were empty: a model that thinks before it answers needs more "
            "[teacher] max_tokens (max_answer_tokens)"
        )


def _print_files(path: Path, manifest: dict[str, Any]) -> None:
    """Write what stands in the files; of the split files only where one is not as it was written."""
    for name, dataset in manifest.get("datasets", {}).items():
        write_wrapped(f"{path / name}: {_dataset(dataset)}")
    for name, part in manifest.get("splits", {}).items():
        if part.get("state", "emitted") != "emitted":
            write_wrapped(f"{path / name}: {_dataset(part)}")


def _print_by_hand(total: dict[str, Any], broken: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
    edited, added, removed = (
        total.get("edited_by_hand", 0),
        total.get("added_by_hand", 0),
        total["rejected"].get("removed_by_hand", 0),
    )
    if edited or added or removed:
        write_wrapped(
            f"By hand: {edited} of the accepted edited, {removed} removed, {added} added; the dataset has {amount(total['accepted'] + added, 'row')}"
        )
    if named := [f"{name} ({', '.join(rules)})" for rows in broken.values() for name, rules in rows.items()]:
        more = f", ... ({len(named):,} in all)" if len(named) > _SHOWN else ""
        write_wrapped(f"Made by hand, breaking rules, and kept: {', '.join(named[:_SHOWN])}{more}")


def _print_unread(path: Path, manifest: dict[str, Any]) -> None:
    for line in unread_lines(path, manifest):
        write_wrapped(line)


def _dataset(dataset: dict[str, Any]) -> str:
    """Return what stands in a dataset file, and whether it is what was emitted."""
    if dataset.get("state") == "missing":
        return "is not there"
    if dataset.get("state") == "conflict":
        return (
            f"{amount(dataset['rows'], 'row')} of both sides, in conflict: a git merge was left unfinished; choose among the rows between the lines of "
            "<<<<<<<, ======= and >>>>>>>, and delete those lines"
        )
    if dataset.get("state") == "differs":
        return f"{amount(dataset['rows'], 'row')}; differs from the manifest: it was edited, merged or taken from git since it was emitted"
    return f"{amount(dataset['rows'], 'row')}, sha256 {dataset['sha256']}"


def _agreement(figures: dict[str, Any]) -> str:
    """Return what the judge did and how far its two orders agree."""
    line = f"{amount(figures['judgements'], 'judgement')} on {amount(figures['rows'], 'row')}, {figures['unreadable']} unreadable"
    if figures["mean"] is not None:
        line += f", mean {figures['mean']:.2f}, from {figures['least']:g} to {figures['most']:g}"
        if figures["least"] == figures["most"] and figures["judgements"] >= _ENOUGH:
            line += " (all the same: this judge does not tell rows apart)"
    if not figures["pairs"]:
        return line
    return (
        f"{line}; of {amount(figures['pairs'], 'row')} judged in both orders {figures['same_verdict']:.0%} got the same verdict, "
        f"{figures['same_score']:.0%} the same score, mean difference {figures['mean_difference']:.2f}"
    )


def _used(manifest: dict[str, Any]) -> str:
    requests, tokens = manifest["requests"], manifest["tokens"]
    money = manifest["cost_usd"]
    cost = "cost unknown (set [teacher] price)" if money is None else _cost(money, manifest)
    parts = [_answered(manifest), f"{tokens['prompt']:,} + {tokens['completion']:,} tokens"]
    if bare := tokens.get("replies_without_usage"):
        parts.append(f"at most {tokens['at_most_unreported']:,} more in {amount(bare, 'reply')} without `usage`")
        cost = cost if money is None else f"at most {cost}"
    line = ", ".join((*parts, cost))
    if not requests["uncertain"]:
        return line
    return f"{line}; {amount(requests['uncertain'], 'send')} uncertain, {_most(manifest['uncertain_usd'], manifest)}"


def _most(worst: str | None, manifest: dict[str, Any]) -> str:
    return f"at most {_cost(worst, manifest)}" if worst else "cost unknown"


def _answered(manifest: dict[str, Any]) -> str:
    """Return how many replies came, and how many of them the journal has no more."""
    requests = manifest["requests"]
    gone, twice = requests.get("gone", 0), requests.get("twice", 0)
    paid, there = requests["answered"] + gone + twice, requests["answered"] + twice
    replies, lacks = amount(paid, "reply"), paid - requests.get("in_journal", there)
    said = [
        *([f"of which the journal lacks {lacks:,}"] if lacks else []),
        *([f"{twice:,} of them bought twice"] if twice else []),
    ]
    return ", ".join((f"{replies} paid for", *said)) if said else replies


def _survivals(ledger: dict[str, Any]) -> list[str]:
    return [
        f"{language} {entry['survived']} of {entry['candidates']} ({entry['survived'] / entry['candidates']:.0%})"
        for language, entry in ledger.items()
        if language != "total" and entry["candidates"]
    ]
