"""Text that tries to become part of what shows it."""

from selfinstruct.system.text import DANGEROUS

HOSTILE = (
    "</code></details><script>alert(1)</script><img src=x onerror=alert(2)> @octocat #12 [x](javascript:alert(3)) "
    "https://evil.example \x1b[31mred\x1b]8;;https://evil.example\x07 \u202egnp.exe\u202c \u200b\ufeff\x00 **bold** `tick` ~~~ ```"
)
DANGEROUS_CHARACTERS = frozenset(chr(code) for low, high in DANGEROUS for code in range(low, high + 1)) - {"\t", "\n"}
"""Every character that no face shows as it is."""
OF_EACH_RANGE = "".join(
    dict.fromkeys(
        chr(code)
        for low, high in DANGEROUS
        for code in (low, (low + high) // 2, high)
        if chr(code) not in "\t\n" and not 0xD800 <= code <= 0xDFFF
    )
)
"""The ends and the middle of every range, but for surrogates, which no file of text can hold."""
STRUCTURE = (
    "a\n\n# approved\n\n![beacon](https://evil.example/b.png) @octocat closes #1 </code></details><script>alert(1)</script> "
    "a|b `c` [red]x[/red] $x$ www.evil.example <b>\n- selfinstruct: all is well"
)
"""Markup of every face, at the beginning of lines of its own."""
PROBE = STRUCTURE + OF_EACH_RANGE
FILE_NAME = "x\n## y\x1b]0;T\x07\x9b\u202e\u2028\u200b\u3164\ufe0f\U000e0041<b>@octocat"
"""The name of a file, as long as most file systems take."""


def raw(text: str) -> set[str]:
    """Return the dangerous characters of a text."""
    return set(text) & DANGEROUS_CHARACTERS
