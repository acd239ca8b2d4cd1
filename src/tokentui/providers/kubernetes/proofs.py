"""What signs requests in: kept as long as it is good, fetched anew when it is refused.

Source: client-go 32ce75a client_config.go, token_source.go and exec.go.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from tokentui.domain.errors import NotSignedIn
from tokentui.providers.auth_sources import one_line
from tokentui.providers.kubernetes.access import read_beside
from tokentui.providers.shared_run import SharedRun

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tokentui.domain.secret import Secret
    from tokentui.providers.kubernetes.access import Context
    from tokentui.providers.kubernetes.user_rules import User

_FILE_KEPT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Proof:
    """A token, a client certificate with its key, or both. `until` None: for this process."""

    token: Secret | None = None
    certificate: Secret | None = None
    key: Secret | None = None
    until: datetime | None = None


class Proofs(Protocol):
    """Gives what signs in."""

    async def get(self) -> Proof:
        """Give it. Raises `NotSignedIn`."""

    def forget(self, refused: Proof) -> None:
        """Keep it no longer, because the server refused it."""

    async def aclose(self) -> None:
        """Stop what is under way."""


class FixedProof:
    """What stands in the kubeconfig itself."""

    def __init__(self, proof: Proof) -> None:
        self._proof = proof

    async def get(self) -> Proof:
        return self._proof

    def forget(self, refused: Proof) -> None:
        """Do nothing: there is no other."""

    async def aclose(self) -> None:
        return None


class KeptProof:
    """What is fetched, once for all who wait for it."""

    def __init__(
        self, fetch: Callable[[], Awaitable[Proof]], clock: Callable[[], datetime]
    ) -> None:
        self._source = fetch
        self._clock = clock
        self._kept: Proof | None = None
        self._run = SharedRun(self._fetch)

    async def get(self) -> Proof:
        kept = self._kept
        if kept is None or (kept.until is not None and self._clock() >= kept.until):
            return await self._run()
        return kept

    def forget(self, refused: Proof) -> None:
        if self._kept is refused:
            self._kept = None

    async def aclose(self) -> None:
        await self._run.aclose()

    async def _fetch(self) -> Proof:
        self._kept = await self._source()
        return self._kept


def token_file(user: User, context: Context, clock: Callable[[], datetime]) -> KeptProof:
    """Give the token of a file, read anew each minute; the user's own token stands in for it."""

    def read() -> Proof:
        until = clock().astimezone(UTC) + _FILE_KEPT
        try:
            text = read_beside(context.user, user.token_file, f"tokenFile of {user.where}")
            token = one_line(text.reveal(), f"the tokenFile of {user.where}")
        except NotSignedIn:
            if user.token is None:
                raise
            token = user.token
        return Proof(token, user.certificate, user.key, until)

    return KeptProof(lambda: asyncio.to_thread(read), clock)
