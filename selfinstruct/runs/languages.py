"""Languages that a run has rows of and the configuration does not name: they are kept, as a language is whose target became 0."""

from selfinstruct.config import Config
from selfinstruct.dataset.release.manifest import Counts, Manifest
from selfinstruct.dataset.review.apply import RULE as REMOVED
from selfinstruct.language import LANGUAGES


def with_every_language(before: Manifest | None, config: Config, *, asks: bool) -> tuple[Config, list[str]]:
    """Return the configuration with a target for each language that the last emission has rows of, and what to say of it.

    A command that `asks` the teacher keeps the rows that stand and buys no more.
    """
    gone = {
        language: counts
        for language in LANGUAGES
        if before and language not in config.target and (counts := before.ledger.get(language)) and _has_rows(counts)
    }
    if not before or not gone:
        return config, []
    made_for = {language: before.keeping.target.get(language, _taken(counts)) for language, counts in gone.items()}
    kept = {language: min(wanted, _taken(gone[language])) if asks else wanted for language, wanted in made_for.items()}
    lines = [
        f"[target] does not name {language}, and the dataset has rows of it, which are kept; write {language} = {wanted} into the configuration, or "
        f"--target {language}=0 to leave them out of the dataset (they stay in the journal)"
        for language, wanted in kept.items()
    ]
    target = {language: (config.target | kept).get(language) for language in LANGUAGES}
    return config.model_copy(
        update={"target": {language: wanted for language, wanted in target.items() if wanted is not None}}
    ), lines


def _has_rows(counts: Counts) -> bool:
    return _taken(counts) + counts.added_by_hand > 0


def _taken(counts: Counts) -> int:
    """Return how many candidates the rules took; a person may have removed some of them afterwards."""
    return counts.accepted + counts.rejected.get(REMOVED, 0)
