"""One simulated cluster with its switches."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from tokentui.simulator.kubernetes.controllers import Controllers
from tokentui.simulator.kubernetes.rbac import Rbac
from tokentui.simulator.kubernetes.rbac_defaults import add_default_rbac
from tokentui.simulator.kubernetes.store import ObjectStore
from tokentui.simulator.kubernetes.tokens import ISSUER, ServiceAccountTokens

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from tokentui.simulator.ground import Ground
    from tokentui.simulator.kubernetes.identity import Identity

PREFIX: Final = "/kubernetes"
_HINTS_SINCE: Final = 28


@dataclass(slots=True)
class Switches:
    """What an operator of the API server decides.

    `max_token_seconds` cuts longer wishes. For `auth_cache_seconds` of simulated time a token
    stays good after what it is bound to is gone (10 on a real server). Without `anonymous` a
    request that sends no credentials is 401. `expire_continues` makes every continued list 410.
    """

    max_token_seconds: int | None = None
    auth_cache_seconds: float = 0
    anonymous: bool = True
    expire_continues: bool = False


class KubernetesCluster:
    """The API server's state; `text` touches what it says, `header_suffix` ends its warnings."""

    header_suffix = ""

    def __init__(
        self, ground: Ground, cluster_id: str, version: str, text: Callable[[str], str] = str
    ) -> None:
        self.id = cluster_id
        self.ground = ground
        self.text = text
        self.switches = Switches()
        self.users: dict[str, Identity] = {}
        self.requested = 0
        self.store = ObjectStore(ground.clock.now)
        self.tokens = ServiceAccountTokens(
            self.store,
            lambda: ground.keys.get(f"kubernetes/{cluster_id}"),
            ground.clock.now,
            lambda: self.minor,
        )
        self.controllers = Controllers(
            self.store, self.tokens, ground.ca_pem, ground.clock.now, lambda: self.minor
        )
        self.rbac = Rbac(self.store)
        self._cache: dict[str, tuple[datetime, Identity]] = {}
        self.version = version

    @property
    def url(self) -> str:
        """The server as kubeconfigs name it."""
        return f"{self.ground.tls_url}{PREFIX}/{self.id}"

    @property
    def version(self) -> str:
        """The version in the form `v1.34.1`; setting it also brings the roles up to date."""
        return self._version

    @version.setter
    def version(self, version: str) -> None:
        self.minor = minor_of(version)
        self._version = version
        add_default_rbac(self.store, self.minor)

    @property
    def says_more(self) -> bool:
        """Whether TokenRequests are answered with metadata and a warning about a shorter life."""
        return self.minor >= _HINTS_SINCE

    def user_of(self, token: str) -> Identity | None:
        """Return whose bearer token this is, None if it is wrong."""
        now = self.ground.clock.now()
        cached = self._cache.get(token)
        if cached is not None and cached[0] > now:
            return cached[1]
        user = self.review(token, (ISSUER,))
        kept_for = timedelta(seconds=self.switches.auth_cache_seconds)
        if user is not None and kept_for:
            self._cache[token] = (now + kept_for, user)
        return user

    def review(self, token: str, audiences: Sequence[str]) -> Identity | None:
        """Return whose token this is for these audiences; a static token is for the server's."""
        if token in self.users:
            return self.users[token] if ISSUER in audiences else None
        return self.tokens.read(token, audiences)

    def mints(self) -> int:
        """Return how many tokens were made since the start."""
        return self.requested + self.controllers.minted


def minor_of(version: str) -> int:
    """Return the minor number of a version; raises ValueError."""
    found = re.match(r"v1\.([0-9]{1,3})\.", version)
    if found is None:
        message = f"{version!r} is no version like v1.34.1"
        raise ValueError(message)
    return int(found[1])
