"""Texts with which a server attacks a terminal, a toolkit's markup or a layout."""

from __future__ import annotations

from typing import Final

HOSTILE_TEXTS: Final = (
    "\x1b[2J\x1b[31mred\x1b[0m",
    "\x1b]52;c;cm0gLXJmIH4K\x07clip",
    "\x1b]0;title\x1b\\t",
    "\x9b31mc1\x9d52;c;eA==\x9c",
    "\x1bP+q544e\x1b\\dcs",
    "[@click=app.quit]x[/]",
    "svc [/x]",
    "[PROD] [bold red]api[/]",
    "[$error]theme",
    "a\u202egnp.exe\u202c\u2066z\u2069",
    "nul\x00byte",
    "two\nlines\r\nthree\ttabs",
    "\u2028line\u2029para\u200bzero\ufeff",
    "L" * 500,
    "",
    " ",
    "幅広い文字列のクラスタ名",
    "e" + "\u0301\u0489" * 40,
    "👩‍👩‍👧‍👦🏳️‍🌈",
    "\ud83d lone",
    "\ue000\U000e0041private",
    "../../etc/passwd",
    "-rf --help $(id) `id` ;&|<>'\"\\",
    "{{ .Values }} %s %n {0}",
)

_SUFFIX: Final = " \x1b]52;c;eA==\x07[@click=app.quit]x[/] [/x] \u202egnp\x9b31m\nnext"
# Header values hold no C0 controls; a C1 introducer and markup pass every server.
HOSTILE_HEADER_SUFFIX: Final = "\x9b31m[/x]"


def hostile_text(text: str) -> str:
    """Return a text with harm at its end."""
    return text + _SUFFIX


def text_number(number: int) -> str:
    """Return one of the hostile texts, going round."""
    return HOSTILE_TEXTS[number % len(HOSTILE_TEXTS)]
