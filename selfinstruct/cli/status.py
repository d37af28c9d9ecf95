"""`selfinstruct status`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from selfinstruct.cli.options import common, load_config, run_path
from selfinstruct.cli.screen import ledger_rows, print_json, print_table

if TYPE_CHECKING:
    from selfinstruct.config import Config
    from selfinstruct.journal import Journal


@click.command("status")
@common
def command(config_path: str | None, run_dir: str | None, as_json: bool, quiet: bool) -> None:
    """Say where a run stands: accepted, rejected by rule, spent, uncertain, and what is missing."""
    from selfinstruct.errors import InputError
    from selfinstruct.journal import Journal, in_use
    from selfinstruct.run_folder import RunFolder

    config = load_config(config_path)
    folder = RunFolder(run_path(config, run_dir))
    manifest = folder.manifest()
    if manifest is None:
        raise InputError(f"{folder.path}: holds no run; `selfinstruct generate` makes one, or name another with --run")
    journal = Journal(folder.journal, read_only=True)
    if manifest["stop"] == "running":
        manifest = manifest | _progress(config, journal)
        if not in_use(folder.journal):
            manifest["stop"] = "ended without notice; `selfinstruct generate` goes on"
    status = _status(manifest, journal)
    if as_json:
        print_json(status)
    else:
        print_summary(folder.path, manifest | status, quiet)


def _progress(config: "Config", journal: "Journal") -> dict[str, Any]:
    """Return ledger and tokens of a run that has not emitted its last replies yet."""
    from selfinstruct.pipeline import load_sources, replay
    from selfinstruct.run_folder import ledger, tokens_of

    return {"ledger": ledger(replay(load_sources(config).plans, journal)), "tokens": tokens_of(journal), "datasets": {}}


def _status(manifest: dict[str, Any], journal: "Journal") -> dict[str, Any]:
    from selfinstruct.teacher.budget import usd

    ledger = manifest.get("ledger", {})
    target = manifest["keeping"]["target"]
    missing = {lang: max(0, wanted - ledger.get(lang, {}).get("accepted", 0)) for lang, wanted in target.items()}
    return {
        "run": manifest["name"],
        "stop": manifest["stop"],
        "target": target,
        "missing": missing,
        "ledger": ledger,
        "requests": {"answered": len(journal.answered), "uncertain": len(journal.uncertain)},
        "tokens": manifest.get("tokens", {}),
        "cost_usd": usd(journal.spent).removeprefix("$"),
        "uncertain_usd": usd(sum(journal.uncertain.values())).removeprefix("$"),
        "damaged_lines": journal.damaged,
    }


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
    click.echo("Instructions that survived rules and near-duplicates: " + ", ".join(_survivals(ledger)))
    requests, tokens = manifest["requests"], manifest["tokens"]
    click.echo(
        f"{requests['answered']} replies, {tokens['prompt']:,} + {tokens['completion']:,} tokens, ${manifest['cost_usd']}"
        + (
            f"; {requests['uncertain']} sends uncertain, at most ${manifest['uncertain_usd']}"
            if requests["uncertain"]
            else ""
        )
    )
    for name, dataset in manifest.get("datasets", {}).items():
        click.echo(f"{path / name}: {dataset['rows']} rows, sha256 {dataset['sha256']}")


def _survivals(ledger: dict[str, Any]) -> list[str]:
    return [
        f"{language} {entry['survived']} of {entry['candidates']} ({entry['survived'] / max(entry['candidates'], 1):.0%})"
        for language, entry in ledger.items()
        if language != "total"
    ]
