"""Signs in with a secret that lies ready: in a variable, a file, the secret store."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from tokentui.domain.errors import NotSignedIn, StorageError
from tokentui.domain.secret import Secret
from tokentui.domain.text import clean
from tokentui.providers import options
from tokentui.providers.private_file import read_private_text

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping
    from pathlib import Path

    from tokentui.domain.about import SettingValue
    from tokentui.domain.profile import Profile
    from tokentui.providers.auth import HeaderForm, SignIn

_TAKEN: dict[str, Secret] = {}
"""Variables that were read and removed; a second profile may name the same one."""


def take_variables(profiles: Iterable[Profile]) -> None:
    """Remove every variable that a profile signs in with, before any child process is started."""
    for profile in profiles:
        variable = profile.auth.options.get("variable")
        if profile.auth.method == "env" and isinstance(variable, str):
            _take(variable)


def _take(variable: str) -> None:
    value = os.environ.pop(variable, None)
    if value is not None:
        _TAKEN[variable] = Secret(value)


def one_line(text: str, source: str) -> Secret:
    """Make a secret of one line of printable ASCII. Raises `NotSignedIn`, naming the source."""
    value = text.strip()
    if not value:
        raise NotSignedIn(f"{source} is empty", "put the token there")
    if not value.isascii() or not value.isprintable() or " " in value:
        raise NotSignedIn(
            f"{source} does not hold a token: it has blanks, line ends or foreign characters",
            "put the token there alone, on one line",
        )
    return Secret(value)


class Source:
    """A sign-in whose secret is read anew each time and cannot be made by us."""

    def __init__(self, title: str, form: HeaderForm, read: Callable[[], Awaitable[Secret]]) -> None:
        self._title = title
        self._form = form
        self._read = read

    @property
    def title(self) -> str:
        return self._title

    async def header(self) -> tuple[str, Secret]:
        secret = await self._read()
        return self._form.name, Secret(self._form.prefix + secret.reveal())

    def forget(self, refused: Secret) -> None:
        """Do nothing: the next header is read anew anyway."""

    async def aclose(self) -> None:
        return None


def from_variable(settings: Mapping[str, SettingValue], form: HeaderForm) -> SignIn:
    """Take a secret out of the environment, so that no child process inherits it."""
    variable = options.text(settings, "variable", "auth")
    _take(variable)
    shown = clean(variable, 80)

    async def read() -> Secret:
        if variable not in _TAKEN:
            raise NotSignedIn(f"the variable {shown} is not set", f"set {shown} to the token")
        return one_line(_TAKEN[variable].reveal(), f"the variable {shown}")

    return Source(f"variable {shown}", form, read)


def from_file(settings: Mapping[str, SettingValue], form: HeaderForm) -> SignIn:
    """Read a secret from a file that nobody else can read."""
    path = options.path(settings, "path", "auth")

    async def read() -> Secret:
        text = await asyncio.to_thread(read_private_text, path)
        return one_line(text.reveal(), f"the file {_shown(path)}")

    return Source(f"file {_shown(path)}", form, read)


def from_store(
    settings: Mapping[str, SettingValue],
    form: HeaderForm,
    lookup: Callable[[str], Awaitable[Secret | None]],
) -> SignIn:
    """Read a secret from the system's secret store."""
    name = options.text(settings, "name", "auth")
    shown = clean(name, 80)

    async def read() -> Secret:
        try:
            secret = await lookup(name)
        except StorageError as error:
            raise NotSignedIn(error.message, error.next_step) from None
        if secret is None:
            raise NotSignedIn(
                f"the secret store holds nothing under {shown}", "store the token under that name"
            )
        return one_line(secret.reveal(), f"the entry {shown} of the secret store")

    return Source(f"secret store, {shown}", form, read)


def _shown(path: Path) -> str:
    return clean(str(path), 200)
