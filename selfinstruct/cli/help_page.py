"""The page of `selfinstruct VERB --help` in the reader's language; in English it is click's own."""

import re
from collections.abc import Iterable

import click

from selfinstruct.cli.folding import folded_choices
from selfinstruct.cli.messages import language, said_if_known
from selfinstruct.system.wrapping import cells, wrapped

_formatter = click.HelpFormatter
_ASIDE = re.compile(r"\s*\[([^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*)\]$")
"""What stands in brackets behind the help of an option; brackets within it are sections."""


_KIND = re.compile(
    r"(?<= )(?:(?:INTEGER|FLOAT)(?: RANGE)?|TEXT|BOOLEAN|DIR|FILE|PATH|NAME|NAME_OR_DIR|BRANCH|REVISION|EXPR|LINE|RULE|KEPT|DROPPED|FORMAT)$"
)
"""What click names a value by where an option has no name for it, and names of places that are no words of ours."""


class Page(click.HelpFormatter):
    """Writes headings, options and what a verb does in the reader's language."""

    def __init__(self, verb: str, summary: str, width: int | None, max_width: int | None) -> None:
        """Know what the page is about: a verb, and what it does in one English line."""
        super().__init__(width=width, max_width=max_width)
        self._verb, self._summary = verb, summary

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how the verb is called."""
        super().write_usage(prog, in_usage(args), said_if_known("Usage: ") if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        """Write a heading."""
        if language() == "zh":
            self.write(f"{'':>{self.current_indent}}{said_if_known(heading)}：\n")
        else:
            super().write_heading(heading)

    def write_text(self, text: str) -> None:
        """Write what the verb does: in Chinese its line, and the paragraphs behind it."""
        if language() == "en" or not self._verb:
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
        """Write options, or the verbs below this one; in Chinese by cells, since click counts letters and breaks lines between any two."""
        room = self.width - self.current_indent
        told = [
            (folded_choices(names, room).replace("\n", f"\n{'':{self.current_indent}}"), self._of_row(names, text))
            for names, text in rows
        ]
        if language() == "en":
            super().write_dl(told, col_max, col_spacing)
            return
        named = [(_KIND.sub(lambda found: said_if_known(found[0]), names), text) for names, text in told]
        first = min(max((cells(names) for names, _ in named), default=0), col_max) + col_spacing
        indent, behind = " " * self.current_indent, " " * (self.current_indent + first)
        for names, text in named:
            gap = first - cells(names)
            lines = wrapped(text, max(self.width - len(behind), 10)) or [""]
            head = f"{indent}{names}" + (" " * gap if gap >= col_spacing else f"\n{behind}")
            self.write(f"\n{behind}".join([head + lines[0], *lines[1:]]).rstrip() + "\n")

    def _of_row(self, names: str, text: str) -> str:
        below = f"{self._verb} {names}"
        return _told(text) if (said := said_if_known(below)) == below else said


def in_usage(text: str) -> str:
    """Return how a verb is called in the reader's language: what is typed stays, what stands for something is named.

    >>> in_usage("[FILES]...")
    '[FILES]...'
    """
    for placeholder in ("[OPTIONS]", "COMMAND [ARGS]..."):
        text = text.replace(placeholder, said_if_known(placeholder))
    return text


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
