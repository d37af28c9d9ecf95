"""What changed between two datasets, why, and what to read first."""

from selfinstruct.dataset.diff.compare import Checks, compare, later
from selfinstruct.dataset.diff.duplicates import Other
from selfinstruct.dataset.diff.edits import segments
from selfinstruct.dataset.diff.gates import Condition, parse_gates
from selfinstruct.dataset.diff.records import Change, DatasetDiff, Findings, Setting
from selfinstruct.dataset.diff.rows import KINDS, Entry, Origin, Side

__all__ = [
    "KINDS",
    "Change",
    "Checks",
    "Condition",
    "DatasetDiff",
    "Entry",
    "Findings",
    "Origin",
    "Other",
    "Setting",
    "Side",
    "compare",
    "later",
    "parse_gates",
    "segments",
]
