"""All kinds of provable tasks by name, and the proof of a row."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Final

from selfinstruct.verifiers import label, quote
from selfinstruct.verifiers.kind import Kind, Row

_MODULES: Final = {
    "computed": (
        "bill",
        "csv_to_json",
        "json_to_csv",
        "markdown_table",
        "iso_dates",
        "duplicates",
        "program_output",
        "table_question",
        "json_value",
        "write_out",
        "script",
        "discount",
        "date_after",
        "duration",
        "units",
        "average",
        "sort_values",
        "sort_words",
        "count_items",
        "best_and_worst",
    ),
    "passages": (
        "extract",
        "compose",
        "change_detail",
        "true_false",
        "punctuation",
        "doubled",
        "detail_question",
        "table",
        "redact",
    ),
    "constraints": (
        "begins_with",
        "capitals",
        "ends_with",
        "heading",
        "items",
        "json_object",
        "keyword",
        "keyword_absent",
        "keyword_times",
        "letter_absent",
        "no_comma",
        "numbered",
        "one_line",
        "other_language",
        "paragraphs",
        "question_end",
        "quoted",
        "sentences",
        "title",
        "words_at_least",
        "words_at_most",
        "words_between",
    ),
}


UNFIT: Final = "its arguments are not those of"


class _Kinds(Mapping[str, Kind]):
    """All kinds by name; the module of one, which has its name, is imported when it is first asked for."""

    def __init__(self) -> None:
        self._folders = {name: folder for folder, names in _MODULES.items() for name in names}
        self._known = {one.name: one for one in (label.KIND, quote.KIND)}
        self._names = (*self._folders, *self._known)

    def __getitem__(self, name: str) -> Kind:
        if name not in self._known:
            module = import_module(f"selfinstruct.verifiers.{self._folders[name]}.{name}")
            self._known[name] = module.KIND
        return self._known[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


KINDS: Final[Mapping[str, Kind]] = _Kinds()


def fault_of(kind: str, row: Row) -> str:
    """Return what is wrong with a row that claims to be of a kind; "" when it is proved. Arguments of another form are a fault too."""
    try:
        return KINDS[kind].fault(row)
    except Exception as error:  # noqa: BLE001 - what stands in a file leads code to errors of any kind
        return f"{UNFIT} `{kind}` ({type(error).__name__})"
