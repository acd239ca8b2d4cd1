"""Looks once more for what a server says that it does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from tokentui.domain.errors import NotFound, ProviderError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from tokentui.domain.model import KindKey, Page

T = TypeVar("T")

WAS_GONE = "was gone already"


async def surely_gone(
    error: NotFound,
    pages: AsyncIterator[Page[T]],
    is_it: Callable[[T], bool],
    kind: KindKey | None = None,
) -> str:
    """Say that it was gone, if a whole list does not name it.

    Raises `error` itself where the list cannot tell, also of its `kind`, and `NotFound` that says
    so where it is listed: then the address was wrong.
    """
    is_listed, is_whole = False, True
    try:
        async for page in pages:
            is_listed = is_listed or any(map(is_it, page.items))
            is_whole = is_whole and not page.failed and kind not in page.silent
    except ProviderError:
        is_whole = False
    if is_listed:
        raise NotFound(
            f"{error.message}; the server does not know it under that address, but lists it",
            "list again, and look whether the addresses of the profile are right",
            trace_id=error.trace_id,
        )
    if not is_whole:
        raise error
    return WAS_GONE
