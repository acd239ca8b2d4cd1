"""Signing in with what a command prints."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import jwt
import pytest

from tokentui.domain.errors import ConfigError, NotSignedIn
from tokentui.domain.secret import Secret
from tokentui.providers.auth import BEARER, SignIn
from tokentui.providers.auth_command import from_command
from tokentui.providers.token_life import before_end

if TYPE_CHECKING:
    from pathlib import Path

    from tokentui.domain.about import SettingValue

START = datetime(2026, 10, 5, 12, 0, tzinfo=UTC)
CANARY = "canary-of-a-command-0123456789"


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


def python(code: str, **more: SettingValue) -> SignIn:
    return signed_by((sys.executable, "-c", code), Clock(), **more)


def signed_by(argv: tuple[str, ...], clock: Clock, **more: SettingValue) -> SignIn:
    return from_command({"command": argv, **more}, BEARER, clock)


def counting(folder: Path, prints: str) -> tuple[str, ...]:
    """Give a command that notes each run in a file."""
    code = f"open({str(folder / 'runs')!r}, 'a').write('x'); print({prints})"
    return (sys.executable, "-c", code)


def runs(folder: Path) -> int:
    return len((folder / "runs").read_text())


async def test_the_output_is_the_secret() -> None:
    sign = python(f"print({CANARY!r})")
    assert await sign.header() == ("Authorization", Secret(f"Bearer {CANARY}"))
    assert CANARY not in repr(sign)


async def test_a_json_field_is_taken() -> None:
    code = "import json; print(json.dumps({'access_token': 'abc', 'n': 1}))"
    assert (await python(code, json_field="access_token").header())[1] == Secret("Bearer abc")
    for field in ("other", "n"):
        with pytest.raises(NotSignedIn, match=f"no text in the field {field}"):
            await python(code, json_field=field).header()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("print('a b')", "one line"),
        ("print('a\\nb')", "one line"),
        ("pass", "is empty"),
        ("import sys; sys.exit('bad \\x1b[31mday')", "status 1, saying: bad .\\[31mday"),
        ("import os; os.kill(os.getpid(), 9)", "status -9"),
        ("print('x' * 300_000)", "more than a token"),
        ("import sys; print(repr(sys.stdin.read())); sys.exit(3)", "status 3"),
    ],
)
async def test_what_is_no_secret_is_said(code: str, words: str) -> None:
    with pytest.raises(NotSignedIn, match=words) as caught:
        await python(code).header()
    assert caught.value.next_step


async def test_text_where_json_should_be_is_said_without_the_text() -> None:
    with pytest.raises(NotSignedIn, match="did not print JSON") as caught:
        await python(f"print({CANARY[:9]!r} + {CANARY[9:]!r})", json_field="t").header()
    assert CANARY not in str(caught.value)
    assert caught.value.__suppress_context__


async def test_an_error_names_the_program_without_its_arguments() -> None:
    """An argument such as --client-secret=hunter2 is a secret."""
    argv = (sys.executable, "-c", "import sys; sys.exit(1)", "--client-secret=hunter2")
    sign = signed_by(argv, Clock())
    with pytest.raises(NotSignedIn, match="with 3 arguments failed") as caught:
        await sign.header()
    assert "hunter2" not in caught.value.sentence + sign.title


@pytest.mark.parametrize(
    ("secret", "around"),
    [
        ("eyJhbGciOi.SECRET.SIG", "debug: got token {}"),
        ("c40c9be1529f04199ffcd4d7ec6f7617", "refresh token {} was refused"),
        ("dGhpcyBpcyBhIHNlY3JldCB2YWx1ZSA0Mg==", "got <{}>"),
        ("hunter2", "POST client_secret={} failed"),
        ("eyJhbGciOiJSUzI1NiJ9." + "x" * 400, "." * 285 + "{}"),
    ],
)
async def test_what_looks_like_a_secret_is_masked_in_a_complaint(secret: str, around: str) -> None:
    words = around.format(secret)
    with pytest.raises(NotSignedIn) as caught:
        await python(f"import sys; sys.exit({words!r})").header()
    assert secret[:10] not in caught.value.sentence
    assert caught.value.said.startswith(words[:3])
    assert "[secret]" in caught.value.said


async def test_what_a_command_says_stays_out_of_the_words_that_are_written_down() -> None:
    with pytest.raises(NotSignedIn, match="saying: not today") as caught:
        await python("import sys; sys.exit('not today')").header()
    assert "not today" not in caught.value.message + caught.value.why


@pytest.mark.parametrize("argv", [("/nowhere/command",), ("a\0b",)])
async def test_a_command_that_cannot_run_is_said(argv: tuple[str, ...]) -> None:
    with pytest.raises(NotSignedIn, match="cannot run"):
        await signed_by(argv, Clock()).header()


@pytest.mark.parametrize("command", [None, "stackit auth", (), ("a", 1)])
def test_a_command_is_a_list_of_texts(command: SettingValue | None) -> None:
    with pytest.raises(ConfigError, match="command"):
        from_command({"command": command} if command is not None else {}, BEARER, Clock())


async def test_a_command_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    code = (
        "import subprocess, sys;"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        f"open({str(note)!r}, 'w').write(str(child.pid)); child.wait()"
    )
    async with asyncio.timeout(20):
        with pytest.raises(NotSignedIn, match="did not end within 2 s"):
            await python(code, timeout=2.0).header()
    await until_gone(int(note.read_text()))


async def test_a_cancelled_run_is_ended(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    code = (
        f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid()) + '\\n');time.sleep(60)"
    )
    sign = python(code)
    call = asyncio.create_task(sign.header())
    async with asyncio.timeout(20):
        while not note.exists() or not note.read_text().endswith("\n"):
            await asyncio.sleep(0.01)
    await sign.aclose()
    with pytest.raises(asyncio.CancelledError):
        await call
    await until_gone(int(note.read_text()))


async def until_gone(pid: int) -> None:
    async with asyncio.timeout(20):
        while is_running(pid):
            await asyncio.sleep(0.01)


def is_running(pid: int) -> bool:
    """Whether a process runs; one that only waits to be collected does not."""
    done = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return done.stdout.strip()[:1] not in ("", "Z")


async def test_many_callers_share_one_run(tmp_path: Path) -> None:
    sign = signed_by(counting(tmp_path, "'abc'"), Clock())
    headers = await asyncio.gather(*(sign.header() for _ in range(20)))
    assert all(value == Secret("Bearer abc") for _, value in headers)
    assert runs(tmp_path) == 1
    await sign.header()
    assert runs(tmp_path) == 1


async def test_a_caller_that_leaves_does_not_end_the_run_of_the_others(tmp_path: Path) -> None:
    sign = signed_by(counting(tmp_path, "'abc'"), Clock())
    leaving = asyncio.create_task(sign.header())
    staying = asyncio.create_task(sign.header())
    await asyncio.sleep(0)
    leaving.cancel()
    assert (await staying)[1] == Secret("Bearer abc")
    assert leaving.cancelled()
    assert runs(tmp_path) == 1


async def test_a_token_is_fetched_anew_before_its_end(tmp_path: Path) -> None:
    clock = Clock()
    end = int((START + timedelta(hours=1)).timestamp())
    text = jwt.encode({"exp": end}, "k" * 32, "HS256")
    sign = signed_by(counting(tmp_path, repr(text)), clock)
    await sign.header()
    clock.now = START + timedelta(minutes=54)
    await sign.header()
    assert runs(tmp_path) == 1
    clock.now = START + timedelta(minutes=55)
    await sign.header()
    assert runs(tmp_path) == 2


async def test_a_refused_token_is_fetched_anew_once(tmp_path: Path) -> None:
    sign = signed_by(counting(tmp_path, "'abc'"), Clock())
    _, value = await sign.header()
    sign.forget(Secret("Bearer older"))
    await sign.header()
    assert runs(tmp_path) == 1
    sign.forget(value)
    sign.forget(value)
    await sign.header()
    assert runs(tmp_path) == 2


@pytest.mark.parametrize(("life", "leeway"), [(60, 5), (25, 5), (10, 2), (0, 0), (-5, 0)])
def test_leeway_is_five_minutes_or_a_fifth(life: int, leeway: int) -> None:
    end = START + timedelta(minutes=life)
    assert before_end(START, end) == end - timedelta(minutes=leeway)
