"""Checks a new API token: signs in with it and reads the organization."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tokentui.domain.errors import NotSignedIn, ProviderError
from tokentui.domain.model import Verification
from tokentui.domain.secret import Secret
from tokentui.providers.auth import BEARER
from tokentui.providers.cloudfleet import about
from tokentui.providers.cloudfleet.api import organization_call
from tokentui.providers.cloudfleet.exchange import Exchange, Pair, PairRefused

if TYPE_CHECKING:
    from tokentui.domain.model import Issued
    from tokentui.providers.cloudfleet.settings import CloudfleetSettings
    from tokentui.providers.http import Http

_NOT_ACCEPTED = "Cloudfleet does not accept it"


async def check(http: Http, issued: Issued, settings: CloudfleetSettings) -> Verification:
    """Make one harmless call with the new id and secret."""
    if not issued.remote_id:
        return Verification(None, "it could not be checked: its id is not known")
    if settings.auth_mode != about.BASIC and not settings.token_url:
        return Verification(None, "it could not be checked: the profile has no token_url")
    pair = Pair(issued.remote_id, issued.secret)
    try:
        header = await _header(http, pair, settings)
    except PairRefused:
        return Verification(False, f"{_NOT_ACCEPTED}: the sign-in with it is refused")
    except ProviderError as error:
        return Verification(None, f"it could not be checked from here: {error.sentence}")
    call = replace(organization_call(settings), headers={BEARER.name: header})
    try:
        answer = await http.read(call, attempts=1)
    except NotSignedIn:
        return Verification(False, f"{_NOT_ACCEPTED} (401)")
    except ProviderError as error:
        return Verification(None, f"it could not be checked from here: {error.sentence}")
    return Verification(
        True, "Cloudfleet accepts it and shows the organization", answer.took, answer.clock_off
    )


async def _header(http: Http, pair: Pair, settings: CloudfleetSettings) -> Secret:
    """Give the header that signs a call in with the pair. Raises `ProviderError`."""
    if settings.auth_mode == about.BASIC:
        return pair.basic
    token, _ = await Exchange(http, settings).jwt(pair, attempts=1)
    return Secret(BEARER.prefix + token.reveal())
