"""What `explain` shows of the requests of a candidate: what was asked, how often, and what came back."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from selfinstruct.cli.folding import fitted
from selfinstruct.cli.messages import said, spoken
from selfinstruct.records import FIRST_STEPS
from selfinstruct.system.currency import cost_in_words
from selfinstruct.system.faces import terminal

if TYPE_CHECKING:
    from rich.console import Console

    from selfinstruct.runs.explanation import Explanation
    from selfinstruct.runs.explanation.sends import Asked, Send


def print_requests(console: "Console", found: "Explanation", rate: str | None) -> None:
    """Write what the prompts showed, and each request with its reply."""
    if found.shown:
        write_head(console, "Shown in its prompts")
        for one in found.shown:
            shown = one.instruction or said("(a row that is not in this replay)")
            write_line(console, f"  {terminal(one.id)}{said(': ')}{shown}", row=True)
    for asked in found.asked:
        _print_asked(console, found, asked, rate)


def _print_asked(console: "Console", found: "Explanation", asked: "Asked", rate: str | None) -> None:
    sampling, reply = asked.request.sampling, asked.reply
    write_head(console, f"Request {asked.slot}")
    drawn = f"  {sampling.model}, temperature {sampling.temperature:g}, at most {sampling.max_tokens} tokens, seed {sampling.seed}"
    write_line(console, spoken(drawn))
    for send in asked.sends:
        write_line(console, spoken(f"  attempt {send.attempt}: {send.outcome}{cost_of(send, rate)}"))
    for message in asked.request.messages:
        write_line(console, f"  [{message.role}]", "bold")
        for text in message.content.split("\n"):
            write_line(console, f"  {text}", "dim", row=True)
    if reply is None:
        return
    usage = f", {reply.usage.prompt_tokens} + {reply.usage.completion_tokens} tokens" if reply.usage else ""
    write_head(console, f"Reply to {asked.slot}: {reply.fault or reply.finish_reason or 'no finish reason'}{usage}")
    for text, marked in _marked(found, asked):
        write_line(console, f"{'>' if marked else ' '} {text}", "black on yellow" if marked else "dim", row=True)


def cost_of(send: "Send", rate: str | None) -> str:
    """Return how a send ended in detail, and what it cost or may have; no amount where nothing was billed."""
    detail = f" ({send.detail})" if send.detail else ""
    if send.cost_usd is None or send.outcome == "not billed":
        return detail
    return f"{detail}, {'' if send.outcome == 'answered' else 'at most '}{cost_in_words(f'{send.cost_usd:.6f}', rate)}"


def _marked(found: "Explanation", asked: "Asked") -> Iterator[tuple[str, bool]]:
    """Yield each line of a reply, and whether it belongs to the candidate; a later step's reply does as a whole."""
    text = asked.reply.text.replace("\r\n", "\n") if asked.reply else ""
    first = asked.request.step in FIRST_STEPS
    start, end = (found.span or (0, 0)) if first else (0, len(text))
    position = 0
    for line in text.split("\n"):
        yield line, position < end and position + len(line) > start
        position += len(line) + 1


def write_head(console: "Console", text: str) -> None:
    """Write a heading, and a blank line before it."""
    console.print()
    write_line(console, spoken(text), "bold underline")


def write_line(console: "Console", text: str, style: str = "", *, row: bool = False) -> None:
    """Write one line, `row` for the text of a row; long ones are folded at the width of the terminal."""
    shown = terminal(text, row=row)
    console.print("\n".join(fitted(shown)), style=style or None, soft_wrap=True)
