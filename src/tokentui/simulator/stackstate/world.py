"""The state of the simulated StackState servers."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from tokentui.simulator.stackstate.model import (
    SYSTEM,
    IngestionKey,
    ServerAge,
    ServiceAccount,
    ServiceToken,
    User,
    new_ingestion_secret,
    new_service_secret,
)
from tokentui.simulator.stackstate.rights import Rights, rights_of
from tokentui.simulator.stackstate.subjects import Subjects

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from tokentui.simulator.ground import Ground

PREFIX: Final = "/stackstate"
PROD: Final = "sts-prod"
LAB: Final = "sts-lab"
ADMIN_TOKEN: Final = "tokentui-admin"  # noqa: S105 - the name of a token
GUEST_TOKEN: Final = "tokentui-guest"  # noqa: S105 - the name of a token

_FIRST_ID = 107_484_341_630_693


class StackstateServer:
    """One server; its plain attributes are switches that may be set while it serves.

    `sso_proxy`: a proxy in front answers everything with its login page. `absent_delete_status`:
    what the deletion of an unknown token answers, which is not published. `text` touches the free
    texts that the server itself writes.
    """

    def __init__(self, ground: Ground, name: str, age: ServerAge = ServerAge.CURRENT) -> None:
        self.ground = ground
        self.name = name
        self.age = age
        self.api_path = "/api"
        self.sso_proxy = False
        self.absent_delete_status: int = HTTPStatus.NOT_FOUND
        self.text: Callable[[str], str] = _unchanged
        self.users: dict[str, User] = {}
        self.service_accounts: dict[str, ServiceAccount] = {}
        self.ingestion_keys: dict[int, IngestionKey] = {}
        self.minted: list[ServiceToken | IngestionKey] = []
        self.subjects = Subjects(lambda: self.rights.roles)
        self._tokens: dict[int, ServiceToken] = {}
        self._ids_by_secret: dict[str, int] = {}
        self._next_id = _FIRST_ID

    @property
    def path(self) -> str:
        """The path of the server, below which the API and the receivers lie."""
        return f"{PREFIX}/{self.name}"

    @property
    def url(self) -> str:
        """The address of the server on the plain listener, without the API's path."""
        return self.ground.base_url + self.path

    @property
    def tls_url(self) -> str:
        """The address of the server on the TLS listener, without the API's path."""
        return self.ground.tls_url + self.path

    @property
    def is_old(self) -> bool:
        """Whether the server is of the time before 2025-06."""
        return self.age is not ServerAge.CURRENT

    @property
    def rights(self) -> Rights:
        """The permissions of the server's age."""
        return rights_of(self.age)

    def now_ms(self) -> int:
        """Return the simulated instant in epoch milliseconds."""
        return epoch_ms(self.ground.clock.now())

    def new_id(self) -> int:
        """Return an id that nothing on this server has."""
        self._next_id += 1
        return self._next_id - 1

    def tokens(self) -> list[ServiceToken]:
        """Return the service tokens, expired ones too, in order of creation."""
        return list(self._tokens.values())

    def token_named(self, name: str) -> ServiceToken:
        """Return the oldest service token of that name; raises KeyError."""
        for token in self._tokens.values():
            if token.name == name:
                return token
        raise KeyError(name)

    def token_of(self, secret: str) -> ServiceToken | None:
        """Return the service token with that secret, expired or not."""
        token_id = self._ids_by_secret.get(secret)
        return None if token_id is None else self._tokens[token_id]

    def add_token(self, token: ServiceToken) -> None:
        """Let a service token exist."""
        self._tokens[token.id] = token
        self._ids_by_secret[token.secret] = token.id

    def create_token(
        self,
        name: str,
        roles: Sequence[str],
        expires_ms: int | None = None,
        dedicated_subject: str | None = None,
    ) -> ServiceToken:
        """Make a service token as the API does; names may repeat."""
        token = ServiceToken(
            id=self.new_id(),
            name=name,
            roles=tuple(roles),
            secret=new_service_secret(),
            updated_ms=self.now_ms(),
            expires_ms=expires_ms,
            dedicated_subject=dedicated_subject,
        )
        self.add_token(token)
        self.minted.append(token)
        return token

    def delete_token(self, token_id: int) -> bool:
        """Delete a service token, its dedicated subject and the grants of that; False: unknown."""
        token = self._tokens.pop(token_id, None)
        if token is None:
            return False
        del self._ids_by_secret[token.secret]
        if token.dedicated_subject:
            self.subjects.remove(token.dedicated_subject)
        return True

    def create_ingestion_key(
        self, name: str, description: str | None, expires_ms: int | None
    ) -> IngestionKey:
        """Make an ingestion key as the API does."""
        key = IngestionKey(
            id=self.new_id(),
            name=name,
            secret=new_ingestion_secret(),
            updated_ms=self.now_ms(),
            expires_ms=expires_ms,
            description=description,
        )
        self.ingestion_keys[key.id] = key
        self.minted.append(key)
        return key

    def may(self, roles: Sequence[str], permission: str, resource: str = SYSTEM) -> bool:
        """Whether any of the roles is granted the permission; unknown roles are powerless."""
        return any(
            permission in self.subjects.grants(role).get(resource, frozenset()) for role in roles
        )


class StackstateWorld:
    """The servers by name."""

    def __init__(self, servers: Sequence[StackstateServer]) -> None:
        self.servers = {server.name: server for server in servers}

    @property
    def prod(self) -> StackstateServer:
        """The server of today."""
        return self.servers[PROD]

    @property
    def lab(self) -> StackstateServer:
        """The old server."""
        return self.servers[LAB]

    def mint_count(self) -> int:
        """Return how many credentials the servers made."""
        return sum(len(server.minted) for server in self.servers.values())


def epoch_ms(instant: datetime) -> int:
    """Return an aware instant in epoch milliseconds, rounded down."""
    return int(instant.timestamp() * 1000)


def _unchanged(text: str) -> str:
    return text
