"""Serves the simulated systems on two loopback ports, one plain and one with TLS."""

from __future__ import annotations

import asyncio
import signal
import threading
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Self

from starlette.applications import Starlette
from starlette.routing import Mount

from tokentui.simulator.certificates import make_tls_identity
from tokentui.simulator.clock import SimClock
from tokentui.simulator.cloudfleet.system import CloudfleetSystem
from tokentui.simulator.control import Control
from tokentui.simulator.date_header import DateHeader
from tokentui.simulator.errors import SimulatorError
from tokentui.simulator.faults import Faults
from tokentui.simulator.ground import Ground
from tokentui.simulator.home import write_home
from tokentui.simulator.keys import KeySource
from tokentui.simulator.kubermatic.system import KubermaticSystem
from tokentui.simulator.kubernetes.system import KubernetesSystem
from tokentui.simulator.listener import HOST, Listener, bind, port_of
from tokentui.simulator.play import CONTROL_PREFIX, FaultyApp, Patience
from tokentui.simulator.request_log import RequestLog
from tokentui.simulator.stackit.system import StackitSystem
from tokentui.simulator.stackstate.system import StackstateSystem
from tokentui.simulator.world import World, build_world

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path
    from types import TracebackType

    from starlette.types import ASGIApp

    from tokentui.simulator.system import System

_START_LIMIT_S = 30.0


class Simulator:
    """A context manager, to be entered once, that serves a world from a thread of its own.

    A port of 0 takes any free one. A shared `keys` spares the making of RSA keys at each start.
    Entering raises SimulatorError if a port is taken or the seed is unknown.
    """

    base_url: str
    tls_url: str
    ca_pem: str
    world: World
    stackit: StackitSystem
    stackstate: StackstateSystem
    cloudfleet: CloudfleetSystem
    kubermatic: KubermaticSystem
    kubernetes: KubernetesSystem
    systems: Sequence[System]

    def __init__(
        self,
        seed: str = "monday",
        clock: SimClock | None = None,
        port: int = 0,
        tls_port: int = 0,
        keys: KeySource | None = None,
    ) -> None:
        self.seed = seed
        self.clock = clock or SimClock()
        self.faults = Faults()
        self.requests = RequestLog()
        self._ports = (port, tls_port)
        self._keys = keys or KeySource()
        self._patience = Patience()
        self._stop = asyncio.Event()
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        with ExitStack() as on_failure:
            plain, tls = (on_failure.enter_context(_bound(port)) for port in self._ports)
            listeners = self._build(plain, tls)
            self._thread = threading.Thread(
                target=lambda: asyncio.run(self._serve(listeners)),
                name="tokentui-simulator",
                daemon=True,
            )
            self._thread.start()
            if not self._ready.wait(_START_LIMIT_S):
                raise SimulatorError("The simulator did not start.")
            on_failure.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._loop is not None and self._thread is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join()

    @property
    def held(self) -> int:
        """How many requests a fault holds now."""
        return self._patience.held

    def release(self) -> None:
        """Let the requests go that are held now."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._patience.release)

    def _build(self, plain: socket.socket, tls: socket.socket) -> tuple[Listener, Listener]:
        identity = make_tls_identity()
        self.base_url = f"http://{HOST}:{port_of(plain)}"
        self.tls_url = f"https://{HOST}:{port_of(tls)}"
        self.ca_pem = identity.ca_pem
        ground = Ground(self.clock, self.base_url, self.tls_url, self.ca_pem, self._keys)
        self.world = build_world(self.seed, ground)
        self.stackit = StackitSystem(self.world.stackit)
        self.stackstate = StackstateSystem(self.world.stackstate)
        self.cloudfleet = CloudfleetSystem(self.world.cloudfleet)
        self.kubermatic = KubermaticSystem(self.world.kubermatic)
        self.kubernetes = KubernetesSystem(self.world.kubernetes, identity)
        self.systems = (
            self.stackit,
            self.stackstate,
            self.cloudfleet,
            self.kubermatic,
            self.kubernetes,
        )
        return (
            Listener(self._faulty(self._plain_app()), plain),
            Listener(self._faulty(self._tls_app()), tls, identity.context),
        )

    def _plain_app(self) -> Starlette:
        control = Control(self.clock, self.faults, self.requests, self._patience, self.systems)
        routes = [route for system in self.systems for route in system.plain_routes()]
        return Starlette(routes=[Mount(CONTROL_PREFIX, control.app()), *routes])

    def _tls_app(self) -> Starlette:
        return Starlette(routes=[route for system in self.systems for route in system.tls_routes()])

    def _faulty(self, app: ASGIApp) -> FaultyApp:
        dated = DateHeader(app, self.clock)
        return FaultyApp(dated, self.clock, self.faults, self.requests, self._patience)

    async def _serve(self, listeners: Sequence[Listener]) -> None:
        self._loop = asyncio.get_running_loop()
        for listener in listeners:
            await listener.start()
        self._ready.set()
        await self._stop.wait()
        self._patience.stop()
        for listener in listeners:
            await listener.stop()


def _bound(port: int) -> socket.socket:
    try:
        return bind(port)
    except OSError as error:
        message = f"Port {port} of {HOST} cannot be used ({error.strerror}); choose another one."
        raise SimulatorError(message) from error


def serve(
    say: Callable[[str], None],
    *,
    seed: str = "monday",
    port: int = 0,
    tls_port: int = 0,
    home: Path | None = None,
    start: datetime | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM; to be called in the main thread.

    `start` is the simulated time at the beginning, None: the real one.
    Raises SimulatorError if a port is taken, the seed is unknown or the home belongs to another.
    """
    stop = threading.Event()
    clock = SimClock(start)
    with Simulator(seed, clock, port, tls_port) as simulator, _signals_set(stop):
        if home is not None:
            write_home(simulator, home)
            say(f"Wrote {home}: use it with TOKENTUI_HOME={home}")
        say(f"Simulated systems at {simulator.base_url} and {simulator.tls_url}")
        say(f"Control at {simulator.base_url}{CONTROL_PREFIX}/. Ctrl+C ends it.")
        stop.wait()


@contextmanager
def _signals_set(stop: threading.Event) -> Iterator[None]:
    handled = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in handled}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
