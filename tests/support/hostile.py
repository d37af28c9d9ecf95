"""Text that tries to become part of what shows it."""

HOSTILE = (
    "</code></details><script>alert(1)</script><img src=x onerror=alert(2)> @octocat #12 [x](javascript:alert(3)) "
    "https://evil.example \x1b[31mred\x1b]8;;https://evil.example\x07 \u202egnp.exe\u202c \u200b\ufeff\x00 **bold** `tick` ~~~ ```"
)
