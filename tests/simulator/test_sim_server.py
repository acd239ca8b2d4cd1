from __future__ import annotations

import gc
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

import tokentui
from simulator_fixtures import start_simulator, wait_until
from tokentui.simulator.clock import SimClock
from tokentui.simulator.errors import SimulatorError, UnknownSeedError
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.simulator.server import Simulator

SERVE = """
import pathlib, sys
from tokentui.simulator.server import serve
serve(lambda text: print(text, flush=True), seed="empty", home=pathlib.Path(sys.argv[1]))
"""


def test_nothing_is_left_after_the_end() -> None:
    before = threading.active_count()
    with start_simulator() as sim:
        assert threading.active_count() == before + 1
        url = sim.base_url
        with httpx.Client(trust_env=False) as client:
            client.get(f"{url}/_control/counts")
    assert threading.active_count() == before
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/_control/counts", trust_env=False)


def test_the_end_does_not_wait_for_held_slow_or_delayed_requests() -> None:
    with start_simulator() as sim:
        sim.faults.add(Fault(kind=FaultKind.HOLD, path="/hold"))
        sim.faults.add(Fault(kind=FaultKind.DELAY, path="/delay", seconds=3600))
        sim.faults.add(Fault(kind=FaultKind.SLOW, path="/slow", seconds=3600))
        asking = [
            threading.Thread(target=_ask, args=(f"{sim.base_url}/x/{name}",))
            for name in ("hold", "delay", "slow")
        ]
        for thread in asking:
            thread.start()
        wait_until(lambda: sim.requests.in_flight() == {"x": 3})
    for thread in asking:
        thread.join(10)
        assert not thread.is_alive()


def _ask(url: str) -> None:
    with httpx.Client(trust_env=False, timeout=60) as client, pytest.raises(httpx.HTTPError):
        client.get(url).raise_for_status()


def test_the_end_does_not_wait_for_idle_connections() -> None:
    with ExitStack() as connections:
        with start_simulator() as sim:
            for url in (sim.base_url, sim.tls_url) * 3:
                address = ("127.0.0.1", httpx.URL(url).port or 0)
                connections.enter_context(socket.create_connection(address, timeout=10))
            with httpx.Client(trust_env=False) as client:
                client.get(f"{sim.base_url}/_control/counts")
        gc.collect()


def test_both_listeners_are_on_loopback_alone() -> None:
    with start_simulator() as sim:
        assert httpx.URL(sim.base_url).host == "127.0.0.1"
        assert httpx.URL(sim.tls_url).host == "127.0.0.1"
        with pytest.raises(httpx.ConnectError):
            httpx.get(sim.base_url.replace("127.0.0.1", "127.0.0.2"), trust_env=False)


def test_a_taken_port_is_named() -> None:
    with start_simulator() as sim:
        port = httpx.URL(sim.base_url).port or 0
        with pytest.raises(SimulatorError, match=str(port)), Simulator("empty", port=port):
            pytest.fail("two simulators on one port")


@pytest.mark.parametrize("seed", ["tuesday", "rows:", "rows:-1", "rows:100001", ""])
def test_an_unknown_seed_is_refused_with_the_known_ones(seed: str) -> None:
    with pytest.raises(UnknownSeedError, match="monday"), Simulator(seed):
        pytest.fail("an unknown seed was served")


def test_the_clock_shifts_and_runs() -> None:
    clock = SimClock(datetime(2026, 10, 5, 12, 22, tzinfo=UTC))
    assert clock.now().strftime("%H:%M") == "12:22"
    clock.advance(timedelta(days=1))
    first = clock.now()
    assert first.day == 6
    wait_until(lambda: clock.now() > first)
    with pytest.raises(ValueError, match="time zone"):
        clock.set(datetime(2026, 10, 5))  # noqa: DTZ001 - the error under test


def test_a_world_is_laid_out_around_its_clock() -> None:
    with start_simulator(clock=SimClock(datetime(2031, 1, 1, tzinfo=UTC))) as sim:
        created = [one.created for one in sim.world.stackit.instances()]
        assert max(created).year == 2030


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serve_writes_a_home_and_ends_on_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    source = str(Path(tokentui.__file__).parents[1])
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-c", SERVE, str(tmp_path / "home")],
        env=os.environ | {"PYTHONPATH": source},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(3)]
        process.send_signal(number)
        _, errors = process.communicate(timeout=30)
    assert str(tmp_path / "home") in lines[0]
    assert "http://127.0.0.1:" in lines[1]
    assert (process.returncode, errors) == (0, "")
    assert (tmp_path / "home" / "config.yaml").exists()
