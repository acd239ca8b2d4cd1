"""Signs in with the session of the command `stackit`, by asking the command for its token.

The command refreshes a user's session by itself and never opens a browser; for a service account
it prints the token that it stored, which may be over (stackit-cli 0.71.0, read 2026-08-21).
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from tokentui.domain.errors import ConfigError, NotSignedIn
from tokentui.domain.jwt import end_of
from tokentui.domain.text import clean
from tokentui.providers import options
from tokentui.providers.auth import BEARER
from tokentui.providers.auth_command import Command, CommandSignIn

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from tokentui.domain.about import SettingValue
    from tokentui.domain.secret import Secret

ARGV = ("stackit", "auth", "get-access-token", "-o", "json")
_FIELD = "access_token"
_PROFILE = re.compile(r"[a-z0-9][a-z0-9-]+")
_LOGIN = "run `stackit auth login` or `stackit auth activate-service-account`"
_TURNS: WeakKeyDictionary[AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()
"""One run at a time: two would both refresh the session, and its refresh tokens rotate."""


class CliSession:
    """Keeps the command's token until shortly before its end."""

    def __init__(self, command: Command, clock: Callable[[], datetime]) -> None:
        self._command = CommandSignIn(command, BEARER, clock)
        self._clock = clock

    @property
    def title(self) -> str:
        return "the session of the command stackit"

    async def header(self) -> tuple[str, Secret]:
        turn = _TURNS.setdefault(asyncio.get_running_loop(), asyncio.Lock())
        async with turn:
            name, value = await self._command.header()
        end = end_of(value.reveal().removeprefix(BEARER.prefix))
        if end is not None and end <= self._clock():
            self._command.forget(value)
            raise NotSignedIn(
                f"the token of the command stackit ended on {end:%Y-%m-%d %H:%M} UTC", _LOGIN
            )
        return name, value

    def forget(self, refused: Secret) -> None:
        self._command.forget(refused)

    async def aclose(self) -> None:
        await self._command.aclose()


def from_cli(
    settings: Mapping[str, SettingValue],
    clock: Callable[[], datetime],
    where: str,
    argv: tuple[str, ...] = ARGV,
) -> CliSession:
    """Build the sign-in. Raises `ConfigError`."""
    profile = options.optional_text(settings, "cli_profile", where)
    if profile is not None and not _PROFILE.fullmatch(profile):
        raise ConfigError(
            f"{where}: {clean(profile, 60)} is no profile of the command stackit",
            "use lower-case letters, digits and hyphens, as `stackit config profile list` shows",
        )
    command = Command(
        argv,
        _FIELD,
        options.seconds(settings, "timeout", where, default=20.0),
        environment={} if profile is None else {"STACKIT_CLI_PROFILE": profile},
        next_step=_LOGIN,
        check="install STACKIT's command line, version 0.37.1 or later, where PATH finds it",
    )
    return CliSession(command, clock)
