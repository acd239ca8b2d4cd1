"""What the program opens, starts and connects to: counted, not timed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from command import argv, environment
from simulator_fixtures import small_home, start_simulator
from tokentui.bootstrap import Wiring
from tokentui.providers import http_tls
from tokentui.services.overview import Overview, first_look, overview
from tokentui.services.ports import Ledger
from ui.fakes import DAY, DEMO, HOUR, busy_monday
from ui.pty_app import CTRL_Q, PtyApp
from world import TOKEN

ESCAPE = b"\x1b"
STATEMENTS_OF_HOME = 3
STATEMENTS_OF_A_FIRST_LOOK = 4  # what was remembered of all lists as well

WATCHED = """
import atexit, os, sys
from pathlib import Path
home = Path(sys.argv[1])
STARTS = ("subprocess.Popen", "os.posix_spawn", "os.fork", "os.forkpty", "os.exec", "os.system")
WRITES = os.O_WRONLY | os.O_RDWR
seen = []

def watch(event, args):
    if event in STARTS:
        seen.append(event)
    elif event == "open" and isinstance(args[0], (str, bytes)) and args[2] & WRITES:
        path = os.fsdecode(args[0])
        if not path.startswith((str(home), "/dev/")):
            seen.append(f"open {path}")

sys.addaudithook(watch)
from tokentui.cli.main import main
code = main([])
told = "\\n".join(seen) or "nothing"
(home / "report").write_text(told)
os._exit(code)
"""


def test_looking_around_starts_nothing_and_writes_nowhere_else(tmp_path: Path) -> None:
    with start_simulator() as sim:
        home = small_home(sim, tmp_path / "home")
        command = [argv()[0], "-B", "-c", WATCHED, str(home)]
        with PtyApp(command, columns=80, lines=24, **environment(home)) as app:
            app.settle(b"stackit ok")
            for key in (b"I", b"g", ESCAPE, b"?", ESCAPE, b"H"):
                app.press(key)
            app.type(CTRL_Q)
            assert app.finish() == 0
    assert (home / "report").read_text() == "nothing"


async def test_a_profile_has_one_client_and_all_share_one_tls_context(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients = []
    made = httpx.AsyncClient.__init__

    def counting(client: httpx.AsyncClient, **settings: object) -> None:
        clients.append(settings["verify"])
        made(client, **settings)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(httpx.AsyncClient, "__init__", counting)
    http_tls.tls_context.cache_clear()
    with start_simulator() as sim:
        wiring = Wiring(environment(small_home(sim, tmp_path / "home")))
        workbench = await wiring.open()
        try:
            names = [profile.name for profile in workbench.config.profiles]
            for _ in range(3):
                listings = [listing async for listing in workbench.inventory.refresh(names)]
            assert listings
        finally:
            await wiring.close()
    assert len(clients) == len(names)
    assert len({id(context) for context in clients}) == 1
    assert http_tls.tls_context.cache_info().misses == 1


def test_home_reads_the_ledger_in_the_same_few_statements_however_long_it_is(
    tmp_path: Path,
) -> None:
    world = busy_monday(tmp_path)

    def statements(look: Callable[[Ledger, datetime], Overview]) -> int:
        counted: list[str] = []
        world.ledger._connection.set_trace_callback(counted.append)
        look(world.ledger, world.clock())
        world.ledger._connection.set_trace_callback(None)
        return len(counted)

    looks = (overview, first_look)
    short = [statements(look) for look in looks]
    for number in range(100):
        world.made(DEMO, TOKEN, HOUR, (number + 1) * DAY)
    long = [statements(look) for look in looks]
    assert short == long == [STATEMENTS_OF_HOME, STATEMENTS_OF_A_FIRST_LOOK]
    world.ledger.close()
