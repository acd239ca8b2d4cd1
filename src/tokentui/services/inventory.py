"""What there is, over all profiles at once: rows stream in, one dead source delays no other."""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from tokentui.domain.errors import BadAnswer, StorageError, TokentuiError, Unreachable
from tokentui.services.asking import Asking
from tokentui.services.listing import EVERYTHING, Listing, Phase, Source, What
from tokentui.services.trouble import describe

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from tokentui.domain.model import Account, Instance, Page, ProfileName, Target
    from tokentui.providers.base import Provider
    from tokentui.services.ports import Clock, Connections, Ledger

__all__ = ["EVERYTHING", "Inventory", "Listing", "Phase", "Source", "What"]

T = TypeVar("T")

LONGEST_LISTING_S = 60.0
AT_ONCE = 8
"""Lists that a profile is asked for at the same time."""


class Inventory:
    """Lists instances, accounts and credentials, and remembers them for the next start."""

    def __init__(self, connections: Connections, ledger: Ledger, clock: Clock) -> None:
        self._connections = connections
        self._ledger = ledger
        self._clock = clock

    async def refresh(
        self, profiles: Sequence[ProfileName], what: frozenset[What] = EVERYTHING
    ) -> AsyncIterator[Listing]:
        """Ask all profiles side by side and give each one's state whenever it changes."""
        wanted = EVERYTHING if What.CREDENTIALS in what else what
        known = {last.profile: last for last in self._ledger.last_known()}
        updates: asyncio.Queue[Listing | None] = asyncio.Queue()

        async def ask_all() -> None:
            try:
                async with asyncio.TaskGroup() as group:
                    for name in profiles:
                        asking = Asking(name, wanted, known.get(name), self._clock, updates)
                        group.create_task(self._ask(asking))
            finally:
                updates.put_nowait(None)

        asking = asyncio.create_task(ask_all())
        try:
            while (update := await updates.get()) is not None:
                yield update
            await asking
        finally:
            asking.cancel()
            await asyncio.wait({asking})

    async def _ask(self, asking: Asking) -> None:
        asking.tell()
        try:
            provider = self._connections.provider(asking.name)
        except Exception as error:  # noqa: BLE001  # a plug-in may raise anything; others go on
            asking.fail(_told(error, asking.name))
        else:
            try:
                async with asyncio.TaskGroup() as group:
                    _Lists(asking, provider, group).begin()
            finally:
                asking.close()
        asking.conclude()
        if asking.phase is not Phase.FAILED:
            with contextlib.suppress(StorageError):  # a full disk is no reason to hide the list
                self._ledger.remember(asking.known())


class _Lists:
    """The lists of one profile: instances and accounts, and credentials of each as it is known."""

    def __init__(self, asking: Asking, provider: Provider, group: asyncio.TaskGroup) -> None:
        self._asking = asking
        self._provider = provider
        self._group = group
        self._turns = asyncio.Semaphore(AT_ONCE)

    def begin(self) -> None:
        if What.INSTANCES in self._asking.what:
            self._group.create_task(self._instances())
        if What.ACCOUNTS in self._asking.what:
            self._group.create_task(self._accounts())

    async def _instances(self) -> None:
        def take(page: Page[Instance]) -> None:
            self._asking.take_instances(page)
            self._follow(page.items)

        if await self._read(self._provider.instances, take):
            self._asking.came_whole(What.INSTANCES)

    async def _accounts(self) -> None:
        def take(page: Page[Account]) -> None:
            self._asking.take_accounts(page)
            self._follow(page.items)

        if await self._read(self._provider.accounts, take):
            self._asking.came_whole(What.ACCOUNTS)

    def _follow(self, targets: Sequence[Target]) -> None:
        if What.CREDENTIALS in self._asking.what:
            for target in filter(self._asking.is_new, targets):
                self._group.create_task(self._credentials(target))

    async def _credentials(self, target: Target) -> None:
        pages = partial(self._provider.credentials, target)
        if await self._read(pages, partial(self._asking.take_credentials, target)):
            self._asking.came_whole_of(target)

    async def _read(
        self, pages: Callable[[], AsyncIterator[Page[T]]], take: Callable[[Page[T]], None]
    ) -> bool:
        """Read one list to its end; gives whether all of it came, else the errors are noted."""
        asking, is_whole = self._asking, True
        try:
            async with self._turns, asyncio.timeout(LONGEST_LISTING_S):
                async for page in pages():
                    is_whole = is_whole and not page.failed
                    for error in page.failed:
                        asking.fail(error)
                    take(page)
        except Exception as error:  # noqa: BLE001  # a plug-in may raise anything; others go on
            asking.fail(_told(error, asking.name))
        else:
            return is_whole
        return False


def _told(error: Exception, profile: ProfileName) -> TokentuiError:
    """Give the error that a person gets."""
    if isinstance(error, TokentuiError):
        return error
    if isinstance(error, TimeoutError):
        return Unreachable(f"profile {profile} did not finish listing", "refresh to try again")
    return BadAnswer(
        f"the provider of profile {profile} failed: {describe(error)}",
        "update its plug-in, or report it",
    )
