"""A secret on the screen: a hint of it, or for a few seconds all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

if TYPE_CHECKING:
    from tokentui.domain.secret import Secret

_TAB = 4
_SCROLLBAR = 2


class SecretView(Static):
    """Holds the text of a secret only while it shows it."""

    DEFAULT_CSS = "SecretView { height: auto; width: 1fr; }"

    def __init__(self) -> None:
        super().__init__("", id="secret", markup=False)
        self._hint: str | None = ""

    @property
    def is_open(self) -> bool:
        """Whether all of it is shown."""
        return self._hint is None

    def mask(self, secret: Secret | None) -> None:
        """Show a hint and the length."""
        hint = ".." if secret is None else f"{secret.masked()}   {len(secret)} characters"
        if hint != self._hint:
            self._hint = hint
            self.update(Content(hint))

    def reveal(self, secret: Secret) -> None:
        """Show all of it, wrapped, until it is masked again."""
        self._hint = None
        self.update(Content(_folded(secret, max(1, self.size.width - _SCROLLBAR))))


def _folded(secret: Secret, width: int) -> str:
    """Break long lines anywhere: a token has no blanks to break at."""
    return "\n".join(
        line[start : start + width]
        for line in secret.reveal().expandtabs(_TAB).split("\n")
        for start in range(0, max(1, len(line)), width)
    )
