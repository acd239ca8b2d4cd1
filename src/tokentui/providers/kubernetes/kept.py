"""Answers that many ask for: fetched once, kept a while."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

from tokentui.providers.shared_run import SharedRun

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Hashable

K = TypeVar("K", bound="Hashable")
T = TypeVar("T")


class Kept(Generic[K, T]):
    """Fetches an answer by its key; those who ask meanwhile and soon after get the same.

    Errors are told to all who wait and not kept.
    """

    def __init__(self, fetch: Callable[[K], Coroutine[None, None, T]], kept_s: float) -> None:
        self._source = fetch
        self._kept_s = kept_s
        self._answers: dict[K, tuple[float, T]] = {}
        self._runs: dict[K, SharedRun[T]] = {}
        self._outdated: list[SharedRun[T]] = []

    async def get(self, key: K) -> T:
        """Give the answer."""
        kept = self._answers.get(key)
        if kept is not None and time.monotonic() < kept[0]:
            return kept[1]
        if key not in self._runs:
            self._runs[key] = SharedRun(partial(self._fetch, key))
        return await self._runs[key]()

    def drop(self) -> None:
        """Forget everything, also what is being fetched: a change has made it old."""
        self._outdated = [
            run for run in (*self._outdated, *self._runs.values()) if run.is_under_way
        ]
        self._answers, self._runs = {}, {}

    async def aclose(self) -> None:
        """Stop what is being fetched."""
        self.drop()
        for run in self._outdated:
            await run.aclose()

    async def _fetch(self, key: K) -> T:
        answers = self._answers  # those of now: after a drop nobody looks there any more
        answer = await self._source(key)
        answers[key] = time.monotonic() + self._kept_s, answer
        return answer
