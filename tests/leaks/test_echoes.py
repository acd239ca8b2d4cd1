"""Servers and gateways that repeat our request in their errors put no secret into our records."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import threading
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from command import Done, argv, environment, tokentui
from simulator_fixtures import small_home, start_simulator
from tokentui.simulator.server import Simulator
from traces import files_with, traces

CANARY = "canary-0a1b2c3d/4e5f+6071829384756"
STATUSES = [500, 401, 403]
Shape = Callable[[str], tuple[str, bytes]]


def as_json(text: str) -> tuple[str, bytes]:
    shapes = {"message": text, "error_description": text, "errors": [{"message": text}]}
    return "application/json", json.dumps(shapes | {"trackingKey": text}).encode()


def as_text(text: str) -> tuple[str, bytes]:
    return "text/plain", text.encode()


class Echo:
    """Passes requests on to a simulator; repeats those in an error that `meets` picks."""

    def __init__(self, behind: str, status: int, shape: Shape) -> None:
        self.behind = behind
        self.status = status
        self.shape = shape
        self.meets: Callable[[str, str], bool] = lambda path, request: True
        self.said: list[str] = []
        self.secrets: list[str] = []

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("content-length", "0")))
        request = f"{body.decode()} {dict(handler.headers)}"
        if self.meets(handler.path, request):
            self.secrets += parse_qs(body.decode()).get("assertion", [])
            self.secrets += re.findall(r"Bearer ([\w.-]+)", request)
            encoded = b64encode(CANARY.encode()).decode()
            held = f"got {request} {encoded if CANARY in request else ''}"
            self.said.append(held)
            self._send(handler, self.status, *self.shape(held))
            return
        call = urllib.request.Request(  # noqa: S310  # the simulator on loopback
            self.behind + handler.path, body or None, dict(handler.headers), method=handler.command
        )
        try:
            with urllib.request.urlopen(call) as came:  # noqa: S310  # the simulator on loopback
                self._send(handler, came.status, came.headers["content-type"] or "", came.read())
        except urllib.error.HTTPError as error:
            self._send(handler, error.code, error.headers["content-type"] or "", error.read())

    def _send(
        self, handler: BaseHTTPRequestHandler, status: int, content_type: str, body: bytes
    ) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", content_type)
        handler.send_header("Content-Length", str(len(body)))
        handler.send_header("X-Trace-Id", CANARY)
        handler.end_headers()
        handler.wfile.write(body)


@contextmanager
def serving(echo: Echo) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def handle_all(self) -> None:
            echo.answer(self)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_all

        def log_message(self, *_: object) -> None:  # says nothing
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as simulator:
        yield simulator


def home_of(sim: Simulator, folder: Path, url: str) -> Path:
    home = small_home(sim, folder / "home")
    config = home / "config.yaml"
    config.write_text(config.read_text().replace(sim.base_url, url))
    return home


def recorded(home: Path) -> str:
    """Give all texts of the ledger: entries, events, what was listed last."""
    with sqlite3.connect(home / "ledger.db") as ledger:
        return "\n".join(ledger.iterdump())


def assert_kept_out(home: Path, secret: str, *told: Done) -> None:
    for text in ("".join(done.out + done.err for done in told), recorded(home)):
        assert traces(secret, text) == []
    assert files_with(secret, home, [*(home / "secrets").iterdir()]) == {}


@pytest.mark.parametrize("shape", [as_json, as_text])
@pytest.mark.parametrize("status", STATUSES)
def test_a_sign_in_that_is_repeated_is_masked(
    sim: Simulator, tmp_path: Path, status: int, shape: Shape
) -> None:
    echo = Echo(sim.base_url, status, shape)
    with serving(echo) as url:
        home = home_of(sim, tmp_path, url)
        (home / "secrets" / "stackstate-token").write_text(CANARY)
        echo.meets = lambda path, request: "/tokens" in path.lower() or path.endswith("token")
        create = ("token", "create", "-p", "stackstate", "--name", "x")
        made = tokentui(home, *create, "--role", "stackstate-guest", "-e", "7d", "--stdout")
        echo.meets = lambda path, request: True
        listed = tokentui(home, "token", "list", "-p", "stackstate")

    assert any(CANARY in text for text in echo.said)
    assert "[secret]" in made.err + listed.err
    assert_kept_out(home, CANARY, made, listed)


@pytest.mark.parametrize("status", STATUSES)
def test_a_client_assertion_that_is_repeated_is_masked(
    sim: Simulator, tmp_path: Path, status: int
) -> None:
    echo = Echo(sim.base_url, status, as_json)
    echo.meets = lambda path, request: "assertion=" in request
    with serving(echo) as url:
        home = home_of(sim, tmp_path, url)
        done = tokentui(home, "token", "create", "--instance", "demo", "--stdout")

    assert echo.secrets
    assert "[secret]" in done.err
    for assertion in echo.secrets:
        assert_kept_out(home, assertion, done)


def test_an_access_token_that_is_repeated_is_masked(sim: Simulator, tmp_path: Path) -> None:
    echo = Echo(sim.base_url, 403, as_json)
    echo.meets = lambda path, request: "Bearer " in request
    with serving(echo) as url:
        home = home_of(sim, tmp_path, url)
        listed = tokentui(home, "token", "list", "-p", "stackit")
        made = tokentui(home, "account", "create", "--name", "x", "--scope", "ops-dev")

    assert len(set(echo.secrets)) == 2
    assert "[secret]" in listed.err
    assert "[secret]" in made.err
    for bearer in set(echo.secrets):
        assert_kept_out(home, bearer.rpartition(".")[2], listed, made)


def test_a_token_just_made_that_is_repeated_when_it_is_tried_is_masked(
    sim: Simulator, tmp_path: Path
) -> None:
    minted = sim.world.stackstate.prod.minted
    echo = Echo(sim.base_url, 403, as_json)
    echo.meets = lambda path, request: any(one.secret in request for one in minted)
    with serving(echo) as url:
        home = home_of(sim, tmp_path, url)
        create = ("token", "create", "-p", "stackstate", "--name", "x", "-e", "7d")
        path = tmp_path / "token"
        made = tokentui(home, *create, "--role", "stackstate-guest", "--file", str(path))

    assert echo.said
    assert "[secret]" in made.err
    assert path.read_text() == f"{minted[0].secret}\n"
    assert_kept_out(home, minted[0].secret, made)


@pytest.mark.parametrize("status", [500, 403])
def test_a_new_secret_that_is_repeated_while_it_is_tried_is_masked(
    sim: Simulator, tmp_path: Path, status: int
) -> None:
    echo = Echo(sim.base_url, status, as_json)
    echo.meets = lambda path, request: CANARY in request
    with serving(echo) as url:
        home = home_of(sim, tmp_path, url)
        items = tokentui(home, "token", "list", "-p", "stackstate", "-o", "json").json["items"]
        one = next(item for item in items if item["kind"] == "token")
        came = subprocess.run(
            argv("token", "verify", one["id"], "-p", "stackstate"),
            env=environment(home),
            input=CANARY,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        done = Done(came.returncode, came.stdout, came.stderr)

    assert echo.said
    assert "[secret]" in done.out + done.err
    assert_kept_out(home, CANARY, done)
