"""How far a run is from its target, what in its folder is not as it was written, and the command to run next."""

import re
import shlex
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from selfinstruct.runs.cap_now import lets_go_on
from selfinstruct.runs.documents import tell_changed
from selfinstruct.system.numbers import amount, told_key

Found = Mapping[str, Any]
"""A manifest, or what `status` found."""


class _Lack(NamedTuple):
    """The translations that a run wanted and has not."""

    language: str
    source: str
    """The language that it is translated from."""
    missing: int
    wanted: int


def of_target(found: Found) -> Iterator[str]:
    """Yield how many of the wanted rows each language has, and what became of the others."""
    for language, wanted in _target(found).items():
        if language in found.get("translation", {}):
            yield _carried(language, found["translation"][language])
            continue
        counts = found["ledger"].get(language, {})
        accepted, removed = counts.get("accepted", 0), _removed(counts)
        missing, added = wanted - accepted - removed, counts.get("added_by_hand", 0)
        told = [f"{language} {accepted} of {wanted}"]
        told += [f"{removed} removed by hand"] if removed else []
        told += [f"{missing} missing"] if missing > 0 else []
        told += [f"{added} added by hand beside them"] if added else []
        yield ", ".join(told)


def stop_of(found: Found) -> str:
    """Return why the run stopped; a target that a person took rows from afterwards is not called reached, and a cap that was changed since is said."""
    ledger, stop = found.get("ledger") or {}, _cap(found["cap"]) if found.get("cap") else str(found["stop"])
    if stop == "target reached" and not any(_target(found).values()):
        return (
            "no row is wanted in any language; write how many into [target], or name them with --target en=100,zh=100"
        )
    if stop == "target reached" and list(found.get("translation", {})) == list(_target(found)):
        return "every row of the source is decided"
    if lacks := _untranslated(found):
        return (
            f"every row of `{lacks.source}` is decided, and `{lacks.language}` has {lacks.wanted - lacks.missing} of "
            f"{amount(lacks.wanted, 'row')}, {lacks.missing} missing"
        )
    lacking = [
        language
        for language, wanted in _target(found).items()
        if (counts := ledger.get(language)) and _removed(counts) and counts["accepted"] < wanted
    ]
    if not lacking or stop != "target reached":
        return stop
    removed = sum(_removed(ledger[language]) for language in lacking)
    return f"target reached; {amount(removed, 'row')} removed by hand"


def _cap(cap: Mapping[str, Any]) -> str:
    """Return which cap stopped a run, and what holds now."""
    setting, then, now = cap["setting"], cap["then"], cap["now"]
    if setting == "budget_usd":
        told, today = f"${then}", f"${now}"
    else:
        noun = {"max_candidates": "candidate", "max_total_tokens": "token"}.get(setting, "request")
        told, today = amount(then, noun), str(now)
    told = f"{told} without a row" if setting == "max_fruitless" else told
    if now is None:
        return f"stopped by the cap of {told}; [limits] {setting} is not set now"
    return f"stopped by the cap of {told}; [limits] {setting} is {today} now"


def records(run: Path, found: Found) -> Iterator[str]:
    """Yield what is to be said of the files beside the dataset that are not as they were written."""
    yield from found.get("journal_faults") or ()
    if "generate_refuses" in found and not any(found["missing"].values()):
        yield (
            f"{run / 'journal'}: is not here, nor are its replies; the dataset stands, and what asks for more, filters anew or explains needs it: get it "
            "from whoever made the run, or from a copy"
        )
    for name, one in found.get("records", {}).items():
        if one["state"] == "conflict":
            yield (
                f"{run / name}:{one['line']}: in conflict: a git merge was left unfinished; keep one line for each `id`, and delete the lines of "
                "<<<<<<<, ======= and >>>>>>>"
            )
        else:
            yield f"{run / name}: was changed since the dataset was written; `selfinstruct filter` applies it"
    if found.get("not_read"):
        from selfinstruct.dataset.io.folders import tell_strangers

        yield from (f"{run / 'dataset'}: {line}" for line in tell_strangers(run))
    changed = found.get("changed") or {}
    if changed.get("keeping"):
        when = f" once {', '.join(map(told_key, changed['settings']))} is as it was" if changed.get("settings") else ""
        yield f"{run}: changed since the dataset was written: {', '.join(changed['keeping'])}; `selfinstruct filter` applies it{when}"
    if changed.get("asking"):
        several = bool(changed.get("settings"))
        verbs = "`selfinstruct filter` and `generate` go" if several else "`selfinstruct generate` goes"
        yield (
            f"{run}: changed since the first request: {', '.join(map(told_key, changed['asking']))}; {verbs} on only with what was there then, or "
            f"{'`generate --fresh` begins a new run' if several else 'begins a new run with --fresh'}"
        )
    for line in tell_changed(changed.get("documents") or {}):
        yield f"{run}: {line}"


def next_step(run: Path, found: Found) -> str:
    """Return what to do next, in the order in which it is possible."""
    files = [*found["datasets"].values(), *found["splits"].values(), *found["records"].values()]
    states, lacks = {one["state"] for one in files}, _untranslated(found)
    if told := _to_mend(found, states) or _to_filter(found, is_edited="differs" in states):
        return told
    if any(found["missing"].values()) or found["batches"] or found.get("journal_lacks"):
        return _to_generate(found)
    if "missing" in states:
        again = "`selfinstruct filter` writes the files that are not there again, for free"
        return again if found["journal"] else _with_its_journal(again)
    if lacks:
        return _more_to_translate(run, lacks)
    return _complete(run, found)


def _to_mend(found: Found, states: Collection[str]) -> str:
    """Return what to put right before any command writes the run again; nothing where all its files can be read."""
    if "conflict" in states:
        return "finish the git merge in the files named above, then `selfinstruct filter`"
    if found.get("journal_lacks") and found["journal"]:
        return "put the files of `journal` back from a copy; or `selfinstruct generate` asks again for what the dataset lacks without them"
    return ""


def _to_generate(found: Found) -> str:
    """Return how a run that lacks something goes on, and what has to be there for that."""
    alone, stop = list(found.get("translation", {})) == list(_target(found)), str(found["stop"])
    goes_on = "the same `selfinstruct translate` goes on" if alone else "`selfinstruct generate` goes on"
    if stop == "running":
        return "another process asks for what is missing; wait for it, or end it"
    if asking := (found.get("changed") or {}).get("asking"):
        return f"take back what was changed of {', '.join(map(told_key, asking))}, and {goes_on}; or begin a new run with --fresh"
    if "generate_refuses" in found:
        return _get_journal(goes_on, refuses=found["generate_refuses"])
    return _once(goes_on, found, stop)


def _once(goes_on: str, found: Found, stop: str) -> str:
    """Return how a run goes on, and what it needs for that: a higher cap, or what stopped it mended."""
    if setting := found.get("at_cap"):
        return f"{goes_on}, with a higher {'--' + setting.replace('_', '-')}"
    if (cap := found.get("cap")) and lets_go_on(cap):
        return goes_on
    if capped := re.search(r"raise (--[a-z-]+) to go on|(\[limits\] max_fruitless) = \d+ lets it go on", stop):
        return f"{goes_on}, with a higher {capped[1] or capped[2]}"
    return f"{goes_on}, once what stopped it is mended" if stop.startswith(("stopped: ", "refused: ")) else goes_on


def _get_journal(goes_on: str, *, refuses: bool) -> str:
    """Return what a run needs whose journal is elsewhere or gone, and what `generate` does as long as it is."""
    first = f"get the folder `journal` from whoever made the run, or from a copy: with it {goes_on}"
    if not refuses:
        return f"{first}; without it the embedded teacher is asked everything anew"
    return f"{first}, without it nothing is asked; or `selfinstruct generate --fresh` sets the dataset aside, and asks for everything anew"


def _complete(run: Path, found: Found) -> str:
    """Return what to do with a run to which nothing is to be added."""
    if not any(_target(found).values()):
        return "write into [target] how many rows are wanted, then `selfinstruct generate`"
    if not (found["ledger"] or {}).get("total", {}).get("accepted"):
        return f"no row stands; {run / 'rejected.jsonl'} and `selfinstruct explain` say why"
    folder = shlex.quote(str(run / "dataset"))
    if rejected := sum(sum(one["rejected"].values()) for one in found.get("translation", {}).values()):
        return (
            f"every row of the source is decided, and {amount(rejected, 'translation')} rejected; {run / 'rejected.jsonl'} and `selfinstruct explain` "
            "say why, `selfinstruct export --format alpaca --output DIR` hands the others over"
        )
    return f"nothing is missing; `selfinstruct validate {folder}` checks the dataset, `selfinstruct export --format alpaca --output DIR` hands it over"


def _carried(language: str, counts: Mapping[str, Any]) -> str:
    """Return what became of the rows that a language took over."""
    parts = [f"{counts[name]} {name}" for name in ("translated", "adapted", "kept", "dropped")]
    parts += [f"{sum(counts['rejected'].values())} rejected"]
    parts += [f"{counts['pending']} not decided yet"] if counts.get("pending") else []
    head = f"{language}, of {amount(counts['rows'], 'row')}"
    return f"{head}: {', '.join(parts)}"


def _untranslated(found: Found) -> _Lack | None:
    """Return what a run that is at its end has too little of, where one language is translated from the other."""
    target, carried = _target(found), found.get("translation", {})
    if found["stop"] != "target reached" or len(target) != 2 or len(carried) != 1 or not {*carried} <= {*target}:
        return None
    (language,), (source,) = carried, {*target} - {*carried}
    counts = (found.get("ledger") or {}).get(language, {})
    missing = target[language] - counts.get("accepted", 0) - _removed(counts)
    return _Lack(language, source, missing, target[language]) if missing > 0 and target[source] else None


def _more_to_translate(run: Path, lacks: _Lack) -> str:
    """Return how a run gets the translations that it lacks."""
    return (
        f"`{lacks.language}` lacks {amount(lacks.missing, 'row')}; why a translation is no row is in {run / 'rejected.jsonl'} and in "
        f"`selfinstruct explain`, and a higher [target] {lacks.source} brings more rows to translate"
    )


def _to_filter(found: Found, *, is_edited: bool) -> str:
    """Return what `filter` would take over, and what it waits for; nothing where it would change nothing."""
    changed = found.get("changed") or {}
    if settings := changed.get("settings"):
        return f"take back what was changed of {', '.join(map(told_key, settings))}, or begin a new run with `selfinstruct generate --fresh`, or with another --run"
    if is_edited:
        takes_over = "`selfinstruct filter` takes over what was changed, for free"
        return takes_over if found["journal"] else _with_its_journal(takes_over)
    return "`selfinstruct filter` applies the settings that were changed, for free" if changed.get("keeping") else ""


def _with_its_journal(step: str) -> str:
    """Return a step that needs the journal of a run, which is not here."""
    return f"{step}, where the folder `journal` is: get it from whoever made the run, or from a copy; until then the split files and the card stay as they were"


def _target(found: Found) -> Mapping[str, int]:
    """Return the rows wanted of each language; of a slice, its share."""
    if "target" in found:
        stated: Mapping[str, int] = found["target"]
        return stated
    from selfinstruct.config import part_of  # not for `--help`

    part = part_of(found.get("asking", {}).get("generate", {}).get("slice", ""))
    return {language: part.share(wanted) for language, wanted in found.get("keeping", {}).get("target", {}).items()}


def _removed(counts: Mapping[str, Any]) -> int:
    removed: int = counts.get("rejected", {}).get("removed_by_hand", 0)
    return removed
