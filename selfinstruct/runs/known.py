"""What is known of a language's rows beside what stands in its files: the last emission, the decisions, and all that the replies give."""

from collections.abc import Collection, Container, Iterator

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.config import Config
from selfinstruct.dataset.release.files import line_of
from selfinstruct.dataset.release.lines import Provenance, read_any_provenance
from selfinstruct.dataset.release.manifest import Manifest
from selfinstruct.dataset.review.decisions import Decisions, read_recorded
from selfinstruct.dataset.review.notice import Known
from selfinstruct.dataset.review.verdicts import Text, rejected_texts, text_of
from selfinstruct.errors import SelfInstructError
from selfinstruct.records import Row, row_of, text_hash
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.ledger import counts_before_review
from selfinstruct.weights import Say


def known_of(directory: RunDirectory, config: Config, bootstrap: Bootstrap, decisions: Decisions, say: Say) -> Known:
    """Return what is known; `say` hears of a provenance that cannot be read."""
    language = bootstrap.plan.language
    manifest, written = directory.manifest(), _provenance(directory, say)
    is_settled = manifest is not None and manifest.review == directory.review_sha256()
    pending = (
        {} if written or is_settled else decisions
    )  # some may have been taken from elsewhere, and none of them tells
    as_emitted = _as_emitted(manifest, config, bootstrap, decisions.keys() - pending.keys())
    if not written and is_settled:
        written = _of_decisions(config, decisions)
    edited = {one.was for one in written.values()}
    provenance = {name: one for name, one in as_emitted.items() if name not in edited} | written
    heard: dict[str, set[bytes]] = {}
    for row in _heard(bootstrap):
        heard.setdefault(row.id, set()).add(line_of(row))
    emitted = {
        name: one
        for name, one in provenance.items()
        if one.language == language or (not one.language and name in heard)
    }
    return Known(
        language=language,
        emitted=emitted,
        decisions={name: one for name, one in decisions.items() if one.language == language},
        heard={name: frozenset(lines) for name, lines in heard.items()},
        accepted=frozenset(line_of(row) for row in bootstrap.rows),
        rejected=frozenset() if is_settled else _rejected(directory, emitted),
    )


def _rejected(directory: RunDirectory, emitted: Container[str]) -> frozenset[Text]:
    """Return the texts that reviewers reject, but of rows added by hand that an emission has taken out already."""
    recorded = read_recorded(directory.review)
    added = [one for one in recorded.by_hand.values() if one.decision == "added" and one.id not in emitted]
    return rejected_texts(recorded) - {text_of(one.row) for one in added}


def _of_decisions(config: Config, decisions: Decisions) -> dict[str, Provenance]:
    """Return the rows made by hand that an emission of these decisions wrote, for a run whose provenance is gone."""
    excluded = set(config.validate_.exclude)
    return {
        one.row.id: Provenance(
            id=one.row.id,
            language=one.language,
            text_hash=text_hash(one.row.instruction, one.row.input, one.row.output),
            by_hand="added" if one.decision == "added" else "edited",
            was="" if one.id == one.row.id else one.id,
        )
        for one in decisions.values()
        if one.row and not excluded & {one.id, one.row.id}
    }


def _as_emitted(
    manifest: Manifest | None, config: Config, bootstrap: Bootstrap, decided: Collection[str]
) -> dict[str, Provenance]:
    """Return the rows that the last emission must have had, if it was made of the same verdicts under the same settings.

    A merge may have taken a removed row out of the provenance too, and its decision with it: then nothing else tells of it. What the journal
    gives by now is no sign of what was written: `generate` may have been given a higher target since, which takes rows that were over it.
    """
    language = bootstrap.plan.language
    if manifest is None or manifest.requests is None or language not in manifest.ledger:
        return {}
    made_under = manifest.made_under or manifest.keeping
    if made_under.document() != config.acceptance_settings():
        return {}
    if not counts_before_review(manifest.ledger[language], bootstrap.verdicts):
        return {}
    return {
        row.id: Provenance(id=row.id, language=language, text_hash=text_hash(row.instruction, row.input, row.output))
        for row in bootstrap.rows
        if row.id not in decided
    }


def hashes_by_hand(directory: RunDirectory) -> frozenset[str]:
    """Return the hashes of the rows made by hand that the last emission wrote; none where its provenance cannot be read."""
    return frozenset(one.text_hash for one in _provenance(directory, lambda _: None).values() if one.by_hand)


def _provenance(directory: RunDirectory, say: Say) -> dict[str, Provenance]:
    """Return the rows of the last emission; none when that cannot be read, since `filter` is what writes it again."""
    try:
        return read_any_provenance(directory.provenance)[0]
    except SelfInstructError as error:
        say(f"{error}; until then rows that were removed by hand come back")
        return {}


def _heard(bootstrap: Bootstrap) -> Iterator[Row]:
    """Yield every candidate of the replies as the row that it is or would be, with its thought and without."""
    judged = (verdict.candidate for verdict in bootstrap.verdicts)
    for candidate in (*judged, *bootstrap.unread()):
        whole = bootstrap.acceptance.replies.complete(candidate)[0]
        row = row_of(whole)
        yield row
        if whole.reasoning:
            yield row.model_copy(update={"reasoning": whole.reasoning})
