"""SVG of matplotlib, adapted to a page: no inline style (its policy forbids it), unique ids, the page's colours.

Black becomes the page's text colour, so that a plot is legible in light and dark mode.
"""

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SVG = "http://www.w3.org/2000/svg"
_LINK = "{http://www.w3.org/1999/xlink}href"
_FONT = re.compile(r"(?:(?P<weight>\d+|bold) )?(?P<size>[\d.]+)px ")
PIXELS = 72
"""Pixels per inch of matplotlib's SVG."""


@contextmanager
def plain_style(name: str) -> Iterator[None]:
    """Context for drawing with plain text elements, without mathematics, and with ids that depend only on `name`."""
    import matplotlib as mpl

    options: dict[Any, object] = {
        "svg.fonttype": "none",
        "svg.hashsalt": name,
        "text.parse_math": False,
        "font.size": 12,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlesize": 12,
        "axes.titlelocation": "left",
        "legend.frameon": False,
    }
    # from the library's own defaults: a `matplotlibrc` of the working folder may be anybody's, and start LaTeX
    with mpl.rc_context(mpl.rcParamsDefault | options), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")  # the browser has the glyphs
        yield


def to_svg(figure: "Figure", label: str) -> str:
    """Return a figure as an SVG element; `label` is its text for screen readers."""
    file = io.StringIO()
    figure.savefig(file, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    root = ET.fromstring(file.getvalue())  # noqa: S314 - written a line above
    for parent in list(root.iter()):
        for child in [one for one in parent if one.tag in {f"{{{_SVG}}}metadata", f"{{{_SVG}}}style"}]:
            parent.remove(child)
    used = _used(root)
    for element in root.iter():
        _free(element, used)
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    root.set("role", "img")
    root.set("aria-label", label)
    return ET.tostring(root, encoding="unicode")


def _free(element: ET.Element, used: set[str]) -> None:
    """Replace an element's style by attributes, drop unused ids, and replace black."""
    if element.get("id") not in used:
        element.attrib.pop("id", None)
    for name, value in _attributes(element.attrib.pop("style", "")):
        element.set(name, value)
    if element.tag == f"{{{_SVG}}}text" and "fill" not in element.attrib:
        element.set("fill", "currentColor")


def _used(root: ET.Element) -> set[str]:
    """Return the ids that elements of the figure refer to."""
    links = {element.get(_LINK, "").removeprefix("#") for element in root.iter()}
    clips = {
        name for element in root.iter() for name in re.findall(r"url\(#([^)]+)\)", " ".join(element.attrib.values()))
    }
    return links | clips


def _attributes(style: str) -> Iterator[tuple[str, str]]:
    """Yield the declarations of a style as attributes, without the font family."""
    for declaration in filter(None, (part.strip() for part in style.split(";"))):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if name == "font":
            found = _FONT.match(value)
            if found:
                yield "font-size", found["size"]
            if found and found["weight"]:
                yield "font-weight", found["weight"]
        else:
            yield name, "currentColor" if value == "#000000" else value
