"""Which service account and token a profile is signed in with, as its own JWT says.

Source: kubermatic/dashboard c996f110 serviceaccount/jwt.go, as of August 2026: the claims are
`email`, `project_id` and `token_id`, which regeneration does not change. A person's ID token has
none of the last two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokentui.domain.jwt import claims
from tokentui.providers.auth import BEARER

if TYPE_CHECKING:
    from tokentui.providers.auth import SignIn
    from tokentui.providers.kubermatic.places import Place

_PREFIX = "serviceaccount-"


@dataclass(frozen=True, slots=True)
class Own:
    """What the profile is signed in with; all are empty for a person."""

    project: str = ""
    account: str = ""
    token: str = ""

    def is_account(self, place: Place) -> bool:
        """Whether this is the service account that is signed in."""
        return bool(self.account) and (self.project, self.account) == (place.project, place.account)

    def is_token(self, place: Place, token_id: str) -> bool:
        """Whether this is the token that is signed in with."""
        return self.is_account(place) and self.token == token_id


async def own_of(sign_in: SignIn) -> Own:
    """Read the own token. Raises `ProviderError` if there is none."""
    _, bearer = await sign_in.header()
    told = claims(bearer.reveal().removeprefix(BEARER.prefix)) or {}
    email, project, token = (told.get(name) for name in ("email", "project_id", "token_id"))
    if not (isinstance(email, str) and isinstance(project, str) and isinstance(token, str)):
        return Own()
    account = email.partition("@")[0]
    if not account.startswith(_PREFIX):
        return Own()
    return Own(project, account.removeprefix(_PREFIX), token)
