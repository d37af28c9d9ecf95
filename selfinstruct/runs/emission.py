"""Writing a run down: dataset, provenance, rejected rows and manifest, rebuilt whole from the journal each time, the manifest last."""

import hashlib
from collections.abc import Mapping
from itertools import chain
from typing import Any

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.config import Config, to_toml
from selfinstruct.dataset.release.backup import UNKNOWN, back_up_unknown_rows
from selfinstruct.dataset.release.card import card
from selfinstruct.dataset.release.files import ATTRIBUTES, File, ignored, stale
from selfinstruct.dataset.release.funnel import funnel
from selfinstruct.dataset.release.manifest import Manifest
from selfinstruct.dataset.review.apply import Applied, some
from selfinstruct.dataset.review.standing import lines_in
from selfinstruct.errors import CapReachedError, InterruptedRunError, SelfInstructError
from selfinstruct.journal import Journal
from selfinstruct.runs.by_hand import Emission, emissions_of
from selfinstruct.runs.certification import certificate_in, stated
from selfinstruct.runs.directory import RunDirectory, asked_of
from selfinstruct.runs.gone import requests_in
from selfinstruct.runs.identity import changeable, identity, in_force
from selfinstruct.runs.known import hashes_by_hand
from selfinstruct.runs.ledger import flags, judge_summary, ledger
from selfinstruct.runs.made_by_hand import BrokenRows, broken_by_hand
from selfinstruct.runs.provenance import heard_rows, provenance, rejections
from selfinstruct.runs.published import CARD, write_card
from selfinstruct.runs.recipes import recipe_summary
from selfinstruct.runs.resume import lacking_replies
from selfinstruct.runs.reviewed import reviewed_summary, said_by_reviewers
from selfinstruct.runs.translated import translation_summary
from selfinstruct.runs.turnover import turnover
from selfinstruct.system.writing import remove, remove_leftovers, write_bytes, write_jsonl, write_text
from selfinstruct.teacher import bill_of, prices_of
from selfinstruct.teacher.billing.bill import Bill
from selfinstruct.teacher.speech import FILE as DIALECT
from selfinstruct.teacher.speech import kept_dialect
from selfinstruct.weights import Say


def begin(directory: RunDirectory, config: Config, sources: Mapping[str, str]) -> None:
    """Write down what is asked before the first request is sent."""
    old = directory.manifest()
    manifest = (old.document() if old else {}) | identity(config, sources) | {"stop": "running"}
    manifest.pop("given", None)
    manifest |= in_force(directory, config, old)
    if old and old.ledger:
        manifest["made_under"] = (old.made_under or old.keeping).document()
    write_text(directory.config_lock, to_toml(config))
    directory.write_manifest(manifest)


def emit(  # noqa: PLR0913, PLR0917 -- all that an emission is made of
    directory: RunDirectory,
    config: Config,
    sources: Mapping[str, str],
    bootstraps: Mapping[str, Bootstrap],
    journal: Journal,
    stopped_by: SelfInstructError | None,
    say: Say,
    *,
    discards_edits: bool = False,
) -> dict[str, Any]:
    """Write dataset, provenance, rejected rows and manifest; returns the manifest.

    What was changed by hand is recorded first, unless `discards_edits`. The ledger is counted before a file of the dataset is written: a run
    that does not add up leaves the last emission alone. `say` hears of rows that are set aside.
    """
    old = directory.manifest()
    emissions = emissions_of(directory, config, bootstraps, say, "discard" if discards_edits else "emit")
    applied = {language: one.applied for language, one in emissions.items()}
    counted, bill = ledger(bootstraps, applied), bill_of(journal, prices_of(config))
    broken = {language: broken_by_hand(bootstraps[language], one) for language, one in applied.items()}
    _tell_flagged(directory, broken, say)
    for line in turnover(directory, emissions, bootstraps, journal):
        say(line)
    lacks = bool(journal.damaged or journal.torn or lacking_replies(journal, old))
    written = _write_dataset(directory, emissions, bootstraps, say, lacks_replies=lacks)
    write_jsonl(directory.provenance, provenance(bootstraps, applied, broken))
    write_jsonl(
        directory.rejected, rejections(bootstraps, applied, said_by_reviewers(directory)), private=True
    )  # replies, and not in git
    write_text(directory.config_lock, to_toml(config))
    manifest = (
        identity(config, asked_of((old.sources if old else {}) or sources) | changeable(sources))
        | {"stop": _stop(bootstraps, stopped_by, old.stop if old else ""), "ledger": counted}
        | _of_rows(bootstraps, applied, journal, bill)
        | written
        | in_force(directory, config, old)
        | ({"joined": old.joined} if old and old.joined else {})
        | _certificate(config, journal)
        | judge_summary(bootstraps)
        | recipe_summary(bootstraps, applied)
        | _broken(broken)
        | translation_summary(bootstraps, applied)
        | _recorded(directory, config, applied, journal)
        | bill.summary()
    )
    manifest |= _card(directory, config, bootstraps, manifest, say)
    directory.write_manifest(manifest)
    return manifest


def _certificate(config: Config, journal: Journal) -> dict[str, Any]:
    """Return what the manifest says of the judge's certificate; nothing where it has none."""
    found = certificate_in(config, journal)
    return {"certificate": stated(found)} if found else {}


def _broken(broken: Mapping[str, BrokenRows]) -> dict[str, Any]:
    """Return what the manifest says of rows made by hand that break rules; nothing without one."""
    found = {
        language: {name: [one.rule for one in faults] for name, faults in sorted(rows.items())}
        for language, rows in broken.items()
        if rows
    }
    return {"broken_by_hand": found} if found else {}


def _of_rows(
    bootstraps: Mapping[str, Bootstrap], applied: Mapping[str, Applied], journal: Journal, bill: Bill
) -> dict[str, Any]:
    """Return what the manifest says of the way from requests to rows."""
    return {
        "funnel": {language: funnel(one.verdicts) for language, one in applied.items()},
        "flags": {language: flags(bootstrap, applied[language]) for language, bootstrap in bootstraps.items()},
        "requests": _requests(bootstraps, journal, bill),
    }


def _recorded(
    directory: RunDirectory, config: Config, applied: Mapping[str, Applied], journal: Journal
) -> dict[str, Any]:
    """Return what the manifest says of the decisions by hand, and of how the server speaks, each where there is any."""
    dialect = kept_dialect(journal.folder / DIALECT, config.teacher.base_url, config.teacher.model)
    said = {"dialect": dialect.model_dump(mode="json", exclude_defaults=True)} if dialect else {}
    return reviewed_summary(directory, applied) | said


def _card(
    directory: RunDirectory, config: Config, bootstraps: Mapping[str, Bootstrap], manifest: Mapping[str, Any], say: Say
) -> dict[str, Any]:
    """Write the card, and return what the manifest says of it."""
    prompts = {language: bootstrap.plan.prompts for language, bootstrap in bootstraps.items()}
    old, licence, rate = directory.manifest(), config.run.licence, config.limits.cny_per_usd
    text = card(Manifest.model_validate(manifest), prompts, licence, rate)
    is_silent = old is not None and old.ledger and not old.cards and old.asking.generate.recipe
    return write_card(directory, text, card(old, prompts, licence, rate) if old and is_silent else "", say)


def _requests(bootstraps: Mapping[str, Bootstrap], journal: Journal, bill: Bill) -> dict[str, int]:
    return {
        **requests_in(journal, bill),
        "uncertain": len(journal.uncertain),
        "spare": sum(bootstrap.spare for bootstrap in bootstraps.values()),
        **_unread(bootstraps),
    }


def _tell_flagged(directory: RunDirectory, broken: Mapping[str, BrokenRows], say: Say) -> None:
    """Say which rows made by hand break rules: they are kept."""
    found = sorted((row, faults) for rows in broken.values() for row, faults in rows.items())
    flagged = [f"{row} ({', '.join(fault.rule for fault in faults)})" for row, faults in found]
    if flagged:
        if len(flagged) == 1:
            say(f"{directory.dataset}: 1 row made by hand breaks rules and is kept: {flagged[0]}")
        else:
            say(f"{directory.dataset}: {len(flagged)} rows made by hand break rules and are kept: {some(flagged)}")


def _write_dataset(
    directory: RunDirectory,
    emissions: Mapping[str, Emission],
    bootstraps: Mapping[str, Bootstrap],
    say: Say,
    *,
    lacks_replies: bool,
) -> dict[str, Any]:
    """Write the files of all languages, remove shards that are none any more, and return what the manifest says of them."""
    folder = directory.dataset
    files = {language: one.files for language, one in emissions.items()}
    superseded = [row for one in emissions.values() for row in one.superseded]
    back_up_unknown_rows(
        folder,
        files,
        lambda: chain(heard_rows(bootstraps), superseded),
        say,
        read=lines_in,
        decided=lambda: hashes_by_hand(directory),
        why="the journal lacks their replies" if lacks_replies else UNKNOWN,
    )
    for language, one in files.items():
        for name, file in (one.whole | one.by_split).items():
            write_bytes(folder / name, file.data)
        for path in stale(folder, language, one):
            remove(path)
    write_text(folder / ".gitattributes", ATTRIBUTES)
    written = [name for one in files.values() for name in (*one.whole, *one.by_split)]
    remove_leftovers(
        [*(folder / name for name in (*written, CARD, ".gitattributes", ".gitignore")), *directory.emitted]
    )
    if left_out := ignored(files):
        write_text(folder / ".gitignore", left_out)
    else:
        remove(folder / ".gitignore")
    return {
        "datasets": {f"dataset/{name}": _digest(file) for one in files.values() for name, file in one.whole.items()},
        "splits": {f"dataset/{name}": _digest(file) for one in files.values() for name, file in one.by_split.items()},
    }


def _digest(file: File) -> dict[str, Any]:
    return {"rows": file.rows, "sha256": hashlib.sha256(file.data).hexdigest()}


def _stop(bootstraps: Mapping[str, Bootstrap], stopped_by: SelfInstructError | None, before: str) -> str:
    if all(bootstrap.full for bootstrap in bootstraps.values()):
        return "target reached"
    if stopped_by is None:
        return before if before not in {"", "running", "target reached"} else "not finished"
    if isinstance(stopped_by, InterruptedRunError):
        return "interrupted"
    return ("cap: " if isinstance(stopped_by, CapReachedError) else "stopped: ") + str(stopped_by)


def _unread(bootstraps: Mapping[str, Bootstrap]) -> dict[str, int]:
    """Return the number of candidates that are not judged because the target stands, where there are any."""
    count = sum(len(bootstrap.unread()) for bootstrap in bootstraps.values())
    return {"unread": count} if count else {}
