"""Where a run stands: ledger, spend, what is uncertain, outstanding and missing; of a run that is going on too."""

from collections.abc import Set as AbstractSet
from typing import Any

from selfinstruct.config import Config, part_of
from selfinstruct.dataset.io.folders import strangers
from selfinstruct.dataset.release.emitted import compare_files
from selfinstruct.dataset.release.manifest import Manifest
from selfinstruct.dataset.review.apply import RULE
from selfinstruct.errors import InputError, SelfInstructError
from selfinstruct.journal import Journal, Send, Shard, in_use
from selfinstruct.requests.checked import steps_back
from selfinstruct.runs.by_hand import applied
from selfinstruct.runs.cap_now import at_cap, cap_now
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.documents import changed_documents
from selfinstruct.runs.gone import count_missed, requests_in
from selfinstruct.runs.in_flight import apart, in_flight
from selfinstruct.runs.inputs import load_inputs
from selfinstruct.runs.languages import with_every_language
from selfinstruct.runs.ledger import judge_summary, ledger
from selfinstruct.runs.merges import last_emission, made_of_journal, merge_of
from selfinstruct.runs.recipes import recipe_summary
from selfinstruct.runs.rejudged import changed_keeping
from selfinstruct.runs.replay import replay
from selfinstruct.runs.resume import journal_faults, lacking_replies
from selfinstruct.runs.targets import with_kept_targets
from selfinstruct.runs.translated import translation_summary
from selfinstruct.runs.unread import unread_places
from selfinstruct.system.conflicts import marker_line
from selfinstruct.system.currency import in_cny
from selfinstruct.teacher import bill_of, prices_of
from selfinstruct.teacher.billing.bill import Bill
from selfinstruct.teacher.billing.budget import in_usd
from selfinstruct.teacher.billing.prices import Prices

_SPENT = {"requests", "tokens", "cost_usd", "uncertain_usd"}
"""What a manifest states of a run whose journal is elsewhere."""


def status(config: Config, directory: RunDirectory) -> dict[str, Any]:
    """Return the manifest of a run with where it stands now; writes and asks nothing.

    Raises InputError when the directory holds no run.
    """
    manifest, before = directory.manifest(), last_emission(directory)
    if manifest is None:
        raise InputError(
            f"{directory.path}: holds no run; `selfinstruct generate` makes one, `selfinstruct translate` one of translations; or name another with --run"
        )
    config, _ = with_every_language(before, config, asks=False)
    journal = Journal(directory.journal, read_only=True)
    if manifest.stop == "running":
        stop = "running" if in_use(directory.journal) else "ended without notice"
        kept, _ = with_kept_targets(manifest, config, (), asks=False)
        manifest = _in_progress(directory, kept, journal, manifest.model_copy(update={"stop": stop}))
    count_missed(directory, journal, made_of_journal(directory, before), config)
    found = _status(config, manifest, journal, in_flight(directory, journal))
    found["datasets"] = {name: one.model_dump() for name, one in compare_files(directory.path, manifest).items()}
    splits = compare_files(directory.path, manifest, manifest.splits)
    found["splits"] = {name: one.model_dump() for name, one in splits.items() if one.state != "emitted"}
    found["records"] = _records(directory, manifest)
    found |= {"not_read": names} if (names := strangers(directory.dataset)) else {}
    found["changed"] = _changed(directory, config, manifest)
    found |= _journal(directory, config, journal, before)
    found |= unread_places(directory, journal, found["requests"]["unread"])
    if not found["journal"]:  # it came by git
        found |= _stated(manifest, journal, lacks=found["journal_lacks"])
    return with_cny(found | at_cap(config.own_limits, found), config)


def _stated(manifest: Manifest, journal: Journal, *, lacks: int) -> dict[str, Any]:
    """Return what a manifest states of requests and money, and how many of the replies are here."""
    stated = manifest.model_dump(include=_SPENT - {"tokens"})
    stated["tokens"] = manifest.tokens and manifest.tokens.told()
    if requests := stated["requests"]:
        stated["requests"] = {name: count for name, count in requests.items() if count or name not in {"gone", "twice"}}
        stated["requests"] |= {"in_journal": len(journal.answered)} if lacks else {}
    return {key: value for key, value in stated.items() if value is not None or key.endswith("_usd")}


def _journal(directory: RunDirectory, config: Config, journal: Journal, before: Manifest | None) -> dict[str, Any]:
    """Return whether the journal is here, what is to be said of it, and how many replies it lacks; of one that is being written or was merged, nothing.

    `generate_refuses` is said only where its replies are elsewhere or gone: a teacher that costs nothing is asked everything anew.
    """
    lost = directory.lost_journal()
    refuses = {"generate_refuses": config.teacher.kind == "openai"} if lost else {}
    found = {"journal": directory.journal.is_dir() and not lost, "journal_faults": [], "journal_lacks": 0} | refuses
    if not directory.journal.is_dir() or in_use(directory.journal) or merge_of(directory):
        return found
    faults = list(journal_faults(journal, before, reads_only=True))
    return found | {"journal_faults": faults, "journal_lacks": lacking_replies(journal, before)}


def _records(directory: RunDirectory, manifest: Manifest) -> dict[str, Any]:
    """Return which of decisions and provenance are in conflict, with the line, and whether decisions are not applied yet."""
    found: dict[str, Any] = {}
    for path in (directory.review, directory.provenance):
        if line := marker_line(path.read_bytes() if path.is_file() else b""):
            found[path.name] = {"state": "conflict", "line": line}
    if directory.review_sha256() != manifest.review:
        found.setdefault(directory.review.name, {"state": "differs"})
    return found


def _changed(directory: RunDirectory, config: Config, manifest: Manifest) -> dict[str, Any]:
    """Return what the next emission would do otherwise: settings and files of the requests (`asking`), those of the rows (`keeping`), and the documents that came or went.

    `settings` are those of `asking` that are no files: `filter` refuses them too.
    """
    if not manifest.fingerprint or not directory.has_requests():
        return {}
    try:
        sources = load_inputs(config).sha256
    except SelfInstructError:
        return {}  # the command that needs them says what is wrong
    kept, _ = with_kept_targets(last_emission(directory), config, (), asks=False)
    documents = changed_documents(manifest, sources, directory.dataset)
    documents = {"documents": documents} if documents else {}
    asking = directory.changed_asking(kept, sources)
    keeping = changed_keeping(manifest, manifest.keeping, kept, sources)
    if kept.fingerprint(sources) == manifest.fingerprint or not (asking or keeping):
        return documents
    settings = directory.changed_asking(kept, None)
    return {"asking": asking, "keeping": keeping} | ({"settings": settings} if settings else {}) | documents


def with_cny(found: dict[str, Any], config: Config) -> dict[str, Any]:
    """Return a status or manifest with the rate, where one is set, and its cost in CNY too, where that is known."""
    rate, cost = config.limits.cny_per_usd, found.get("cost_usd")
    if not rate:
        return found
    return found | {"cny_per_usd": rate} | ({} if cost is None else {"cost_cny": in_cny(cost, rate)})


def _in_progress(directory: RunDirectory, config: Config, journal: Journal, manifest: Manifest) -> Manifest:
    """Return the manifest of a run that has not emitted its last replies yet, with the ledger as it stands."""
    bootstraps = replay(load_inputs(config).plans, journal)
    unread = {"requests": {"unread": sum(len(bootstrap.unread()) for bootstrap in bootstraps.values())}}
    rows = applied(directory, config, bootstraps)
    counted = {"ledger": ledger(bootstraps, rows), "datasets": {}, "splits": {}}
    now = counted | unread | judge_summary(bootstraps) | recipe_summary(bootstraps, rows)
    now |= translation_summary(bootstraps, rows)
    return Manifest.model_validate(manifest.document() | now)


def _status(config: Config, manifest: Manifest, journal: Journal, flying: AbstractSet[Send]) -> dict[str, Any]:
    accepted = {name: one.accepted + one.rejected.get(RULE, 0) for name, one in manifest.ledger.items()}
    part = part_of(manifest.asking.generate.slice)
    target = {language: part.share(wanted) for language, wanted in manifest.keeping.target.items()}
    stated = manifest.model_dump(include={"ledger", "flags", "judge", "certificate", "broken_by_hand"})
    prices = _prices(config, manifest)
    bill = bill_of(journal, prices)
    return {
        "run": manifest.name,
        "stop": manifest.stop,
        **({"cap": cap} if (cap := cap_now(manifest.stop, config.own_limits)) else {}),
        "target": target,
        "missing": {
            language: manifest.translation[language].pending
            if language in manifest.translation
            else max(0, wanted - accepted.get(language, 0))
            for language, wanted in target.items()
        },
        "ledger": {name: _told(counts) for name, counts in stated["ledger"].items()},
        "flags": stated["flags"],
        **{name: stated[name] for name in ("certificate", "judge", "broken_by_hand") if stated[name]},
        **_recipes(manifest),
        **(manifest.model_dump(include={"translation"}) if manifest.translation else {}),
        "requests": {
            **requests_in(journal, bill),
            "uncertain": len(journal.uncertain) - len(flying),
            **({"in_flight": len(flying)} if flying else {}),
            "unread": manifest.requests.unread if manifest.requests else 0,
        },
        "uncertain": [
            _uncertain(journal, send, reserved) for send, reserved in journal.uncertain.items() if send not in flying
        ],
        "batches": [_batch(shard) for shard in journal.shards.values()],
        "damaged_lines": journal.damaged,
    } | _bill(journal, bill, prices, flying)


def _bill(journal: Journal, bill: Bill, prices: Prices, flying: AbstractSet[Send]) -> dict[str, Any]:
    """Return what a run has cost, sends in flight apart from those that are uncertain."""
    if not flying:
        return bill.summary()
    costs = zip(("in_flight_usd", "uncertain_usd"), apart(journal, prices, flying), strict=True)
    return bill.summary() | {name: None if micro is None else in_usd(micro) for name, micro in costs}


def _recipes(manifest: Manifest) -> dict[str, Any]:
    """Return what each recipe and each kind of provable task brought, and the kinds that stepped back; nothing where no row is proved."""
    if not manifest.recipes:
        return {}
    kinds = {
        language: {
            kind: {"requests": one.requests, "rows": one.rows, "stepped_back": steps_back(kind, one.requests, one.rows)}
            for kind, one in found.items()
        }
        for language, found in manifest.kinds.items()
        if found
    }
    mix = manifest.asking.generate.mix
    return (
        manifest.model_dump(include={"recipes"}) | ({"mix": mix} if mix else {}) | ({"kinds": kinds} if kinds else {})
    )


def _told(counts: dict[str, Any]) -> dict[str, Any]:
    """Return the counts of a ledger, those of what was made by hand only where there is any."""
    return {name: count for name, count in counts.items() if count or not name.endswith("_by_hand")}


def _uncertain(journal: Journal, send: tuple[str, int], reserved: int) -> dict[str, Any]:
    slot, attempt = send
    since = "answered" if slot in journal.answered else "left out" if slot in journal.withheld else "open"
    status = journal.status_of_lost(send)
    how = "in flight when the run ended" if status is None else _ending(status)
    return {
        "slot": slot,
        "attempt": attempt,
        "at_most_usd": in_usd(reserved),
        "how": how,
        "since": since,
    }


def _ending(status: int) -> str:
    return f"answered with status {status}" if status and not 200 <= status < 300 else "cut or late"


def _batch(shard: Shard) -> dict[str, Any]:
    return {
        "batch": shard.batch or None,
        "requests": len(shard.open),
        "at_most_usd": in_usd(sum(shard.open.values())),
    }


def _prices(config: Config, manifest: Manifest) -> Prices:
    """Return the prices of the teacher that was asked, which the configuration at hand may not name, and of the judge."""
    asked = manifest.asking.teacher.model_dump(include={"kind", "model", "base_url"})
    teacher = config.teacher
    if asked != teacher.model_dump(include=set(asked)):
        teacher = teacher.model_copy(update=asked | {"price": None, "batch_price": None})
    return prices_of(config.model_copy(update={"teacher": teacher}))
