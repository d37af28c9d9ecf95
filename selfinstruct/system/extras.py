"""Optional parts of the installation, asked for before anything is done that needs them."""

import importlib.util
from collections.abc import Sequence

from selfinstruct.errors import InputError


def require(packages: Sequence[str], purpose: str, extra: str) -> None:
    """Raise InputError that names the missing packages and how to get them; `extra` is also the name of the make target."""
    missing = [name for name in packages if importlib.util.find_spec(name) is None]
    if missing:
        remedy = f"run `make {extra}`, or: pip install 'selfinstruct[{extra}]'"
        raise InputError(f"{purpose} needs {', '.join(missing)}, which is not installed; {remedy}")
