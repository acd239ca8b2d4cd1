"""Foreign text, made safe to draw."""

from __future__ import annotations

import unicodedata

SUBSTITUTE = "\N{REPLACEMENT CHARACTER}"
ELLIPSIS = "…"

_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_MARKS = frozenset({"Mn", "Me", "Mc"})
_MOST_MARKS = 2
_BLANKS = {ord("\t"): " ", ord("\n"): " ", ord("\r"): " "}


def clean(text: str, limit: int = 500) -> str:
    """Replace whatever could steer a terminal, and cut the rest to `limit` characters.

    Control and format characters (so escape codes and bidi overrides too), surrogates, private
    and unassigned code points and line separators become U+FFFD; line ends and tabs become
    blanks; of a run of combining marks two stay.
    """
    out: list[str] = []
    marks = 0
    for char in text.translate(_BLANKS):
        category = unicodedata.category(char)
        marks = marks + 1 if category in _MARKS else 0
        if marks > _MOST_MARKS:
            continue
        if len(out) >= limit:
            out[-1:] = [ELLIPSIS] if out else []
            break
        out.append(SUBSTITUTE if category in _UNSAFE else char)
    return "".join(out)


def unprintable(text: str, allowed: str = "") -> int:
    """Count the characters that `clean` would replace, except those in `allowed`."""
    return sum(unicodedata.category(c) in _UNSAFE and c not in allowed for c in text)
