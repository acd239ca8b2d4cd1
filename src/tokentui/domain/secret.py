"""A value that cannot be printed by accident."""

from __future__ import annotations

import hmac
from typing import NoReturn, final

from tokentui.domain.text import clean

MASK = "*" * 8
_SHOWN = 4
_LONG_ENOUGH_TO_HINT = 40


@final
class Secret:
    """A credential's value; only `reveal` gives it out, and only an edge calls that.

    An edge is a request header, a store, the clipboard, a file or the five seconds on screen.
    """

    __slots__ = ("__value",)

    def __init__(self, value: str) -> None:
        self.__value = value

    def reveal(self) -> str:
        """Give the value; keep it in no variable that outlives the expression."""
        return self.__value

    def masked(self) -> str:
        """Show enough to tell two long values apart, nothing of a short one."""
        if len(self.__value) < _LONG_ENOUGH_TO_HINT:
            return MASK
        return f"{clean(self.__value[:_SHOWN])}{MASK * 3}{clean(self.__value[-_SHOWN:])}"

    def __len__(self) -> int:
        return len(self.__value)

    def __bool__(self) -> bool:
        return bool(self.__value)

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, format_spec: str) -> str:
        return format(MASK, format_spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        # A UnicodeEncodeError would carry the value; JSON may hold lone surrogates.
        mine = self.__value.encode(errors="surrogatepass")
        return hmac.compare_digest(mine, other.__value.encode(errors="surrogatepass"))

    __hash__ = None  # type: ignore[assignment]  # a set of secrets would keep them alive

    def __getstate__(self) -> NoReturn:
        # Pickling, copying and `dataclasses.asdict` all ask for the state.
        raise TypeError("a Secret is not pickled or copied")
