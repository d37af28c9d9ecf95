"""How a diff is shown: terminal, Markdown for a pull request, one offline page, JSON. What is left out is said."""

from collections.abc import Callable

from pydantic_core import PydanticSerializationError

from selfinstruct.dataset.diff.records import DatasetDiff
from selfinstruct.records import LanguageCode
from selfinstruct.system.faces import json_text, shown_json


def render(diff: DatasetDiff, format_name: str, language: LanguageCode = "en") -> str:
    """Return a diff as `text`, `markdown`, `html` or `json`; JSON is the same in every language."""
    renderers: dict[str, Callable[[DatasetDiff, LanguageCode], str]] = {
        "text": _text,
        "markdown": _markdown,
        "html": _page,
        "json": _json,
    }
    return renderers[format_name](diff, language)


def _json(diff: DatasetDiff, _: LanguageCode) -> str:
    try:
        return shown_json(diff.model_dump_json(indent=1)) + "\n"
    except PydanticSerializationError:  # the name of a file that is no UTF-8; json writes that too, more slowly
        return json_text(diff.model_dump(), indent=1) + "\n"


def _text(diff: DatasetDiff, language: LanguageCode) -> str:
    import io

    from rich.console import Console

    from selfinstruct.reports.diff.terminal import show

    file = io.StringIO()
    show(diff, Console(file=file, width=100, color_system=None), language)
    return file.getvalue()


def _markdown(diff: DatasetDiff, language: LanguageCode) -> str:
    from selfinstruct.reports.diff.markdown import markdown

    return markdown(diff, language)


def _page(diff: DatasetDiff, language: LanguageCode) -> str:
    from selfinstruct.reports.diff.page import page

    return page(diff, language)
