"""Exchanges id and secret of an API token for a short-lived JWT.

Source: RFC 6749, sections 2.3.1, 4.4 and 5.2. That Cloudfleet takes this grant is inferred: the
user of a token in a cluster is named as Keycloak names the service account of a client
(cloudfleet.ai/docs/organization/api-tokens and Keycloak's ServiceAccountConstants, both read
2026-08-21).
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from tokentui.domain.errors import Forbidden, NotFound, NotSignedIn, Refused
from tokentui.domain.secret import Secret
from tokentui.domain.text import clean
from tokentui.providers.cloudfleet import about
from tokentui.providers.http_call import Call
from tokentui.providers.token_answer import access_token

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from tokentui.providers.cloudfleet.settings import CloudfleetSettings
    from tokentui.providers.http import Http

_PAIR_REFUSED = frozenset({"invalid_client", "unauthorized_client", "invalid_grant"})


@dataclass(frozen=True, slots=True)
class Pair:
    """An API token: its id and its secret."""

    id: str
    secret: Secret

    @property
    def basic(self) -> Secret:
        """The value of a header for basic authentication."""
        return _basic(Secret(f"{self.id}:{self.secret.reveal()}"))

    @property
    def encoded_basic(self) -> Secret:
        """The same for a token endpoint, which wants both parts form-encoded."""
        return _basic(Secret(f"{quote_plus(self.id)}:{quote_plus(self.secret.reveal())}"))


class PairRefused(NotSignedIn):
    """The token endpoint knows no API token with this id and secret."""


class Exchange:
    """Asks the token endpoint of one profile."""

    def __init__(self, http: Http, settings: CloudfleetSettings) -> None:
        self._http = http
        self._settings = settings

    async def jwt(self, pair: Pair, *, attempts: int = 3) -> tuple[Secret, timedelta]:
        """Give a JWT and how long it says that it lives.

        Raises `PairRefused` for a wrong id or secret, `NotSignedIn` if anything else is refused.
        """
        words = _Words()
        call = self._call(pair, words)
        try:
            answer = await self._http.read(call, attempts=attempts)
        except (NotSignedIn, Forbidden, NotFound, Refused) as error:
            if isinstance(error, NotSignedIn) or words.code in _PAIR_REFUSED:
                raise PairRefused(
                    error.message,
                    "check token_id and the secret, and whether client_auth is right",
                    trace_id=error.trace_id,
                ) from None
            raise NotSignedIn(
                error.message,
                "check token_url, client_auth, scope and audience of the profile",
                trace_id=error.trace_id,
            ) from None
        return access_token(call, answer)

    def _call(self, pair: Pair, words: _Words) -> Call:
        settings = self._settings
        form: dict[str, str | Secret] = {"grant_type": "client_credentials"}
        headers: Mapping[str, Secret] = {}
        if settings.client_auth == about.BASIC:
            headers = {"Authorization": pair.encoded_basic}
        else:
            form |= {"client_id": pair.id, "client_secret": pair.secret}
        asked = {"scope": settings.scope, "audience": settings.audience}
        form |= {name: value for name, value in asked.items() if value}
        what = f"sign in as API token {clean(pair.id, 60)}"
        return Call("POST", settings.token_url, what, form=form, headers=headers, error_text=words)


class _Words:
    """Reads the words out of an error, and keeps its code."""

    def __init__(self) -> None:
        self.code = ""

    def __call__(self, payload: object) -> str:
        if not isinstance(payload, dict):
            return ""
        code, words = payload.get("error"), payload.get("error_description")
        self.code = code if isinstance(code, str) else ""
        return words if isinstance(words, str) and words else self.code


def _basic(pair: Secret) -> Secret:
    return Secret(f"Basic {base64.b64encode(pair.reveal().encode()).decode()}")
