"""Rows made in tests."""

from selfinstruct.records import LanguageCode, Row, row_id

SUBJECTS = ("river", "bridge", "piano", "harvest", "comet", "ledger", "glacier", "market", "violin", "orchard")
VERBS = ("Describe", "Name", "Draw up", "Compare", "Defend", "Summarise", "Translate", "Plan", "Rank", "Question")
PLACES = ("Kyoto", "Lima", "Oslo", "Cairo", "Perth", "Quito", "Turin", "Hanoi", "Dakar", "Leeds")


def row(instruction: str, output: str = "Yes.", given: str = "", language: LanguageCode = "en") -> Row:
    return Row(
        id=row_id(language, instruction, given), language=language, instruction=instruction, input=given, output=output
    )


def distinct(count: int, language: LanguageCode = "en") -> list[Row]:
    """Return up to 1,000 rows no two of which are near each other."""
    return [
        row(f"{verb} one {subject} x{place}x{subject}x{verb.split()[0]} {place}", language=language)
        for place in PLACES
        for subject in SUBJECTS
        for verb in VERBS
    ][:count]
