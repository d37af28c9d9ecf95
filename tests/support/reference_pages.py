"""The reference pages of commands, configuration and library, written from the code in both languages.

python -m tests.support.reference_pages; the Chinese of keys is `reference_zh.toml` beside this file, that of verbs and options in `selfinstruct/cli/chinese/`.
"""

import ast
import inspect
import json
import re
import textwrap
import tomllib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import click
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

import selfinstruct
from selfinstruct.cli import VERBS, cli
from selfinstruct.cli.overview import STAGES
from selfinstruct.config import Config
from selfinstruct.system.files import PACKAGE, read_text
from selfinstruct.system.writing import write_text

DOCS = PACKAGE.parent / "docs"
CATALOGUE = Path(__file__).with_name("reference_zh.toml")
MADE = {
    "en": "Made from the code by `python -m tests.support.reference_pages`; a test compares the two",
    "zh": "由 `python -m tests.support.reference_pages` 从代码生成，测试会核对",
}
BEFORE_EXAMPLES = """Before the examples, which are those of the docstrings:

```python
>>> from pathlib import Path
>>> import selfinstruct as si
>>> from selfinstruct import *
```"""
_COMMON = ("lang", "max_row_bytes", "config_path", "run_dir", "as_json", "quiet")
_ASIDE = re.compile(r"\s*\[default[^:]*: (.*)\]$")
_HEAD = {
    "cli": {
        "en": "# The command line\n\n[中文](cli.zh-CN.md) · {made}.\n\nFlags beat `SELFINSTRUCT_<OPTION>` in the environment, which beats the configuration, which beats the defaults. Data goes to stdout or files, progress to stderr.\n\nExit codes: 0 done · 1 a check found something · 2 wrong usage, configuration or file · 3 a cap was reached · 4 the provider refuses · 5 local storage failed, or another process works on this run · 70 a defect · 130 interrupted. After 4, 5 and 130 the same command goes on, after 3 with a higher cap.\n",
        "zh": "# 命令行\n\n[English](cli.md) · {made}。\n\n命令行选项优先于环境变量 `SELFINSTRUCT_<选项>`，环境变量优先于配置，配置优先于默认值。数据写到标准输出或文件，进度写到标准错误。\n\n退出码：0 完成 · 1 检查发现问题 · 2 用法、配置或文件有误 · 3 到达上限 · 4 服务商拒绝 · 5 本地存储失败，或另一个进程正在用这个运行 · 70 程序缺陷 · 130 被中断。4、5、130 之后，再执行同一条命令就接着做；3 要调高上限。\n",
    },
    "configuration": {
        "en": "# The configuration\n\n[中文](configuration.zh-CN.md) · {made}.\n\nOne TOML file, `selfinstruct.toml` by default. An unknown key is an error that names the nearest one. `[limits]` and paths never change what is generated; all else is part of the run's fingerprint.\n",
        "zh": "# 配置\n\n[English](configuration.md) · {made}。\n\n一个 TOML 文件，默认是 `selfinstruct.toml`。写错的键会报错，并指出最接近的一个。`[limits]` 和路径不影响生成的内容，其余都计入这次运行的指纹。\n",
    },
}
_COLUMNS: dict[str, dict[str, tuple[str, ...]]] = {
    "cli": {"en": ("option", "default", "what it does"), "zh": ("选项", "默认", "作用")},
    "configuration": {"en": ("key", "kind", "default", "what it is"), "zh": ("键", "类型", "默认", "含义")},
}
Tongue = Literal["en", "zh"]


def chinese() -> dict[str, dict[str, str]]:
    """Return the catalogue: {section: {English text or key: Chinese text}}."""
    catalogues = PACKAGE / "cli" / "chinese"
    own = tomllib.loads(read_text(catalogues / "options.toml"))
    return tomllib.loads(read_text(CATALOGUE)) | {
        "verbs": own["verbs"],
        "descriptions": tomllib.loads(read_text(catalogues / "descriptions.toml"))["descriptions"],
        "options": own["options"],
        "asides": own["asides"],
        "page": own["page"],
        "shown": {
            english: one
            for section in tomllib.loads(read_text(catalogues / "help.toml")).values()
            for english, one in section.items()
        },
    }


def pages() -> dict[Path, str]:
    """Return {path: text} of all pages."""
    made: dict[Path, str] = {DOCS / "api.md": api_page()}
    tongues: tuple[Tongue, ...] = ("en", "zh")
    for tongue in tongues:
        end = ".md" if tongue == "en" else ".zh-CN.md"
        made[DOCS / f"cli{end}"] = cli_page(tongue)
        made[DOCS / f"configuration{end}"] = configuration_page(tongue)
    return made


def table(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Return a table of Markdown."""
    lines = [columns, ("---",) * len(columns), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |" for line in lines
    )


def verbs() -> Iterator[tuple[str, click.Command]]:
    """Yield every verb that is shown, those below another one behind it, in the order of the help page."""
    names = [name for stage in STAGES.values() for name in stage if name in VERBS]
    for name in names:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        yield name, command
        if isinstance(command, click.Group):
            below = (
                command.get_command(click.Context(command), one)
                for one in command.list_commands(click.Context(command))
            )
            yield from ((f"{name} {one.name}", one) for one in below if one and not one.hidden)


def options(command: click.Command) -> Iterator[tuple[click.Option, str, str]]:
    """Yield (option, help without its default, default) of a verb's own options."""
    for one in command.params:
        if isinstance(one, click.Option) and not one.hidden and one.name != "help":
            text = one.help or ""
            stated = _ASIDE.search(text)
            plain = one.default if isinstance(one.default, int | float | str) and not one.is_flag else None
            default = stated[1] if stated else "" if plain is None else str(plain)
            yield one, _ASIDE.sub("", text).strip(), default


def cli_page(tongue: Tongue) -> str:
    """Return the page of all verbs and their options."""
    words = chinese()
    parts = [_HEAD["cli"][tongue].format(made=MADE[tongue])]
    common = [one for one in options(dict(verbs())["seeds"]) if one[0].name in _COMMON]
    parts += [{"en": "## All verbs", "zh": "## 所有命令都有的选项"}[tongue], _options(common, tongue, words)]
    starts = {names[0]: stage for stage, names in STAGES.items()} | {
        next(name for name in names if name in VERBS): stage
        for stage, names in STAGES.items()
        if set(names) & set(VERBS)
    }
    for name, command in verbs():
        if name in starts:
            parts.append(f"## {starts[name] if tongue == 'en' else words['shown'][starts[name]]}")
        parts.append(f"### {name}")
        parts.append(
            f"```text\nselfinstruct {name} {' '.join(command.collect_usage_pieces(click.Context(command)))}\n```"
        )
        parts.append(_what(name, command, tongue, words))
        own = [one for one in options(command) if one[0].name not in _COMMON]
        if own:
            parts.append(_options(own, tongue, words))
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _what(name: str, command: click.Command, tongue: Tongue, words: dict[str, dict[str, str]]) -> str:
    if tongue == "en":
        return inspect.cleandoc(command.help or "")
    line = words["shown"][VERBS[name]] if name in VERBS else words["verbs"][name]
    return "\n\n".join([line, words["descriptions"].get(f"more of {name}", "")]).strip()


def _options(found: list[tuple[click.Option, str, str]], tongue: Tongue, words: dict[str, dict[str, str]]) -> str:
    rows = []
    for one, text, default in found:
        kind = one.type
        value = one.metavar if tongue == "en" else words["page"].get(one.metavar or "", one.metavar)
        choices = f" {'/'.join(kind.choices)}" if isinstance(kind, click.Choice) else f" {value}" if value else ""
        names = ", ".join(f"`{name}`" for name in (*one.opts, *one.secondary_opts))
        said = text if tongue == "en" else words["options"][text]
        named = default if tongue == "en" else words["asides"].get(default, default)
        code = f"`{default}`" if default == named else named
        rows.append((names + choices, code if default else "", said))
    return table(_COLUMNS["cli"][tongue], rows)


def documented(model: type[BaseModel]) -> dict[str, str]:
    """Return {field: the text below it in the source}."""
    [definition] = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    assert isinstance(definition, ast.ClassDef)
    body = definition.body
    return {
        field.target.id: " ".join(inspect.cleandoc(str(below.value.value)).split())
        for field, below in pairwise(body)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)
    }


def settings() -> Iterator[tuple[str, str, dict[str, tuple[str, str, str]]]]:
    """Yield (section, what it is, {key: (kind, default, what it is)})."""
    texts = documented(Config)
    for name, field in Config.model_fields.items():
        model = field.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            said = documented(model)
            keys = {key: (kind(one.annotation), default_of(one), said[key]) for key, one in model.model_fields.items()}
            summary = inspect.cleandoc(model.__doc__ or "").split("\n")[0].partition(": ")[2]
            yield field.alias or name, summary[:1].upper() + summary[1:], keys
        else:
            yield (
                name,
                texts[name],
                {one: ("number", str(wanted), texts[name]) for one, wanted in field.default.items()},
            )


def kind(annotation: Any) -> str:
    """Return the kind of value that a key takes, in TOML's words."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return " / ".join(f'`"{one}"`' for one in arguments if one != "")
    if type(None) in arguments:
        return kind(next(one for one in arguments if one is not type(None)))
    if origin in {dict, tuple}:
        return {dict: "table", tuple: "list"}[origin]
    if hasattr(annotation, "__metadata__"):
        return kind(arguments[0])
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "table"
    return {bool: "true / false", int: "number", float: "number", str: "text"}.get(
        annotation, "number" if "float |" in str(annotation) else "table" if "dict" in str(annotation) else "list"
    )


def default_of(field: Any) -> str:
    """Return a default as TOML has it; empty where there is none."""
    value = field.default_factory() if field.default_factory else field.default
    if value is None or value is PydanticUndefined:
        return ""
    if isinstance(value, BaseModel):
        value = value.model_dump()
    if isinstance(value, dict):
        return (
            "`{ " + ", ".join(f"{key} = {json.dumps(one)}" for key, one in value.items()) + " }`" if value else "`{}`"
        )
    return f"`{json.dumps(value)}`"


def configuration_page(tongue: Tongue) -> str:
    """Return the page of all keys."""
    words, kinds = (
        chinese(),
        {"true / false": "true / false", "number": "数", "text": "文本", "table": "表", "list": "列表"},
    )
    parts = [_HEAD["configuration"][tongue].format(made=MADE[tongue])]
    for section, summary, keys in settings():
        parts += [f"## `[{section}]`", summary if tongue == "en" else words["sections"][section]]
        rows = [
            (
                f"`{key}`",
                one if tongue == "en" else kinds.get(one, one),
                default,
                said if tongue == "en" else words["keys"][f"{section}.{key}"],
            )
            for key, (one, default, said) in keys.items()
        ]
        parts.append(table(_COLUMNS["configuration"][tongue], rows))
    return "\n\n".join(part.strip() for part in parts) + "\n"


def api_page() -> str:
    """Return the page of all public names, with signatures and docstrings as they stand in the code."""
    opening = f"# The library, name by name\n\n{MADE['en']}. Examples and errors: [the library](library.md), [中文](library.zh-CN.md).\n\n{BEFORE_EXAMPLES}"
    names = sorted((name for name in selfinstruct.__all__ if name != "__version__"), key=str.lower)
    return "\n\n".join([opening, *(_entry(name, getattr(selfinstruct, name)) for name in names)]) + "\n"


def _entry(name: str, value: Any) -> str:
    parts = [f"## {name}"]
    if inspect.isfunction(value):
        parts.append(f"```python\n{_signature(value, f'si.{name}')}\n```")
    parts.append(_text(inspect.getdoc(value) or ""))
    if inspect.isclass(value) and not issubclass(value, Exception):
        parts += [f"- `{member}`: {_text(first)}" for member, first in _members(value)]
    return "\n\n".join(parts)


def _signature(function: Any, name: str) -> str:
    source = textwrap.dedent(inspect.getsource(inspect.unwrap(function)))
    [definition] = ast.parse(source).body
    assert isinstance(definition, ast.FunctionDef | ast.AsyncFunctionDef)
    returned = f" -> {ast.unparse(definition.returns)}" if definition.returns else ""
    return f"{name}({ast.unparse(definition.args)}){returned}".replace("'", '"')


def _members(value: type) -> Iterator[tuple[str, str]]:
    for member, one in vars(value).items():
        target = one.fget if isinstance(one, property) else one
        if not member.startswith("_") and (inspect.isfunction(target)) and target.__doc__:
            yield (
                f"{member}{'' if isinstance(one, property) else '()'}",
                inspect.cleandoc(target.__doc__).split("\n\n")[0].replace("\n", " "),
            )


def _text(docstring: str) -> str:
    """Return a docstring as Markdown: examples in fences, marks of HTML as text."""
    paragraphs = []
    for paragraph in docstring.split("\n\n"):
        is_code = paragraph.lstrip().startswith(">>>") or paragraph.startswith("    ")
        escaped = re.sub(
            r"(`[^`]*`)|[<>\[]", lambda found: found[1] or {"<": "&lt;", ">": "&gt;", "[": "\\["}[found[0]], paragraph
        )
        paragraphs.append(f"```python\n{textwrap.dedent(paragraph)}\n```" if is_code else escaped)
    return "\n\n".join(paragraphs)


if __name__ == "__main__":
    for path, text in pages().items():
        write_text(path, text)
