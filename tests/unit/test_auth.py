"""Signing in with a secret from a variable, a file or the secret store."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fault_server import FaultServer, reply
from tokentui.domain.errors import ConfigError, NotSignedIn, StorageError
from tokentui.domain.model import ProfileName
from tokentui.domain.profile import AuthSettings
from tokentui.domain.secret import Secret
from tokentui.providers.auth import BEARER, SIGN_INS, HeaderForm, SignIn, sign_in
from tokentui.providers.base import Connection
from tokentui.providers.http import Http
from tokentui.providers.http_call import Call
from tokentui.providers.http_tls import tls_context
from tokentui.providers.signed import SignedHttp

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tokentui.domain.about import SettingValue

TOKEN = "token-of-a-test-0123456789"
STORED: dict[str, Secret] = {"ops": Secret(TOKEN)}


async def lookup(name: str) -> Secret | None:
    if name == "locked":
        raise StorageError("the secret store is locked", "unlock it")
    return STORED.get(name)


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    http = Http(tls=tls_context(), clock=now)
    yield http
    await http.aclose()


def build(http: Http, method: str, form: HeaderForm = BEARER, **options: SettingValue) -> SignIn:
    auth = AuthSettings(method, options)
    return sign_in(auth, Connection(ProfileName("p"), {}, auth, http, lookup, now), form)


def private(folder: Path, content: str, mode: int = 0o600) -> str:
    path = folder / "token"
    path.write_text(content)
    path.chmod(mode)
    return str(path)


def test_every_method_is_declared_and_known(http: Http) -> None:
    assert [method.key for method in SIGN_INS] == ["keyring", "env", "file", "command"]
    for method in SIGN_INS:
        with pytest.raises(ConfigError, match=method.settings[0].key):
            build(http, method.key)
    with pytest.raises(ConfigError, match="magic"):
        build(http, "magic")


async def test_a_variable_is_read_once_and_removed(
    http: Http, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPS_TOKEN", f" {TOKEN}\n")
    sign = build(http, "env", variable="OPS_TOKEN")
    assert "OPS_TOKEN" not in os.environ
    assert await sign.header() == ("Authorization", Secret(f"Bearer {TOKEN}"))
    again = build(http, "env", HeaderForm("X-API-Key"), variable="OPS_TOKEN")
    assert await again.header() == ("X-API-Key", Secret(TOKEN))


@pytest.mark.parametrize(("value", "words"), [(None, "is not set"), (" ", "is empty")])
async def test_a_missing_variable_is_named(
    http: Http, monkeypatch: pytest.MonkeyPatch, value: str | None, words: str
) -> None:
    name = f"NO_TOKEN_{words.split()[-1].upper()}"
    if value is not None:
        monkeypatch.setenv(name, value)
    sign = build(http, "env", variable=name)
    with pytest.raises(NotSignedIn, match=f"{name} {words}"):
        await sign.header()


async def test_a_file_is_read_again_when_it_changed(http: Http, tmp_path: Path) -> None:
    path = private(tmp_path, f"{TOKEN}\n")
    sign = build(http, "file", path=path)
    assert (await sign.header())[1] == Secret(f"Bearer {TOKEN}")
    private(tmp_path, "another")
    assert (await sign.header())[1] == Secret("Bearer another")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o777, 0o610])
async def test_a_file_that_others_can_use_is_refused(http: Http, tmp_path: Path, mode: int) -> None:
    sign = build(http, "file", path=private(tmp_path, TOKEN, mode))
    with pytest.raises(NotSignedIn, match=f"its mode is {mode:04o}") as caught:
        await sign.header()
    assert "chmod 600" in caught.value.next_step


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is empty"),
        ("two\nlines", "one line"),
        ("two words", "one line"),
        ("tökén", "foreign"),
        ("a\x1b[31mb", "foreign"),
        ("x" * 1_000_001, "larger than 1 MB"),
    ],
)
async def test_a_file_with_anything_else_is_refused_without_its_content(
    http: Http, tmp_path: Path, content: str, words: str
) -> None:
    sign = build(http, "file", path=private(tmp_path, content))
    with pytest.raises(NotSignedIn, match=words) as caught:
        await sign.header()
    assert not content or content not in str(caught.value)


async def test_what_is_no_file_is_said(http: Http, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    for place, words in (
        (tmp_path / "pipe", "not a regular file"),
        (tmp_path, "Is a directory"),
        (tmp_path / "x", "No such file"),
        ("a\0b", "cannot be opened"),
    ):
        with pytest.raises(NotSignedIn, match=words):
            await build(http, "file", path=str(place)).header()
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    (tmp_path / "binary").chmod(0o600)
    with pytest.raises(NotSignedIn, match="UTF-8"):
        await build(http, "file", path=str(tmp_path / "binary")).header()


async def test_the_secret_store_is_asked_by_name(http: Http) -> None:
    assert (await build(http, "keyring", name="ops").header())[1] == Secret(f"Bearer {TOKEN}")
    with pytest.raises(NotSignedIn, match="nothing under other"):
        await build(http, "keyring", name="other").header()
    with pytest.raises(NotSignedIn, match="locked: unlock it"):
        await build(http, "keyring", name="locked").header()


async def test_titles_name_the_source_and_no_secret(http: Http, tmp_path: Path) -> None:
    for sign in (
        build(http, "env", variable="OPS_TOKEN"),
        build(http, "file", path=private(tmp_path, TOKEN)),
        build(http, "keyring", name="ops"),
    ):
        assert sign.title
        assert TOKEN not in f"{sign.title}{sign!r}"
        await sign.aclose()


class Changing:
    """A sign-in that gives the next value once one was refused."""

    title = "changing"

    def __init__(self, *values: str) -> None:
        self._values = list(values)

    async def header(self) -> tuple[str, Secret]:
        return "Authorization", Secret(self._values[0])

    def forget(self, refused: Secret) -> None:
        if len(self._values) > 1 and refused == Secret(self._values[0]):
            self._values.pop(0)

    async def aclose(self) -> None:
        return None


async def test_a_read_is_signed_in_once_more_after_a_401(http: Http) -> None:
    signed = SignedHttp(http, Changing("old", "new", "newest"))
    async with FaultServer(reply(401), reply()) as server:
        assert (await signed.read(Call("GET", server.url, "look"))).status == 200
    assert [one.headers["authorization"] for one in server.requests] == ["old", "new"]


async def test_a_read_is_not_repeated_with_the_same_secret(http: Http) -> None:
    signed = SignedHttp(http, Changing("only"))
    async with FaultServer(reply(401)) as server:
        with pytest.raises(NotSignedIn):
            await signed.read(Call("GET", server.url, "look"))
    assert len(server.requests) == 1


async def test_what_makes_is_not_repeated_after_a_401_but_the_next_one_is_signed_anew(
    http: Http,
) -> None:
    signed = SignedHttp(http, Changing("old", "new"))
    async with FaultServer(reply(401), reply()) as server:
        with pytest.raises(NotSignedIn):
            await signed.once(Call("POST", server.url, "make"))
        assert len(server.requests) == 1
        await signed.once(Call("POST", server.url, "make"))
    assert server.requests[1].headers["authorization"] == "new"
