"""Where a run stands: ledger, spend, what is uncertain, outstanding and missing; of a run that is going on too."""

from typing import Any

from selfinstruct.config import Config, Price
from selfinstruct.dataset.release.manifest import compare_files
from selfinstruct.errors import InputError
from selfinstruct.journal import Journal, Shard, in_use
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.inputs import load_inputs
from selfinstruct.runs.ledger import judge_summary, ledger
from selfinstruct.runs.run import replay
from selfinstruct.teacher import bill_of, price_of
from selfinstruct.teacher.billing.budget import usd


def status(config: Config, directory: RunDirectory) -> dict[str, Any]:
    """Return the manifest of a run with where it stands now; writes and asks nothing.

    Raises InputError when the directory holds no run.
    """
    manifest = directory.manifest()
    if manifest is None:
        raise InputError(
            f"{directory.path}: holds no run; `selfinstruct generate` makes one, or name another with --run"
        )
    journal = Journal(directory.journal, read_only=True)
    if manifest["stop"] == "running":
        manifest = manifest | _progress(config, journal)
        if not in_use(directory.journal):
            manifest["stop"] = "ended without notice; `selfinstruct generate` goes on"
    found = _status(config, manifest, journal) | {"datasets": compare_files(directory.path, manifest)}
    if not directory.journal.is_dir():  # it came by git, without its journal
        found |= {key: manifest[key] for key in ("requests", "tokens", "cost_usd", "uncertain_usd") if key in manifest}
    return found


def _progress(config: Config, journal: Journal) -> dict[str, Any]:
    """Return the ledger of a run that has not emitted its last replies yet."""
    bootstraps = replay(load_inputs(config).plans, journal)
    return {"ledger": ledger(bootstraps), "datasets": {}} | judge_summary(bootstraps)


def _status(config: Config, manifest: dict[str, Any], journal: Journal) -> dict[str, Any]:
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


def _uncertain(journal: Journal, send: tuple[str, int], reserved: int) -> dict[str, Any]:
    slot, attempt = send
    since = "answered" if slot in journal.answered else "left out" if slot in journal.withheld else "open"
    how = "cut or late" if send in journal.lost else "in flight when the run ended"
    return {
        "slot": slot,
        "attempt": attempt,
        "at_most_usd": usd(reserved).removeprefix("$"),
        "how": how,
        "since": since,
    }


def _batch(shard: Shard) -> dict[str, Any]:
    return {
        "batch": shard.batch or None,
        "requests": len(shard.open),
        "at_most_usd": usd(sum(shard.open.values())).removeprefix("$"),
    }


def _price(config: Config, manifest: dict[str, Any]) -> Price | None:
    """Return the price of the teacher that was asked; the configuration at hand may name another one."""
    asked = {key: manifest["asking"]["teacher"][key] for key in ("kind", "model", "base_url")}
    teacher = config.teacher
    if asked != teacher.model_dump(include=set(asked)):
        teacher = teacher.model_copy(update=asked | {"price": None, "batch_price": None})
    return price_of(config.model_copy(update={"teacher": teacher}))
