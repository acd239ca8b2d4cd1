"""Signs in with the token of a workload that is federated with a service account.

Source: STACKIT's Go SDK, core/clients/workload_identity_flow.go, read 2026-08-21.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tokentui.domain.errors import Forbidden, NotFound, NotSignedIn, Refused
from tokentui.domain.text import clean
from tokentui.providers.auth_sources import one_line
from tokentui.providers.http_call import Call
from tokentui.providers.kept_token import KeptToken
from tokentui.providers.stackit.wire import error_text
from tokentui.providers.token_answer import access_token

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta
    from pathlib import Path

    from tokentui.domain.secret import Secret
    from tokentui.providers.http import Http

ASSERTION_TYPE = "urn:schwarz:params:oauth:client-assertion-type:workload-jwt"
_REFUSALS = (NotSignedIn, Forbidden, NotFound, Refused)
_LARGEST = 100_000


class WorkloadIdentity:
    """Keeps one access token; the workload's token is read from its file for each.

    Whoever issues the workload's token writes the file anew before its end. `url` is the whole
    address of the identity provider's token endpoint.
    """

    def __init__(
        self, path: Path, email: str, http: Http, clock: Callable[[], datetime], url: str
    ) -> None:
        self._path = path
        self._email = email
        self._http = http
        self._url = url
        self._token = KeptToken(self._sign_in, clock)

    @property
    def title(self) -> str:
        return f"workload identity of {clean(self._email, 120)}"

    async def header(self) -> tuple[str, Secret]:
        return await self._token.header()

    def forget(self, refused: Secret) -> None:
        self._token.forget(refused)

    async def aclose(self) -> None:
        await self._token.aclose()

    async def _sign_in(self) -> tuple[Secret, timedelta]:
        assertion = await asyncio.to_thread(_read, self._path)
        call = Call(
            "POST",
            self._url,
            f"sign in as {clean(self._email, 120)}",
            form={
                "grant_type": "client_credentials",
                "client_id": self._email,
                "client_assertion_type": ASSERTION_TYPE,
                "client_assertion": assertion,
            },
            error_text=error_text,
        )
        try:
            answer = await self._http.read(call)
        except _REFUSALS as error:
            raise NotSignedIn(
                error.message,
                "check that the workload is federated with this service account and that its "
                "token file is fresh",
                trace_id=error.trace_id,
            ) from None
        return access_token(call, answer)


def _read(path: Path) -> Secret:
    """Read the workload's token; platforms write it readable for all of the workload's users."""
    shown = clean(str(path), 200)
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST)
    except OSError as error:
        why = error.strerror or "it cannot be opened"
        raise NotSignedIn(f"cannot read the file {shown}: {why}", "check auth.path") from None
    return one_line(content.decode("utf-8", "replace"), f"the file {shown}")
