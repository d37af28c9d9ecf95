"""What makes foreign text inert on a face, and what refuses a value that no run writes."""

from tests.mutants.mutant import Mutant

SHOWN, PRIMITIVES = "tests/cli/test_faces.py", "tests/system/test_text.py tests/system/test_faces.py"
RECORDS = "tests/journal/test_strange_records.py"
STRANGE, CONSOLE = "tests/cli/test_strange_values.py", "tests/cli/test_console.py"
FILES, CONFIG = "tests/journal/test_files.py", "tests/config/test_config.py"
CARDS, STATES = "tests/training/output/test_card.py", "tests/training/loop/test_trainer_state.py"

MUTANTS = (
    Mutant("tags are shown", "system/text.py", "(0xE0000, 0xE0FFF),", "(0xE1000, 0xE1000),", PRIMITIVES),
    Mutant(
        "joiners belong everywhere",
        "system/text.py",
        "return bool(_JOINS.match(before) or (",
        "return bool(True or (",
        PRIMITIVES,
    ),
    Mutant(
        "names as row text",
        "system/text.py",
        "return escaped(_joined(text), code_point)",
        "return visible(_joined(text))",
        PRIMITIVES,
    ),
    Mutant(
        "marks of Markdown",
        "system/faces.py",
        "return _STRUCTURE.sub(_reference, line",
        "return (lambda _, one: one)(_reference, line",
        PRIMITIVES,
    ),
    Mutant(
        "astral in YAML as in JSON",
        "system/faces.py",
        "escaped(json.dumps(value, ensure_ascii=False), _yaml_escape)",
        "escaped(json.dumps(value, ensure_ascii=False), _json_escape)",
        PRIMITIVES,
    ),
    Mutant("errors raw", "cli/__init__.py", "{terminal_lines(spoken(text))}", "{text}", SHOWN),
    Mutant("wrong usage raw", "cli/__init__.py", ".replace(said, terminal_lines(spoken(said)))", "", SHOWN),
    Mutant(
        "defects raw", "cli/__init__.py", "{terminal_lines(traceback.format_exc())}", "{traceback.format_exc()}", SHOWN
    ),
    Mutant(
        "JSON raw",
        "cli/console.py",
        "write_json(json_text(value)",
        "write_json(__import__('json').dumps(value, ensure_ascii=False)",
        SHOWN,
    ),
    Mutant(
        "lines raw",
        "cli/console.py",
        "click.echo(terminal(text if row else spoken(text), row=row), file=",
        "click.echo(text, file=",
        SHOWN,
    ),
    Mutant("cells as markup", "cli/console.py", "table.add_row(*map(Text, row))", "table.add_row(*row)", CONSOLE),
    Mutant("explanations raw", "cli/explained_requests.py", "shown = terminal(text, row=row)", "shown = text", SHOWN),
    Mutant(
        "prompts at the beginning of a line",
        "cli/estimate.py",
        'write(f"  {line}", row=True)',
        "write(line, row=True)",
        SHOWN,
    ),
    Mutant(
        "git shows rows raw", "cli/git.py", 'visible(shown).encode("utf-8")', 'shown.encode("utf-8", "replace")', SHOWN
    ),
    Mutant(
        "a name makes a field",
        "dataset/git/merge.py",
        "if _NAME.fullmatch(name)",
        "if name",
        SHOWN,
    ),
    Mutant(
        "JSON of a diff raw",
        "reports/diff/__init__.py",
        "shown_json(diff.model_dump_json(indent=1))",
        "diff.model_dump_json(indent=1)",
        SHOWN,
    ),
    Mutant(
        "names of a comment raw",
        "reports/diff/markdown.py",
        'f"<code>{faces.markdown(text, most)}</code>" if text',
        'f"<code>{text}</code>" if text',
        SHOWN,
    ),
    Mutant(
        "rows of a page raw",
        "reports/diff/page.py",
        "fields.append([name, visible(text)])",
        "fields.append([name, text])",
        SHOWN,
    ),
    Mutant(
        "facts of a page raw",
        "reports/run/page.py",
        "import html as escape",
        "import cut as _, CUT as _CUT\nfrom html import escape",
        SHOWN,
    ),
    Mutant(
        "model of a card raw",
        "dataset/release/card.py",
        "model = markdown_code(manifest.asking.teacher.model)",
        "model = manifest.asking.teacher.model",
        SHOWN,
    ),
    Mutant(
        "model of a trainer raw",
        "dataset/export/job.py",
        "    text = yaml_value(value)",
        "    text = json.dumps(value, ensure_ascii=False)",
        SHOWN,
    ),
    Mutant("base model of an adapter raw", "training/output/card.py", "{yaml_value(base)}", "{base}", CARDS),
    Mutant(
        "code of a card raw",
        "training/output/card.py",
        "return yaml_value(text)",
        "return chr(34) + text + chr(34)",
        CARDS,
    ),
    Mutant(
        "infinite numbers",
        "system/documents.py",
        "not math.isfinite(one) for one in level",
        "False for one in level",
        STATES,
    ),
    Mutant(
        "a list for an object", "system/documents.py", "    if not isinstance(value, dict):", "    if False:", STRANGE
    ),
    Mutant(
        "nesting without end",
        "system/documents.py",
        "except (ValueError, RecursionError) as error:",
        "except ValueError as error:",
        STRANGE,
    ),
    Mutant(
        "any file of a manifest",
        "dataset/release/manifest.py",
        "datasets: dict[DatasetFile, Digest]",
        "datasets: dict[str, Digest]",
        STRANGE,
    ),
    Mutant(
        "a manifest without a beginning",
        "dataset/release/manifest.py",
        "if missing := [name for",
        "if missing := [] and [name for",
        STRANGE,
    ),
    Mutant(
        "any request",
        "journal/lines.py",
        '    except ValidationError as error:\n        raise StorageError(\n            f"{where}: the request',
        '    except KeyError as error:\n        raise StorageError(\n            f"{where}: the request',
        STRANGE,
    ),
    Mutant("a request of another slot", "journal/lines.py", "if request.slot != slot:", "if not slot:", RECORDS),
    Mutant("attempts from nought", "journal/lines.py", "Field(strict=True, ge=1", "Field(strict=True, ge=0", RECORDS),
    Mutant(
        "any kind of record",
        "journal/lines.py",
        "if not isinstance(kind, str) or kind not in _KINDS",
        "if kind not in _KINDS",
        FILES,
    ),
    Mutant(
        "a section that is a number",
        "config/parse.py",
        "        if not isinstance(data, dict):\n            return",
        "        if False:\n            return",
        CONFIG,
    ),
    Mutant(
        "keys of a table as they are",
        "config/toml.py",
        'if re.fullmatch(r"[A-Za-z0-9_-]+", name) else',
        "if True else",
        STRANGE,
    ),
    Mutant(
        "a state of any version",
        "training/loop/trainer_state.py",
        "if unknown := sorted(",
        "if unknown := [] and sorted(",
        STATES,
    ),
)
