"""How a diff is shown: terminal, Markdown for a pull request, one offline page, JSON. What is left out is said."""

from collections.abc import Callable

from selfinstruct.dataset.diff.records import DatasetDiff


def render(diff: DatasetDiff, format_name: str) -> str:
    """Return a diff as `text`, `markdown`, `html` or `json`."""
    renderers: dict[str, Callable[[DatasetDiff], str]] = {
        "text": _text,
        "markdown": _markdown,
        "html": _page,
        "json": lambda one: one.model_dump_json(indent=1) + "\n",
    }
    return renderers[format_name](diff)


def _text(diff: DatasetDiff) -> str:
    import io

    from rich.console import Console

    from selfinstruct.reports.diff.terminal import show

    file = io.StringIO()
    show(diff, Console(file=file, width=100, color_system=None))
    return file.getvalue()


def _markdown(diff: DatasetDiff) -> str:
    from selfinstruct.reports.diff.markdown import markdown

    return markdown(diff)


def _page(diff: DatasetDiff) -> str:
    from selfinstruct.reports.diff.page import page

    return page(diff)
