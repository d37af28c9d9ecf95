"""Classification: a seed's task on a new text, which the teacher wrote for a label and, not knowing it, gave that label again.

What is proved is that task, text and label are those that were looked at; the label itself rests on the two looks of the teacher.
"""

from collections.abc import Sequence

from selfinstruct.records import LanguageCode
from selfinstruct.verifiers.kind import Kind, Row
from selfinstruct.verifiers.quote import digest
from selfinstruct.verifiers.text import occurrences


def fault(row: Row) -> str:
    """Return what is wrong with a row: its answer is a label, which its text does not name, and all three are as they were looked at."""
    labels = row.arguments["labels"]
    if len(labels) < 2 or row.output not in labels:
        return f"the answer is none of {', '.join(map(str, labels))}"
    if names_label(row.input, row.output, row.language):
        return "the text names its label"
    seen = row.arguments["asked"] == digest(f"{row.instruction}\n{row.input}", row.output)
    return "" if seen else "task, text or label are others than those that were looked at"


def names_label(text: str, label: str, language: LanguageCode) -> bool:
    """Return whether a text holds a label as a word of its own."""
    return occurrences(text, label, language) > 0


def label_in(reply: str, labels: Sequence[str], language: LanguageCode) -> str:
    """Return the label that a reply gives; "" when it gives none, or several.

    >>> label_in("It is invalid.", ["valid", "invalid"], "en")
    'invalid'
    """
    found, rest = [], reply
    for label in sorted(labels, key=len, reverse=True):
        if names_label(rest, label, language):
            found.append(label)
            rest = rest.replace(label, " ")
    return found[0] if len(found) == 1 else ""


KIND = Kind("label", "passage", None, fault)
