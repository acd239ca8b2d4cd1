"""The provider contract for STACKIT."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from tokentui.domain.errors import ProviderError, Refused
from tokentui.domain.jwt import claims, end_of
from tokentui.domain.model import EndSource, Form, Identity, Instance, Issued, Page
from tokentui.domain.text import clean
from tokentui.providers import options
from tokentui.providers.auth import BEARER, sign_in
from tokentui.providers.kube import access_of
from tokentui.providers.signed import SignedHttp
from tokentui.providers.stackit import about
from tokentui.providers.stackit.checking import check
from tokentui.providers.stackit.edge import Edge
from tokentui.providers.stackit.offers import edge_offers
from tokentui.providers.stackit.settings import checked_url, read_settings
from tokentui.providers.stackit.wire import Place

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from tokentui.domain.model import Account, Credential, Offer, Order, Target, Verification
    from tokentui.domain.secret import Secret
    from tokentui.providers.auth import SignIn
    from tokentui.providers.base import Connection
    from tokentui.providers.stackit.settings import StackitSettings

SIDE_BY_SIDE = 8
"""Lists in flight at once."""

_SECOND = timedelta(seconds=1)


class Stackit:
    """One profile's connection to STACKIT; see `tokentui.providers.base.Provider`."""

    def __init__(
        self, connection: Connection, settings: StackitSettings, own_sign_in: SignIn
    ) -> None:
        self._http = connection.http
        self._clock = connection.clock
        self._sign_in = own_sign_in
        self._signed = SignedHttp(connection.http, own_sign_in)
        self._edge = Edge(self._signed, settings.endpoints.edge)
        self._kubernetes = settings.endpoints.edge_kubernetes
        self._places = tuple(
            Place(connection.profile, project, region)
            for project in settings.projects
            for region in settings.regions
        )

    async def identity(self) -> Identity:
        _, answer = await self._edge.list_raw(self._places[0])
        _, bearer = await self._sign_in.header()
        own = claims(bearer.reveal().removeprefix(BEARER.prefix)) or {}
        email = own.get("email")
        name = clean(email, 120) if isinstance(email, str) and email else self._sign_in.title
        return Identity(name, clock_off=answer.clock_off)

    async def instances(self) -> AsyncIterator[Page[Instance]]:
        try:
            await self._sign_in.header()
        except ProviderError as error:
            # One sentence, instead of the same one for each project and region.
            yield Page(failed=(error,))
            return
        gate = asyncio.Semaphore(SIDE_BY_SIDE)
        tasks = [asyncio.create_task(self._page(gate, place)) for place in self._places]
        try:
            for next_page in asyncio.as_completed(tasks):
                yield await next_page
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def accounts(self) -> AsyncIterator[Page[Account]]:
        none: tuple[Page[Account], ...] = ()
        for page in none:
            yield page

    async def credentials(self, of: Target) -> AsyncIterator[Page[Credential]]:
        none: tuple[Page[Credential], ...] = ()
        for page in none:
            yield page

    async def offers(self, of: Target) -> tuple[Offer, ...]:
        return edge_offers(of) if isinstance(of, Instance) else ()

    async def issue(self, order: Order) -> Issued:
        kind, target, duration = order.offer.kind, order.offer.target, order.term.duration
        if not isinstance(target, Instance) or kind not in about.ABOUT.kinds or duration is None:
            raise Refused(
                f"STACKIT makes no {clean(kind.noun, 40)} for {target.name} with this lifetime",
                "choose one that is offered",
            )
        made_at = self._clock()
        secret = await self._edge.mint(kind, target, duration // _SECOND)
        token = _token_in(secret, kind.form)
        own = (claims(token.reveal()) if token else None) or {}
        ends_at, source = _end(token, made_at + duration)
        token_id = own.get("jti")
        return Issued(
            kind=kind,
            target=target,
            secret=secret,
            ends_at=ends_at,
            end_source=source,
            made_at=made_at,
            remote_id=clean(token_id, 80) if isinstance(token_id, str) else "",
            facts=_facts(own),
        )

    async def verify(self, issued: Issued) -> Verification:
        return await check(self._http, issued, self._kubernetes)

    async def aclose(self) -> None:
        await self._signed.aclose()

    async def _page(self, gate: asyncio.Semaphore, place: Place) -> Page[Instance]:
        async with gate:
            return await self._edge.list_page(place)


def connect(connection: Connection) -> Stackit:
    """Build the adapter. Raises `ConfigError`."""
    where = f"profile {clean(connection.profile, 60)}"
    settings = read_settings(connection.settings, where)
    return Stackit(connection, settings, _own_sign_in(connection, settings, where))


def _own_sign_in(connection: Connection, settings: StackitSettings, where: str) -> SignIn:
    if connection.auth.method != about.KEY_FLOW:
        return sign_in(connection.auth, connection)
    from tokentui.providers.stackit.key_flow import KeyFlow

    auth = connection.auth.options
    token_url = options.optional_text(auth, "token_url", f"{where}, auth")
    if token_url is not None:
        token_url = checked_url(token_url, f"{where}, auth.token_url")
    return KeyFlow(
        options.path(auth, "path", f"{where}, auth"),
        connection.http,
        connection.clock,
        token_url=settings.endpoints.token or token_url,
    )


def _token_in(secret: Secret, form: Form) -> Secret | None:
    if form is Form.TOKEN:
        return secret
    access = access_of(secret)
    return access.token if access else None


def _end(token: Secret | None, computed: datetime) -> tuple[datetime, EndSource]:
    end = end_of(token.reveal()) if token else None
    return (computed, EndSource.COMPUTED) if end is None else (end, EndSource.CREDENTIAL)


def _facts(own: object) -> tuple[tuple[str, str], ...]:
    subject = own.get("sub") if isinstance(own, dict) else None
    return (("subject", clean(subject, 200)),) if isinstance(subject, str) else ()
