"""`selfinstruct status`."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from selfinstruct.cli.console import ledger_rows, print_json, print_table
from selfinstruct.cli.options import common, load_config, run_path

if TYPE_CHECKING:
    from selfinstruct.config import Config, Price
    from selfinstruct.journal import Journal, Shard


_SHOWN = 10
_FEW = 2
_ENOUGH = 10
"""Judgements after which one and the same score is no chance."""
_MANY_EMPTY = 0.01
"""Number and share of empty replies above which something is wrong with the requests, not with a reply."""


@click.command("status")
@common
def command(config_path: str | None, run_dir: str | None, as_json: bool, quiet: bool) -> None:
    """Say where a run stands: accepted, rejected by rule, spent, uncertain, and what is missing."""
    from selfinstruct.dataset.release.manifest import compare_files
    from selfinstruct.errors import InputError
    from selfinstruct.journal import Journal, in_use
    from selfinstruct.runs.directory import RunDirectory

    config = load_config(config_path)
    folder = RunDirectory(run_path(config, run_dir))
    manifest = folder.manifest()
    if manifest is None:
        raise InputError(f"{folder.path}: holds no run; `selfinstruct generate` makes one, or name another with --run")
    journal = Journal(folder.journal, read_only=True)
    if manifest["stop"] == "running":
        manifest = manifest | _progress(config, journal)
        if not in_use(folder.journal):
            manifest["stop"] = "ended without notice; `selfinstruct generate` goes on"
    status = _status(config, manifest, journal) | {"datasets": compare_files(folder.path, manifest)}
    if not folder.journal.is_dir():  # it came by git, without its journal
        status |= {key: manifest[key] for key in ("requests", "tokens", "cost_usd", "uncertain_usd") if key in manifest}
    if as_json:
        print_json(status)
    elif not quiet:
        print_summary(folder.path, manifest | status, quiet)
        _print_batches(status["batches"])
        _print_uncertain(status["uncertain"])


def _progress(config: "Config", journal: "Journal") -> dict[str, Any]:
    """Return the ledger of a run that has not emitted its last replies yet."""
    from selfinstruct.runs.inputs import load_inputs
    from selfinstruct.runs.ledger import judge_summary, ledger
    from selfinstruct.runs.run import replay

    bootstraps = replay(load_inputs(config).plans, journal)
    return {"ledger": ledger(bootstraps), "datasets": {}} | judge_summary(bootstraps)


def _status(config: "Config", manifest: dict[str, Any], journal: "Journal") -> dict[str, Any]:
    from selfinstruct.teacher import bill_of

    ledger = manifest.get("ledger", {})
    target = manifest["keeping"]["target"]
    missing = {lang: max(0, wanted - ledger.get(lang, {}).get("accepted", 0)) for lang, wanted in target.items()}
    return {
        "run": manifest["name"],
        "stop": manifest["stop"],
        "target": target,
        "missing": missing,
        "ledger": ledger,
        "flags": manifest.get("flags", {}),
        **({"judge": manifest["judge"]} if "judge" in manifest else {}),
        "requests": {"answered": len(journal.answered), "uncertain": len(journal.uncertain)},
        "uncertain": [_uncertain(journal, send, reserved) for send, reserved in journal.uncertain.items()],
        "batches": [_batch(shard) for shard in journal.shards.values()],
        "damaged_lines": journal.damaged,
    } | bill_of(journal, _price(config, manifest)).summary()


def _uncertain(journal: "Journal", send: tuple[str, int], reserved: int) -> dict[str, Any]:
    from selfinstruct.teacher.billing.budget import usd

    slot, attempt = send
    since = "answered" if slot in journal.answered else "left out" if slot in journal.held else "open"
    how = "cut or late" if send in journal.lost else "in flight when the run ended"
    return {
        "slot": slot,
        "attempt": attempt,
        "at_most_usd": usd(reserved).removeprefix("$"),
        "how": how,
        "since": since,
    }


def _batch(shard: "Shard") -> dict[str, Any]:
    from selfinstruct.teacher.billing.budget import usd

    return {
        "batch": shard.batch or None,
        "requests": len(shard.open),
        "at_most_usd": usd(sum(shard.open.values())).removeprefix("$"),
    }


def _print_batches(batches: list[dict[str, Any]]) -> None:
    for batch in batches:
        name = f"batch {batch['batch']}" if batch["batch"] else "a batch that may not exist yet"
        click.echo(
            f"{batch['requests']} requests are awaited in {name}, at most ${batch['at_most_usd']}; "
            "`selfinstruct generate` collects them"
        )


def _print_uncertain(sends: list[dict[str, Any]]) -> None:
    if not sends:
        return
    click.echo(f"Sends that may have been billed without a reply{_more(sends)}:")
    columns = ("slot", "attempt", "at_most_usd", "how", "since")
    print_table(columns, [[send[column] for column in columns] for send in sends[:_SHOWN]])


def _more(sends: list[dict[str, Any]]) -> str:
    return f", the first {_SHOWN} of {len(sends)} (--json lists all)" if len(sends) > _SHOWN else ""


def _price(config: "Config", manifest: dict[str, Any]) -> "Price | None":
    """Return the price of the teacher that was asked; the configuration at hand may name another one."""
    from selfinstruct.teacher import price_of

    asked = {key: manifest["asking"]["teacher"][key] for key in ("kind", "model", "base_url")}
    teacher = config.teacher
    if asked != teacher.model_dump(include=set(asked)):
        teacher = teacher.model_copy(update=asked | {"price": None, "batch_price": None})
    return price_of(config.model_copy(update={"teacher": teacher}))


def print_summary(path: Path, manifest: dict[str, Any], quiet: bool) -> None:
    """Write a run's ledger, rejections and money for a reader."""
    if quiet:
        return
    click.echo(f"{path}: {manifest['stop']}")
    ledger = manifest.get("ledger")
    if not ledger:
        click.echo("Nothing emitted yet; `selfinstruct generate` goes on, `selfinstruct filter` emits what is there.")
        return
    print_table(("language", "candidates", "accepted", "rejected", "pending"), ledger_rows(ledger))
    rejected = ledger["total"]["rejected"]
    if rejected:
        click.echo("Rejected by rule: " + ", ".join(f"{rule} {count}" for rule, count in rejected.items()))
    if flagged := sum((Counter(flags) for flags in manifest.get("flags", {}).values()), Counter()):
        click.echo("Accepted rows flagged: " + ", ".join(f"{rule} {count}" for rule, count in flagged.most_common()))
    if (empty := rejected.get("empty_reply", 0)) > max(_FEW, _MANY_EMPTY * manifest["requests"]["answered"]):
        click.echo(
            f"{empty} of {manifest['requests']['answered']} replies were empty: a model that thinks before it answers needs more "
            "[teacher] max_tokens (max_answer_tokens)"
        )
    click.echo("Instructions that survived rules and near-duplicates: " + ", ".join(_survivals(ledger)))
    for language, figures in manifest.get("judge", {}).items():
        click.echo(f"Judge, {language}: {_agreement(figures)}")
    click.echo(_used(manifest))
    for name, dataset in manifest.get("datasets", {}).items():
        click.echo(f"{path / name}: {_dataset(dataset)}")


def _dataset(dataset: dict[str, Any]) -> str:
    """Return what stands in a dataset file, and whether it is what was emitted."""
    if dataset.get("state") == "missing":
        return "is not there"
    if dataset.get("state") == "differs":
        return f"{dataset['rows']} rows; differs from the manifest: it was edited, merged or taken from git since it was emitted"
    return f"{dataset['rows']} rows, sha256 {dataset['sha256']}"


def _agreement(figures: dict[str, Any]) -> str:
    """Return what the judge did and how far its two orders agree."""
    line = f"{figures['judgements']} judgements on {figures['rows']} rows, {figures['unreadable']} unreadable"
    if figures["mean"] is not None:
        line += f", mean {figures['mean']:.2f}, from {figures['least']:g} to {figures['most']:g}"
        if figures["least"] == figures["most"] and figures["judgements"] >= _ENOUGH:
            line += " (all the same: this judge does not tell rows apart)"
    if not figures["pairs"]:
        return line
    return (
        f"{line}; of {figures['pairs']} rows judged in both orders {figures['same_verdict']:.0%} got the same verdict, "
        f"{figures['same_score']:.0%} the same score, mean difference {figures['mean_difference']:.2f}"
    )


def _used(manifest: dict[str, Any]) -> str:
    requests, tokens = manifest["requests"], manifest["tokens"]
    money, worst = manifest["cost_usd"], manifest["uncertain_usd"]
    cost = "cost unknown (set [teacher] price)" if money is None else f"${money}"
    line = f"{requests['answered']} replies, {tokens['prompt']:,} + {tokens['completion']:,} tokens, {cost}"
    if not requests["uncertain"]:
        return line
    return f"{line}; {requests['uncertain']} sends uncertain, " + (f"at most ${worst}" if worst else "cost unknown")


def _survivals(ledger: dict[str, Any]) -> list[str]:
    return [
        f"{language} {entry['survived']} of {entry['candidates']} ({entry['survived'] / max(entry['candidates'], 1):.0%})"
        for language, entry in ledger.items()
        if language != "total"
    ]
