"""The state of the simulated Cloudfleet organization."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from tokentui.simulator.cloudfleet.dialect import GUESS
from tokentui.simulator.cloudfleet.model import (
    ApiToken,
    new_secret,
    new_token_id,
    timestamp,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tokentui.simulator.cloudfleet.dialect import Dialect
    from tokentui.simulator.cloudfleet.model import CfkeCluster, Organization
    from tokentui.simulator.ground import Ground

PREFIX: Final = "/cloudfleet"
API_PREFIX: Final = "/v1"
CLUSTERS_PREFIX: Final = "/cfke"
REALMS_PREFIX: Final = "/realms"


class CloudfleetWorld:
    """One organization; its plain attributes are switches that may be set while it serves.

    `dialect`: the whole wire format. `jwt_life`: the life of JWTs made from now on.
    `user_reads_tokens`: whether the role User may list and get tokens. `has_billing_data`: without
    it the quota is empty. `text` touches the free texts that answers hold.
    """

    def __init__(self, ground: Ground, organization: Organization) -> None:
        self.ground = ground
        self.organization = organization
        self.dialect: Dialect = GUESS
        self.jwt_life = timedelta(seconds=300)
        self.user_reads_tokens = False
        self.has_billing_data = True
        self.text: Callable[[str], str] = _unchanged
        self.clusters: dict[str, CfkeCluster] = {}
        self.mint_count = 0
        self._tokens: dict[str, ApiToken] = {}

    @property
    def api_url(self) -> str:
        """The base address of the API on the plain listener, with its version."""
        return self.ground.base_url + PREFIX + API_PREFIX

    @property
    def token_url(self) -> str:
        """The address of the token endpoint, a template that holds `{organization_id}`."""
        return self.ground.base_url + PREFIX + self.dialect.token_path

    def origin(self, *, is_tls: bool) -> str:
        """Return the address of the system on one of the listeners."""
        return (self.ground.tls_url if is_tls else self.ground.base_url) + PREFIX

    def issuer(self, *, is_tls: bool) -> str:
        """Return the issuer of JWTs that are made on that listener."""
        return f"{self.origin(is_tls=is_tls)}{REALMS_PREFIX}/{self.organization.id}"

    def cluster_url(self, cluster_id: str) -> str:
        """Return the address of a cluster's Kubernetes API."""
        return f"{self.ground.tls_url}{CLUSTERS_PREFIX}/{cluster_id}"

    def tokens(self) -> list[ApiToken]:
        """Return the tokens in order of creation here."""
        return list(self._tokens.values())

    def token(self, token_id: str) -> ApiToken | None:
        """Return the token with that id, whose case matters."""
        return self._tokens.get(token_id)

    def token_named(self, name: str) -> ApiToken:
        """Return the first token of that name; raises KeyError."""
        for token in self._tokens.values():
            if token.name == name:
                return token
        raise KeyError(name)

    def add_token(self, token: ApiToken) -> None:
        """Let a token exist, in place of one with its id."""
        self._tokens[token.id] = token

    def create_token(self, name: str, role: str) -> ApiToken:
        """Make a token with a new secret."""
        token = ApiToken(new_token_id(), name, role, new_secret(), self._now())
        self.mint_count += 1
        self.add_token(token)
        return token

    def change_token(self, token: ApiToken, name: str, role: str) -> ApiToken:
        """Give a token another name and role."""
        made = replace(token, name=name, role=role)
        self.add_token(made)
        return made

    def regenerate_token(self, token: ApiToken) -> ApiToken:
        """Replace the secret of a token; the old one is worth nothing from now on."""
        made = replace(token, secret=new_secret())
        self.mint_count += 1
        self.add_token(made)
        return made

    def delete_token(self, token: ApiToken) -> None:
        """Let a token exist no longer."""
        del self._tokens[token.id]

    def token_of(self, token_id: str, secret: str) -> ApiToken | None:
        """Return the token of that pair and note its use, None if the pair is not valid."""
        token = self._tokens.get(token_id)
        if token is None or token.secret != secret:
            return None
        used = replace(token, last_used=self._now())
        self.add_token(used)
        return used

    def _now(self) -> str:
        return timestamp(self.ground.clock.now())


def _unchanged(text: str) -> str:
    return text
