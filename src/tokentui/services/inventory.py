"""What there is, over all profiles at once: rows stream in, one dead source delays no other."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tokentui.domain.errors import BadAnswer, StorageError, TokentuiError, Unreachable
from tokentui.domain.ledger import LastKnown
from tokentui.services.trouble import describe

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import datetime, timedelta

    from tokentui.domain.model import Instance, InstanceId, Page, ProfileName
    from tokentui.services.ports import Clock, Connections, Ledger

LONGEST_LISTING_S = 60.0


class Phase(StrEnum):
    """How a source is doing."""

    LOADING = "loading"
    OK = "ok"
    PARTLY = "partly"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Source:
    """The state of one profile. `seen_at` is the age of what is shown of it, None: nothing is."""

    profile: ProfileName
    phase: Phase
    seen_at: datetime | None = None
    took: timedelta | None = None
    errors: tuple[TokentuiError, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """All that is known of a profile's instances at this moment, and how its source is doing.

    `answered` are the ids that the source has named this time; the others are remembered.
    """

    source: Source
    instances: tuple[Instance, ...]
    answered: frozenset[InstanceId] = frozenset()


class Inventory:
    """Lists instances and remembers them for the next start."""

    def __init__(self, connections: Connections, ledger: Ledger, clock: Clock) -> None:
        self._connections = connections
        self._ledger = ledger
        self._clock = clock

    async def refresh(self, profiles: Sequence[ProfileName]) -> AsyncIterator[Listing]:
        """Ask all profiles side by side and give each one's state whenever it changes."""
        known = {last.profile: last for last in self._ledger.last_known()}
        updates: asyncio.Queue[Listing | None] = asyncio.Queue()

        async def ask_all() -> None:
            try:
                async with asyncio.TaskGroup() as group:
                    for name in profiles:
                        asking = _Asking(name, known.get(name), self._clock, updates)
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

    async def _ask(self, asking: _Asking) -> None:
        asking.tell(Phase.LOADING)
        try:
            async with asyncio.timeout(LONGEST_LISTING_S):
                async for page in self._connections.provider(asking.name).instances():
                    asking.take(page)
        except TimeoutError:
            asking.errors.append(
                Unreachable(f"profile {asking.name} did not finish listing", "refresh to try again")
            )
        except TokentuiError as error:
            asking.errors.append(error)
        except Exception as error:  # noqa: BLE001  # a plug-in may raise anything; others go on
            asking.errors.append(
                BadAnswer(
                    f"the provider of profile {asking.name} failed: {describe(error)}",
                    "update its plug-in, or report it",
                )
            )
        asking.conclude()
        if asking.phase is not Phase.FAILED:
            self._remember(asking)

    def _remember(self, asking: _Asking) -> None:
        """Keep the list for the next start; a full disk is no reason to hide it now."""
        with contextlib.suppress(StorageError):
            self._ledger.remember(
                LastKnown(asking.name, self._clock(), tuple(asking.instances.values()))
            )


class _Asking:
    """One profile's listing under way."""

    def __init__(
        self,
        name: ProfileName,
        last: LastKnown | None,
        clock: Clock,
        updates: asyncio.Queue[Listing | None],
    ) -> None:
        self.name = name
        self.phase = Phase.LOADING
        self.errors: list[TokentuiError] = []
        self.instances = {instance.id: instance for instance in last.instances} if last else {}
        self._fresh: dict[InstanceId, Instance] = {}
        self._seen_at = last.seen_at if last else None
        self._clock = clock
        self._begun = clock()
        self._updates = updates

    def take(self, page: Page[Instance]) -> None:
        arrived = {instance.id: instance for instance in page.items}
        self._fresh.update(arrived)
        self.instances.update(arrived)
        self.errors.extend(page.failed)
        self.tell(Phase.LOADING)

    def conclude(self) -> None:
        """Drop what is no longer there, unless a part of the source did not answer."""
        if not self.errors:
            self.instances = self._fresh
            self._seen_at = self._clock()
            self.tell(Phase.OK)
        else:
            self.tell(Phase.PARTLY if self._fresh else Phase.FAILED)

    def tell(self, phase: Phase) -> None:
        self.phase = phase
        took = self._clock() - self._begun
        source = Source(self.name, phase, self._seen_at, took, tuple(self.errors))
        answered = frozenset(self._fresh)
        self._updates.put_nowait(Listing(source, tuple(self.instances.values()), answered))
