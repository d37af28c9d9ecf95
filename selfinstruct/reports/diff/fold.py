"""Lines of a terminal that break after spaces or next to Chinese characters."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.text import Text


def folded(text: "Text", width: int) -> "Text":
    """Return a text wrapped after spaces or next to Chinese characters, which rich does not do."""
    from rich.cells import cell_len
    from rich.text import Text

    plain = text.plain
    indent = len(plain) - len(plain.lstrip(" \n"))
    breaks: list[int] = []
    column = free = 0
    for position, character in enumerate(plain):
        size = cell_len(character)
        if character == "\n":
            column = 0
            continue
        if _may_break(plain[position - 1 : position], character):
            free = position
        if column + size > width and column > indent:
            breaks.append(free if free > (breaks[-1] if breaks else 0) else position)
            column = indent + cell_len(plain[breaks[-1] : position])
        column += size
    return Text("\n" + " " * indent).join(text.divide(breaks)) if breaks else text


def _may_break(before: str, character: str) -> bool:
    """Return whether a line may break between two characters; in Chinese, not before closing or after opening marks."""
    if before == " ":
        return character != " "
    wide = "\u2e80" <= character <= "\uffef" or "\u2e80" <= before <= "\uffef"
    return wide and character not in "，。；：！？、）》」』】…" and before not in "（《「『【"
