"""Checks a new service token at the server that it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.domain.errors import NotSignedIn, ProviderError
from tokentui.domain.model import Verification
from tokentui.domain.secret import Secret
from tokentui.providers.http_call import Call
from tokentui.providers.stackstate import wire
from tokentui.providers.stackstate.api import Words

if TYPE_CHECKING:
    from tokentui.domain.model import Issued
    from tokentui.providers.http import Http
    from tokentui.providers.stackstate.settings import StackstateSettings


async def check(http: Http, issued: Issued, settings: StackstateSettings) -> Verification:
    """Ask for the version with the new token, which needs no permission."""
    form = settings.service_token
    call = Call(
        "GET",
        f"{settings.api_url}/server/info",
        f"check the token at {settings.name}",
        headers={form.name: Secret(form.prefix + issued.secret.reveal())},
        error_text=Words(),
    )
    try:
        answer = await http.read(call, attempts=1)
        info = wire.server_info(wire.Reply(call, answer))
    except NotSignedIn:
        return Verification(False, f"{settings.name} does not accept it (401)")
    except ProviderError as error:
        return Verification(None, f"it could not be checked from here: {error.sentence}")
    return Verification(
        True,
        f"{settings.name} accepts it (version {info.version})",
        answer.took,
        answer.clock_off,
    )
