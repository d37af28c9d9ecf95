"""The page of `selfinstruct VERB --help` in the reader's language; in English it is click's own."""

import re
from collections.abc import Iterable

import click

from selfinstruct.cli.messages import language, said_if_known
from selfinstruct.system.wrapping import wrapped

_formatter = click.HelpFormatter
_ASIDE = re.compile(r"\s*\[([^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*)\]$")
"""What stands in brackets behind the help of an option; brackets within it are sections."""


class Page(click.HelpFormatter):
    """Writes headings, options and what a verb does in the reader's language."""

    def __init__(self, verb: str, summary: str, width: int | None, max_width: int | None) -> None:
        """Know what the page is about: a verb, and what it does in one English line."""
        super().__init__(width=width, max_width=max_width)
        self._verb, self._summary = verb, summary

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how the verb is called."""
        super().write_usage(prog, args, said_if_known("Usage: ") if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        """Write a heading."""
        if language() == "zh":
            self.write(f"{'':>{self.current_indent}}{said_if_known(heading)}：\n")
        else:
            super().write_heading(heading)

    def write_text(self, text: str) -> None:
        """Write what the verb does: in Chinese its line, and the paragraphs behind it."""
        if language() == "en":
            _formatter.write_text(self, text)
            return
        self._write_chinese(said_if_known(self._summary))
        if (more := said_if_known(name := f"more of {self._verb}")) != name:
            for paragraph in more.strip().split("\n\n"):
                self.write_paragraph()
                self._write_chinese(paragraph)

    def _write_chinese(self, text: str) -> None:
        indent = " " * self.current_indent
        self.write("".join(f"{indent}{line}\n" for line in wrapped(text, self.width - self.current_indent)))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write options, or the verbs below this one."""
        told = [(names, self._of_row(names, text)) for names, text in rows]
        if language() == "zh":  # click counts letters, and would break lines between any two of them
            first = min(max((len(names) for names, _ in told), default=0), col_max) + col_spacing
            width = max(self.width - first - self.current_indent, 10)
            told = [(names, "\b\n" + "\n".join(wrapped(text, width))) for names, text in told]
        super().write_dl(told, col_max, col_spacing)

    def _of_row(self, names: str, text: str) -> str:
        below = f"{self._verb} {names}"
        return _told(text) if (said := said_if_known(below)) == below else said


class PageContext(click.Context):
    """The context of a verb whose help is a `Page`."""

    def make_formatter(self) -> click.HelpFormatter:
        """Return the formatter of this verb's page."""
        from selfinstruct.cli import VERBS

        names: list[str] = []
        context: click.Context | None = self
        while context and context.parent:
            names.insert(0, str(context.info_name))
            context = context.parent
        verb = " ".join(names)
        return Page(verb, VERBS.get(verb, verb), self.terminal_width, self.max_content_width)


def with_page(command: click.Command) -> click.Command:
    """Return a verb, and those below it, whose help is a `Page`."""
    command.context_class = PageContext
    for below in command.commands.values() if isinstance(command, click.Group) else ():
        with_page(below)
    return command


def _told(text: str) -> str:
    """Return the help of an option in the reader's language, with what stands in brackets behind it.

    >>> _told("unheard of  [default: 3]")
    'unheard of  [default: 3]'
    """
    if language() == "en":
        return text
    asides: list[str] = []
    while found := _ASIDE.search(text):
        asides.insert(0, f"[{'；'.join(map(_aside, found[1].split('; ')))}]")
        text = text[: found.start()]
    return "  ".join([said_if_known(text), *asides])


def _aside(text: str) -> str:
    head, colon, value = text.partition(": ")
    if colon and head.startswith("default"):
        return f"默认：{said_if_known(value)}"
    return "必填" if text == "required" else text
