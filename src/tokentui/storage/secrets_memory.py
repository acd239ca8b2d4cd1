"""Secrets that end with the process."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokentui.domain.secret import Secret


class MemorySecrets:
    """A secret store that writes nothing down."""

    def __init__(self) -> None:
        self._secrets: dict[str, Secret] = {}

    @property
    def title(self) -> str:
        """The word for it that a person is told."""
        return "this session's memory"

    async def get(self, name: str) -> Secret | None:
        """Give a secret, None if there is none."""
        return self._secrets.get(name)

    async def set(self, name: str, secret: Secret) -> None:
        """Keep a secret until the process ends."""
        self._secrets[name] = secret

    async def delete(self, name: str) -> None:
        """Forget a secret; one that is not there is no error."""
        self._secrets.pop(name, None)
