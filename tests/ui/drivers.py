"""Runs the application without a terminal and reads its screen as text."""

from __future__ import annotations

import asyncio
import unicodedata
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from tokentui.services.engine import Engine
from tokentui.services.inventory import Phase
from tokentui.ui.app import TokentuiApp
from tokentui.ui.app_flows import AppFlows
from tokentui.ui.session import Session
from ui.fakes import BERLIN

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from textual.pilot import Pilot

    from tokentui.domain.model import Kind, KindKey, Target
    from tokentui.services.held import Held
    from tokentui.services.verbs import Verb
    from ui.fakes import World

DEADLINE_S = 10.0
_POLL_S = 0.01
_UNSAFE = {"Cc", "Cf", "Cs", "Zl", "Zp"}


class Driver:
    """One running application: press keys, wait for what they bring about, read the screen."""

    def __init__(self, app: TokentuiApp, pilot: Pilot[Any], engine: Engine) -> None:
        self.app = app
        self.pilot = pilot
        self._engine = engine

    @property
    def session(self) -> Session:
        return self.app.session

    @property
    def lines(self) -> list[str]:
        """The screen as plain text."""
        return screen_lines(self.app)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def focused_id(self) -> str | None:
        focused = self.app.focused
        return None if focused is None else focused.id

    @property
    def wanted(self) -> list[tuple[str, str | None, str]]:
        """What the generate dialog would have been opened with."""
        assert isinstance(self.app, RecordingApp)
        return self.app.recording.wanted

    @property
    def acted(self) -> list[tuple[Verb, tuple[str, ...]]]:
        """The verbs that would have been asked about, with the credentials' names."""
        assert isinstance(self.app, RecordingApp)
        return self.app.recording.acted

    @property
    def used(self) -> list[tuple[str | None, str]]:
        """The kinds and targets whose use would have been shown."""
        assert isinstance(self.app, RecordingApp)
        return self.app.recording.used

    async def release(self, held: asyncio.Event | None) -> None:
        """Let go on what waits on the engine's loop for this event."""
        assert held is not None

        async def let_go() -> None:
            held.set()

        await asyncio.wrap_future(self._engine.call(let_go))

    def widths(self) -> list[int]:
        """The width of each line in cells."""
        return [strip.cell_length for strip in self.app.screen._compositor.render_strips()]

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def type(self, text: str) -> None:
        await self.pilot.press(*text)

    async def until(self, reached: Callable[[], object], what: str) -> None:
        """Wait until something is so."""
        end = asyncio.get_running_loop().time() + DEADLINE_S
        while not reached():
            if asyncio.get_running_loop().time() > end:
                raise AssertionError(f"not within {DEADLINE_S:g} s: {what}\n{self.text}")
            await self.pilot.pause(_POLL_S)

    async def shows(self, text: str) -> None:
        """Wait until a text is on the screen."""
        await self.until(lambda: text in self.text, f"{text!r} on the screen")

    async def loaded(self) -> None:
        """Wait until the workbench is open and every profile has answered."""
        await self.until(lambda: self._is_loaded(), "the instances are listed")
        await self.pilot.pause()

    def _is_loaded(self) -> bool:
        session = self.session
        if session.problem is not None:
            return True
        phases = {listing.source.phase for listing in session.listings.values()}
        return session.workbench is not None and Phase.LOADING not in phases


class RecordingFlows(AppFlows):
    """Notes what dialogs would be opened with instead of opening them."""

    def __init__(self, app: TokentuiApp, session: Session) -> None:
        super().__init__(app, session)
        self.wanted: list[tuple[str, str | None, str]] = []
        self.acted: list[tuple[Verb, tuple[str, ...]]] = []
        self.used: list[tuple[str | None, str]] = []

    def generate(self, target: Target, kind: KindKey | None, asked: str) -> None:
        self.wanted.append((target.name, kind, asked))

    def act(self, verb: Verb, helds: Sequence[Held]) -> None:
        self.acted.append((verb, tuple(held.name for held in helds)))

    def use(self, kind: Kind | None, target: Target, held: Held | None = None) -> None:
        self.used.append((None if kind is None else kind.key, target.name))


class RecordingApp(TokentuiApp):
    """Opens no dialog that a place asks for."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.recording = RecordingFlows(self, session)
        self.flows = self.recording


@asynccontextmanager
async def running(
    world: World,
    size: tuple[int, int] = (80, 24),
    *,
    loaded: bool = True,
    app_type: type[TokentuiApp] = TokentuiApp,
) -> AsyncIterator[Driver]:
    """Run the application on a world and end it afterwards."""
    trouble: list[str] = []
    engine = Engine(trouble.append)
    session = Session(world, engine, clock=world.clock, zone=BERLIN)
    app = app_type(session)
    session.start()
    try:
        async with app.run_test(size=size, notifications=True) as pilot:
            driver = Driver(app, pilot, engine)
            if loaded:
                await driver.loaded()
            yield driver
    finally:
        await session.close(0.1)
        world.ledger.close()
    assert trouble == []


def screen_lines(app: TokentuiApp) -> list[str]:
    """Give the lines of the screen without trailing blanks."""
    strips = app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip).rstrip() for strip in strips]


def unsafe_characters(app: TokentuiApp) -> set[str]:
    """Give the characters on the screen that could steer a terminal."""
    text = "".join(screen_lines(app))
    return {char for char in text if unicodedata.category(char) in _UNSAFE}
