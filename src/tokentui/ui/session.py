"""What the whole interface shares: the workbench behind the bridge, and what is known so far."""

from __future__ import annotations

import asyncio
import contextlib
from operator import is_
from typing import TYPE_CHECKING, Protocol, TypeVar

from tokentui.domain.errors import TokentuiError
from tokentui.services.engine import EngineClosed
from tokentui.services.held import Held, MergedProfile, Merging
from tokentui.services.listing import Listing, Phase, Source, remembered
from tokentui.services.overview import MOST_AT_FIRST
from tokentui.ui.bridge import Bridge
from tokentui.ui.present import TimeStyle, When

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
    from datetime import datetime, tzinfo

    from tokentui.domain.ledger import Entry
    from tokentui.domain.model import ProfileName
    from tokentui.domain.profile import Profile
    from tokentui.services.engine import Engine
    from tokentui.services.journal import Call
    from tokentui.services.overview import Overview
    from tokentui.services.ports import Clock
    from tokentui.services.workbench import Workbench

T = TypeVar("T")

_SHOWN_CALLS = 20
_CLOSING_S = 4.0


class Startup(Protocol):
    """How the program begins and ends; `bootstrap` gives it."""

    def first_look(self, most: int = MOST_AT_FIRST) -> Overview | None:
        """Read the ledger alone; None: there is nothing to read.

        Blocks, and is called on the interface's thread: it reads `most` remembered credentials.
        """

    async def open(self) -> Workbench:
        """Read the configuration and wire everything, on the engine's loop.

        Raises `TokentuiError`.
        """

    async def close(self, since: datetime) -> tuple[Entry, ...]:
        """Settle this process's entries, clear the clipboard, close, on the engine's loop.

        Gives the entries that became unknown or lost since then.
        """


class Session:
    """The state that screens draw from; all of it lives on the interface's loop.

    `listings` holds what every profile lists as far as it is known, `problem` why the
    workbench could not be opened. `scope` is the one profile that lists show, None: all.
    `unread` counts the remembered credentials that stand in no list yet.
    `in_flight` counts the `keep`s under way. `calls` are the last calls to providers,
    `misfits` the settings that name no theme or no action. `turns` holds for each profile an
    object that is another one each time the profile is asked anew.
    """

    def __init__(self, startup: Startup, engine: Engine, *, clock: Clock, zone: tzinfo) -> None:
        self._startup = startup
        self._engine = engine
        self._bridge = Bridge(engine)
        self._clock = clock
        self.zone = zone
        self.overview: Overview | None = None
        self.listings: Mapping[ProfileName, Listing] = {}
        self.workbench: Workbench | None = None
        self.problem: TokentuiError | None = None
        self.last_error: TokentuiError | None = None
        self.scope: ProfileName | None = None
        self.time_style = TimeStyle.LEFT
        self.calls: tuple[Call, ...] = ()
        self.misfits: tuple[TokentuiError, ...] = ()
        self.in_flight = 0
        self.unread = 0
        self.turns: Mapping[ProfileName, object] = {}
        self._merged: tuple[object, ...] = (None, None, None)
        self._helds: tuple[Held, ...] = ()
        self._merging = Merging()
        self._opening = asyncio.Event()
        self._landing = asyncio.Event()

    def now(self) -> datetime:
        """Give the time now, aware UTC."""
        return self._clock()

    @property
    def when(self) -> When:
        """The moment for the texts that are drawn now."""
        return When(self._clock(), self.zone, self.time_style)

    @property
    def profiles(self) -> tuple[Profile, ...]:
        """The profiles that can be used; none before the workbench is open."""
        return () if self.workbench is None else tuple(self.workbench.connections.profiles())

    @property
    def keys(self) -> Mapping[str, str]:
        """The keys that the configuration gives to actions, by their ids."""
        return {} if self.workbench is None else self.workbench.config.settings.keys

    def in_scope(self, profile: ProfileName) -> bool:
        """Say whether lists show this profile."""
        return self.scope is None or self.scope == profile

    @property
    def helds(self) -> tuple[Held, ...]:
        """Every credential that is listed or in the ledger; merged anew when these changed."""
        abouts = () if self.workbench is None else self.workbench.abouts
        sources = (self.listings, self._entries, abouts)
        if not all(map(is_, sources, self._merged)):
            self._merged = sources
            self._helds = self._merging.held(*sources)
        return self._helds

    @property
    def _entries(self) -> tuple[Entry, ...]:
        return () if self.overview is None else self.overview.entries

    @property
    def problems(self) -> tuple[TokentuiError, ...]:
        """What is wrong with the configuration or the ledger, the worst first."""
        opening = () if self.problem is None else (self.problem,)
        config = () if self.workbench is None else self.workbench.config.problems
        return (*opening, *config, *self.misfits)

    def first_look(self) -> None:
        """Take what the ledger knows, so that the first frame waits for nothing else."""
        self._take(self._startup.first_look())

    async def open(self) -> None:
        """Open the workbench; a failure ends up in `problem` and `last_error`.

        After a failure it may be called again.
        """
        self.problem = None
        self._opening.clear()
        try:
            workbench = await self._bridge.call(self._startup.open)
        except TokentuiError as error:
            self.problem = self.last_error = error
            if self.unread:  # nobody is asked now, who would tell what is remembered
                everything = self.unread + MOST_AT_FIRST
                self._take(await asyncio.to_thread(self._startup.first_look, everything))
        else:
            self.workbench = workbench
            self._keep_configured()
        finally:
            self._opening.set()

    async def call(self, use: Callable[[Workbench], Awaitable[T]]) -> T:
        """Wait until the workbench is open and run `use` on the engine.

        Cancelling the wait leaves the work running. Raises `problem`, and what `use` raises.
        """
        workbench = await self._ready()

        async def work() -> T:
            return await use(workbench)

        return await self._bridge.call(work)

    async def keep(self, use: Callable[[Workbench], Awaitable[T]]) -> T:
        """Do as `call` does, but closing the program waits for it: it makes a credential."""
        workbench = await self._ready()
        home = asyncio.get_running_loop()
        has_begun = False

        async def work() -> T:
            nonlocal has_begun
            has_begun = True
            try:
                return await use(workbench)
            finally:
                with contextlib.suppress(RuntimeError):  # the interface's loop has closed
                    home.call_soon_threadsafe(self._landed)

        self.in_flight += 1
        self._landing.clear()
        try:
            return await self._bridge.keep(work)
        except EngineClosed:
            if not has_begun:  # else its end has counted already
                self._landed()
            raise

    async def all_landed(self) -> None:
        """Wait until no `keep` is under way."""
        while self.in_flight:
            await self._landing.wait()

    async def refresh(
        self, on_change: Callable[[], None], profiles: Sequence[ProfileName] | None = None
    ) -> None:
        """Ask profiles for all that they list, None: all of them; what is gone has ended then.

        `on_change` is called after each batch. Cancelling it stops asking.
        """
        workbench = await self._ready()
        names = [profile.name for profile in self.profiles] if profiles is None else profiles
        turn = object()
        self.turns = {**self.turns, **dict.fromkeys(names, turn)}
        ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        async def merged() -> AsyncIterator[tuple[Listing, MergedProfile]]:
            """Merge on the engine's loop what may be thousands of credentials."""
            async for listing in workbench.listings(names):
                yield listing, self._merging.ahead(listing, self._entries, workbench.abouts)

        def take(batch: list[tuple[Listing, MergedProfile]]) -> None:
            # A profile that was asked again meanwhile, after a change, is not told of old.
            news = [item for item in batch if self.turns[item[0].source.profile] is turn]
            told = {listing.source.profile: listing for listing, _ in news}
            for _, ahead in news:
                self._merging.take(ahead)
            self.listings = {**self.listings, **told}
            self.unread = 0
            failed = [error for item in told.values() for error in item.source.errors]
            self.last_error = failed[-1] if failed else self.last_error
            on_change()

        def end(error: BaseException | None) -> None:
            if not ended.done():
                ended.set_result(None) if error is None else ended.set_exception(error)

        stream = self._bridge.stream(merged, take, end)
        try:
            await ended
        finally:
            stream.cancel()

    async def reload_overview(self) -> None:
        """Read ledger and journal again, after something was made or handed over."""

        async def look(
            workbench: Workbench,
        ) -> tuple[Overview, tuple[Call, ...], list[MergedProfile]]:
            seen, abouts = await workbench.overview(), workbench.abouts
            listings = self.listings.values()  # they are replaced, never changed
            ahead = [self._merging.ahead(one, seen.entries, abouts) for one in listings]
            return seen, workbench.journal.recent(_SHOWN_CALLS), ahead

        self.overview, self.calls, merged = await self.call(look)
        for ahead in merged:
            self._merging.take(ahead)

    def start(self) -> None:
        """Start the engine."""
        self._engine.start()

    async def close(self, grace_s: float) -> tuple[Entry, ...]:
        """Wait for requests under way, record the end, clear the clipboard, stop the engine.

        `grace_s` is how long requests may take; the ledger says of the others what is certain.
        Gives the entries whose outcome or secret is lost by that.
        """
        left: tuple[Entry, ...] = ()
        since = self._clock()  # what fails from now on has no screen to say so
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(grace_s):
                await self.all_landed()
        with contextlib.suppress(TimeoutError, TokentuiError):
            async with asyncio.timeout(_CLOSING_S):
                left = await self._bridge.call(lambda: self._startup.close(since))
        await asyncio.to_thread(self._engine.close, 0.0)
        return left

    def _take(self, look: Overview | None) -> None:
        if look is not None:
            self.overview, self.unread = look, look.unread
            self.listings = {last.profile: remembered(last) for last in look.last_known}

    async def _ready(self) -> Workbench:
        await self._opening.wait()
        if self.workbench is None:
            raise self.problem or EngineClosed
        return self.workbench

    def _keep_configured(self) -> None:
        """Forget what the ledger remembers of profiles that are no longer configured."""
        names = [profile.name for profile in self.profiles]
        loading = {name: Listing(Source(name, Phase.LOADING), ()) for name in names}
        self.listings = {name: self.listings.get(name, loading[name]) for name in names}

    def _landed(self) -> None:
        self.in_flight -= 1
        if not self.in_flight:
            self._landing.set()
