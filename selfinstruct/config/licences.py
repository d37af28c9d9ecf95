"""Licences of a dataset, as the Hub names them.

Source: https://huggingface.co/docs/hub/repositories-licenses. A licence that the Hub does not know is `other`, with a name of its own.
"""

import difflib
import re
from typing import Annotated, Final

from pydantic import AfterValidator

_IDENTIFIERS: Final = (
    "afl-3.0 agpl-3.0 apache-2.0 artistic-2.0 bigcode-openrail-m bigscience-bloom-rail-1.0 bigscience-openrail-m bsd bsd-2-clause "
    "bsd-3-clause bsd-3-clause-clear bsl-1.0 c-uda cc cc-by-2.0 cc-by-2.5 cc-by-3.0 cc-by-4.0 cc-by-nc-2.0 cc-by-nc-3.0 cc-by-nc-4.0 "
    "cc-by-nc-nd-3.0 cc-by-nc-nd-4.0 cc-by-nc-sa-2.0 cc-by-nc-sa-3.0 cc-by-nc-sa-4.0 cc-by-nd-4.0 cc-by-sa-3.0 cc-by-sa-4.0 cc0-1.0 "
    "cdla-permissive-1.0 cdla-permissive-2.0 cdla-sharing-1.0 creativeml-openrail-m deepfloyd-if-license ecl-2.0 epl-1.0 epl-2.0 "
    "etalab-2.0 eupl-1.1 eupl-1.2 gemma gfdl gpl gpl-2.0 gpl-3.0 isc lgpl lgpl-2.1 lgpl-3.0 lgpl-lr llama2 llama3 llama3.1 llama3.2 "
    "llama3.3 llama4 lppl-1.3c mit mpl-2.0 ms-pl ncsa odbl odc-by ofl-1.1 openrail openrail++ osl-3.0 pddl postgresql unknown unlicense "
    "wtfpl zlib"
)
KNOWN: Final = frozenset(_IDENTIFIERS.split())
"""Identifiers of the Hub; `other` is none, as it needs a name."""
_TAIL = re.compile(r"-(?:only|or-later)$")
_OF_DATA = re.compile(r"^(odc-by|odbl|pddl)-1\.0$")
"""SPDX has a version where the Hub has a family."""
_DIGIT = re.compile(r"\d")
_LIKE = 0.8
"""Likeness, from 0 to 1, above which a name is a known one with a slip."""


def _of_hub(text: str) -> str:
    """Return the Hub's identifier of a licence, or the name of one that it does not know, in lower case.

    >>> _of_hub("MIT"), _of_hub("GPL-3.0-or-later"), _of_hub("ODbL-1.0"), _of_hub("CC-BY-SA-2.0"), _of_hub("LicenseRef-ours")
    ('mit', 'gpl-3.0', 'odbl', 'cc-by-sa-2.0', 'licenseref-ours')
    """
    name = _OF_DATA.sub(r"\1", _TAIL.sub("", text.lower()))
    if not name or name in KNOWN:
        return name
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]*", name) or name == "other":
        raise ValueError(
            "write an identifier of the Hub such as cc-by-4.0 or mit, or a name of your own: letters, digits, dots and dashes"
        )
    near = difflib.get_close_matches(name[:60], sorted(KNOWN), n=1, cutoff=_LIKE)
    if near and _DIGIT.sub("0", near[0]) != _DIGIT.sub("0", name):  # another version is another licence, no slip
        raise ValueError(
            f"unknown licence; did you mean `{near[0]}`? A licence of your own needs a name that is less like a known one"
        )
    return name


Licence = Annotated[str, AfterValidator(_of_hub)]
"""Licence by the Hub's identifier, or by a name of its own; empty: not chosen yet."""
