"""What a person at a terminal is asked, in the reader's language: click's own prompts and complaints are English."""

from collections.abc import Sequence

import click

from selfinstruct.cli.messages import language, said

_YES, _NO = ("y", "yes", "是", "好"), ("n", "no", "否", "不")


def confirmed(question: str) -> bool:
    """Return whether a person says yes; nothing typed is a no. Raises click.Abort where nothing more can be typed."""
    while True:
        answer = _typed(f"{question} [y/N]", "n")
        if answer.lower() in (*_YES, *_NO):
            return answer.lower() in _YES
        click.echo(said("Answer y or n."), err=True)


def chosen(question: str, choices: Sequence[str]) -> str:
    """Return the one of several words that a person names; nothing typed is the first."""
    names = ", ".join(choices)
    while True:
        answer = _typed(_with_choices(question, names, choices[0]), choices[0])
        if answer in choices:
            return answer
        click.echo(said("{answer} is none of them: {names}", answer=answer, names=names), err=True)


def _with_choices(question: str, names: str, default: str) -> str:
    return f"{question}（{names}）[{default}]" if language() == "zh" else f"{question} ({names}) [{default}]"


def _typed(text: str, default: str) -> str:
    mark = "：" if language() == "zh" else ": "
    answer: str = click.prompt(text, default=default, show_default=False, prompt_suffix=mark, err=True)
    return answer.strip()
