"""Checks a technical user with a harmless query at the instance's own address."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from tokentui.domain.errors import NotSignedIn, ProviderError
from tokentui.domain.model import Verification
from tokentui.domain.secret import Secret
from tokentui.providers.http_call import Call
from tokentui.providers.http_check import host_of, is_safe_url
from tokentui.providers.stackit.observability_urls import METRICS_QUERY

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tokentui.domain.model import Issued
    from tokentui.providers.http import Http
    from tokentui.providers.stackit.wire_observability import InstanceDetail


async def check(
    http: Http, issued: Issued, look: Callable[[], Awaitable[InstanceDetail]]
) -> Verification:
    """Ask for the value of the query `1`; a failed call is an answer, not an error.

    `look` gives the instance's detail, which names the address.
    """
    try:
        url = (await look()).urls.get(METRICS_QUERY, "")
    except ProviderError as error:
        return Verification(None, f"it could not be checked: {error.sentence}")
    if not is_safe_url(url):
        return Verification(
            None, "it could not be checked: the instance names no query address under https"
        )
    host = host_of(url)
    call = Call(
        "GET",
        f"{url.rstrip('/')}/api/v1/query",
        f"check the technical user at {host}",
        params={"query": "1"},
        headers={"Authorization": _basic(issued.name, issued.secret)},
    )
    try:
        answer = await http.read(call, attempts=1)
    except NotSignedIn:
        return Verification(False, f"the query address {host} does not accept it (401)")
    except ProviderError as error:
        return Verification(None, f"it could not be checked: {error.sentence}")
    return Verification(True, f"the query address {host} accepts it", answer.took, answer.clock_off)


def _basic(name: str, password: Secret) -> Secret:
    pair = f"{name}:{password.reveal()}".encode()
    return Secret(f"Basic {base64.b64encode(pair).decode()}")
