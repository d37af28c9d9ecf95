"""Import numba without `.numba_config.yaml` of the working folder.

That file may name the folder of compiled code (`cache_dir`), which is pickled: in a stranger's clone it would run the stranger's code.
Settings in the environment, `NUMBA_...`, are the user's own and hold.
"""

import sys
import warnings


def import_numba() -> None:
    """Import numba while it cannot read YAML, without which it leaves the file alone."""
    if "numba" in sys.modules:
        return
    yaml = sys.modules.get("yaml")
    sys.modules["yaml"] = None  # how Python spells "cannot be imported"
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="A Numba config file is found")
            import numba  # noqa: F401
    finally:
        del sys.modules["yaml"]
        if yaml:
            sys.modules["yaml"] = yaml


import_numba()
