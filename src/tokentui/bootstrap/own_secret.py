"""The secret that a profile signs in with, where another one can take its place."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from tokentui.delivery.secret_file import check_replaceable, write_secret
from tokentui.domain.errors import DeliveryError, NotSignedIn, StorageError
from tokentui.domain.text import clean
from tokentui.providers.private_file import read_private_text

if TYPE_CHECKING:
    from tokentui.domain.profile import AuthSettings
    from tokentui.domain.secret import Secret
    from tokentui.services.ports import SecretStore

_FIXED = {
    "env": "its sign-in is a variable of the environment",
    "command": "its sign-in is what a command prints",
}


def own_secret(auth: AuthSettings, secrets: SecretStore) -> FileSecret | StoredSecret | FixedSecret:
    """Give the place that a sign-in names."""
    match auth.method:
        case "file":
            return FileSecret(Path(str(auth.options.get("path", ""))).expanduser())
        case "keyring":
            return StoredSecret(secrets, str(auth.options.get("name", "")))
        case method:
            words = f"its sign-in {clean(method, 40)} is not a secret that is kept for it"
            return FixedSecret(_FIXED.get(method, words))


class FileSecret:
    """A file that its owner alone can read."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def title(self) -> str:
        return f"the file {clean(str(self._path), 200)}"

    def objection(self) -> str:
        try:
            check_replaceable(self._path)
        except DeliveryError as error:
            return error.sentence
        return ""

    async def current(self) -> Secret | None:
        try:
            return await asyncio.to_thread(read_private_text, self._path)
        except NotSignedIn:
            return None

    async def keep(self, secret: Secret) -> None:
        try:
            await asyncio.to_thread(write_secret, self._path, secret, overwrite=True)
        except DeliveryError as error:
            raise StorageError(error.message, error.next_step) from None


class StoredSecret:
    """An entry of the secret store."""

    def __init__(self, secrets: SecretStore, name: str) -> None:
        self._secrets = secrets
        self._name = name

    @property
    def title(self) -> str:
        return f"the entry {clean(self._name, 80)} of the {self._secrets.title}"

    def objection(self) -> str:
        return ""

    async def current(self) -> Secret | None:
        try:
            return await self._secrets.get(self._name)
        except StorageError:
            return None

    async def keep(self, secret: Secret) -> None:
        await self._secrets.set(self._name, secret)


class FixedSecret:
    """What cannot be changed from here."""

    title = "its sign-in"

    def __init__(self, why: str) -> None:
        self._why = why

    def objection(self) -> str:
        return self._why

    async def current(self) -> None:
        return None

    async def keep(self, secret: Secret) -> None:
        raise StorageError(f"the new secret was not kept: {self._why}", "put it there yourself")
