"""A working folder that came from somebody else, with a module of every name that we may import."""

import sys
from importlib.metadata import packages_distributions
from pathlib import Path


def plant(folder: Path, mark: Path) -> None:
    """Put a module of every name that a command may import into a folder; each, when imported, writes the file `mark`."""
    optional = {
        "bitsandbytes",
        "deepspeed",
        "flash_attn",
        "sitecustomize",
        "trl",
        "usercustomize",
        "wandb",
        "xllamacpp",
    }
    names = {*sys.stdlib_module_names, *packages_distributions(), *optional}
    for name in names - {"__main__"}:
        if name.isidentifier():
            (folder / f"{name}.py").write_text(f'open({str(mark)!r}, "w").write("ran")\n', encoding="utf-8")
