"""Edge Cloud: instances, and tokens and kubeconfigs that nobody can list or revoke."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from tokentui.domain.errors import Refused
from tokentui.domain.jwt import claims, end_of
from tokentui.domain.lifetime import Chosen
from tokentui.domain.model import (
    Detail,
    EndSource,
    Form,
    Instance,
    InstanceState,
    Issued,
    Offer,
)
from tokentui.domain.text import clean
from tokentui.providers.kube import access_of
from tokentui.providers.stackit.checking import api_server, check
from tokentui.providers.stackit.edge_api import EdgeApi
from tokentui.providers.stackit.edge_recipes import kubeconfig_recipes, token_recipes
from tokentui.providers.stackit.kinds import EDGE_KUBECONFIG, EDGE_NOUN, EDGE_TOKEN
from tokentui.providers.stackit.service import Service

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from tokentui.domain.model import Kind, Order, Page, Target, Verification
    from tokentui.domain.recipe import Recipe
    from tokentui.domain.secret import Secret
    from tokentui.providers.base import Connection
    from tokentui.providers.http_call import Answer
    from tokentui.providers.signed import SignedHttp
    from tokentui.providers.stackit.settings import Endpoints
    from tokentui.providers.stackit.wire import Place

SHORTEST = timedelta(seconds=600)
LONGEST = timedelta(seconds=15_552_000)
PORTAL_DEFAULT = timedelta(minutes=10)
LIFETIME = Chosen(SHORTEST, LONGEST, PORTAL_DEFAULT)
WARNING = "STACKIT cannot list or revoke it: nobody can end it before its time"
_SECOND = timedelta(seconds=1)


class Edge(Service):
    """Edge Cloud in the places of one profile."""

    target_noun = EDGE_NOUN
    kinds = (EDGE_TOKEN, EDGE_KUBECONFIG)

    def __init__(
        self,
        connection: Connection,
        http: SignedHttp,
        endpoints: Endpoints,
        places: tuple[Place, ...],
    ) -> None:
        self._http = connection.http
        self._clock = connection.clock
        self._api = EdgeApi(http, endpoints.edge)
        self._kubernetes = endpoints.edge_kubernetes
        self._places = places

    async def probe(self) -> Answer:
        _, answer = await self._api.list_raw(self._places[0])
        return answer

    def instance_lists(self) -> Sequence[Callable[[], Awaitable[Page[Instance]]]]:
        return [partial(self._api.list_page, place) for place in self._places]

    async def offers(self, of: Target) -> tuple[Offer, ...]:
        if not isinstance(of, Instance):
            return ()
        reason = _not_ready(of)
        return tuple(
            Offer(kind, of, LIFETIME, warnings=(WARNING,), impossible=reason) for kind in self.kinds
        )

    async def issue(self, order: Order) -> Issued:
        kind, target, duration = order.offer.kind, order.offer.target, order.term.duration
        if not isinstance(target, Instance) or duration is None:
            raise Refused(
                f"STACKIT makes no {kind.noun} for {target.name} with this lifetime",
                "choose one that is offered",
            )
        made_at = self._clock()
        secret = await self._api.mint(kind, target, duration // _SECOND)
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

    async def details(self, of: Target) -> tuple[Detail, ...]:
        if not isinstance(of, Instance):
            return ()
        known = (("Edge UI", of.ui_url), ("API server, assumed", self._server(of)))
        return tuple(Detail("addresses", label, value) for label, value in known if value)

    async def recipes(self, kind: Kind, of: Target) -> tuple[Recipe, ...]:
        if not isinstance(of, Instance):
            return ()
        if kind.form is Form.KUBECONFIG:
            return kubeconfig_recipes(of)
        return token_recipes(of, self._server(of))

    def _server(self, instance: Instance) -> str:
        return clean(api_server(instance, self._kubernetes), 200)


def _not_ready(instance: Instance) -> str:
    name, word = instance.name, instance.state_text
    match instance.state:
        case InstanceState.ACTIVE:
            return ""
        case InstanceState.BUSY:
            return f"{name} is {word}: wait until it is active"
        case InstanceState.ENDING:
            return f"{name} is {word}: it will be gone soon"
        case InstanceState.FAILED:
            return f"{name} is in the state {word}: look at it in the portal"
        case InstanceState.OTHER:
            return f"{name} is in the state {word!r}: only an active instance gives credentials"


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
