"""Signing in to STACKIT by the vendor's command and as a federated workload."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import jwt
import pytest

from fault_server import FaultServer, reply
from tokentui.domain.errors import ConfigError, NotSignedIn
from tokentui.domain.secret import Secret
from tokentui.providers.http import Http
from tokentui.providers.http_tls import tls_context
from tokentui.providers.stackit.cli_session import ARGV, from_cli
from tokentui.providers.stackit.workload_identity import ASSERTION_TYPE, WorkloadIdentity

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tokentui.domain.about import SettingValue
    from tokentui.providers.stackit.cli_session import CliSession

NOW = datetime(2026, 10, 5, 12, 0, tzinfo=UTC)
CANARY = "canary-of-the-command"


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def lasting(seconds: int, word: str = "x") -> str:
    end = int((NOW + timedelta(seconds=seconds)).timestamp())
    return jwt.encode({"exp": end, "word": word}, "k" * 32, "HS256")


def session(code: str, clock: Clock | None = None, **settings: SettingValue) -> CliSession:
    return from_cli(settings, clock or Clock(), "auth", (sys.executable, "-c", code))


def printing(token: str, note: Path | None = None) -> str:
    said = "" if note is None else f"open({str(note)!r}, 'a').write('x');"
    return f"{said}print({json.dumps({'access_token': token})!r})"


def test_the_command_always_asks_for_json() -> None:
    assert ARGV == ("stackit", "auth", "get-access-token", "-o", "json")


async def test_the_commands_token_is_kept_until_shortly_before_its_end(tmp_path: Path) -> None:
    clock, note = Clock(), tmp_path / "runs"
    sign_in = session(printing(lasting(900), note), clock)
    name, value = await sign_in.header()
    assert (name, value) == ("Authorization", Secret(f"Bearer {lasting(900)}"))
    clock.now = NOW + timedelta(seconds=719)
    await sign_in.header()
    assert note.read_text() == "x"
    clock.now = NOW + timedelta(seconds=720)
    await sign_in.header()
    assert note.read_text() == "xx"


async def test_a_token_that_is_over_is_said_and_asked_for_anew(tmp_path: Path) -> None:
    note = tmp_path / "runs"
    sign_in = session(printing(lasting(-60), note))
    for _ in range(2):
        with pytest.raises(NotSignedIn, match="ended on 2026-10-05 11:59 UTC") as caught:
            await sign_in.header()
        assert "stackit auth login" in caught.value.next_step
    assert note.read_text() == "xx"


async def test_a_session_that_is_over_says_how_to_sign_in() -> None:
    code = "import sys; sys.exit('Error: session expired')"
    with pytest.raises(NotSignedIn, match="session expired") as caught:
        await session(code).header()
    assert "stackit auth login" in caught.value.next_step
    assert "activate-service-account" in caught.value.next_step


async def test_a_command_that_prints_nothing_is_said_without_its_output() -> None:
    for code in ("pass", f"print({CANARY[:9]!r} + {CANARY[9:]!r})", "print('{}')"):
        with pytest.raises(NotSignedIn) as caught:
            await session(code).header()
        assert CANARY not in str(caught.value)
        assert "command line" in caught.value.next_step


async def test_a_missing_command_is_said() -> None:
    with pytest.raises(NotSignedIn, match="cannot run") as caught:
        await from_cli({}, Clock(), "auth", ("/nowhere/stackit",)).header()
    assert "install" in caught.value.next_step


async def test_the_profile_goes_into_the_commands_environment() -> None:
    code = (
        "import json, os;"
        "print(json.dumps({'access_token': 'profile-' + os.environ['STACKIT_CLI_PROFILE']}))"
    )
    _, value = await session(code, cli_profile="ops").header()
    assert value == Secret("Bearer profile-ops")


@pytest.mark.parametrize("name", ["Ops", "-x", "x", "a b", "ops/x", "ops\x1b"])
def test_a_profile_that_the_command_refuses_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match="profile of the command"):
        session("pass", cli_profile=name)


async def test_the_command_never_runs_twice_at_once(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    code = (
        f"import os, time; os.mkdir({str(lock)!r}); time.sleep(0.1); os.rmdir({str(lock)!r});"
        + printing(lasting(900))
    )
    sessions = [session(code) for _ in range(3)]
    values = await asyncio.gather(*(one.header() for one in sessions))
    assert len(values) == 3, "a second run at the same time would find the folder and fail"


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    http = Http(tls=tls_context(), clock=Clock())
    yield http
    await http.aclose()


def granted(token: str) -> bytes:
    return json.dumps({"access_token": token, "expires_in": 3600}).encode()


async def test_a_workload_exchanges_its_token(http: Http, tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text("workload.jwt.one\n")
    path.chmod(0o644)
    async with FaultServer(reply(body=granted("first"))) as server:
        url = f"{server.url}/oauth/v2/token"
        sign_in = WorkloadIdentity(path, "ci@sa.stackit.cloud", http, Clock(), url)
        assert await sign_in.header() == ("Authorization", Secret("Bearer first"))
    (request,) = server.requests
    assert request.path == "/oauth/v2/token"
    assert "authorization" not in request.headers
    assert parse_qs(request.body.decode()) == {
        "grant_type": ["client_credentials"],
        "client_id": ["ci@sa.stackit.cloud"],
        "client_assertion_type": [ASSERTION_TYPE],
        "client_assertion": ["workload.jwt.one"],
    }


async def test_the_workloads_token_is_read_anew_each_time(http: Http, tmp_path: Path) -> None:
    path, clock = tmp_path / "token", Clock()
    path.write_text("one")
    async with FaultServer(reply(body=granted("first")), reply(body=granted("second"))) as server:
        sign_in = WorkloadIdentity(path, "ci@sa.stackit.cloud", http, clock, server.url)
        await sign_in.header()
        path.write_text("two")
        clock.now = NOW + timedelta(seconds=3299)
        await sign_in.header()
        assert len(server.requests) == 1
        clock.now = NOW + timedelta(seconds=3300)
        assert (await sign_in.header())[1] == Secret("Bearer second")
    assert parse_qs(server.requests[1].body.decode())["client_assertion"] == ["two"]


async def test_a_workload_that_is_not_federated_is_said(http: Http, tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text(CANARY)
    body = json.dumps({"error": "invalid_client", "error_description": "who is that"}).encode()
    async with FaultServer(reply(401, body)) as server:
        sign_in = WorkloadIdentity(path, "ci@sa.stackit.cloud", http, Clock(), server.url)
        with pytest.raises(NotSignedIn, match="who is that") as caught:
            await sign_in.header()
    assert "federated" in caught.value.next_step
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize("content", [None, "", "two\nlines", "\x00"])
async def test_a_token_file_that_is_none_is_said(
    http: Http, tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "token"
    if content is not None:
        path.write_text(content)
    sign_in = WorkloadIdentity(path, "ci@sa.stackit.cloud", http, Clock(), "http://127.0.0.1:9")
    with pytest.raises(NotSignedIn, match="token"):
        await sign_in.header()
