"""Observability: instances and their technical users.

Source: observability API description v1, read 2026-08-21.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tokentui.domain.errors import Refused
from tokentui.domain.lifetime import Never
from tokentui.domain.model import (
    EndSource,
    FieldType,
    Instance,
    InstanceState,
    Issued,
    Offer,
    OfferField,
)
from tokentui.providers.stackit import observability_check
from tokentui.providers.stackit import wire_observability as wire
from tokentui.providers.stackit.api import Api
from tokentui.providers.stackit.kinds import OBSERVABILITY_NOUN, USER
from tokentui.providers.stackit.observability_recipes import user_recipes
from tokentui.providers.stackit.observability_urls import details_of
from tokentui.providers.stackit.service import Service

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from tokentui.domain.model import (
        Credential,
        Detail,
        Kind,
        Order,
        Page,
        Target,
        Verification,
    )
    from tokentui.domain.recipe import Recipe
    from tokentui.providers.base import Connection
    from tokentui.providers.http_call import Answer, Call
    from tokentui.providers.signed import SignedHttp
    from tokentui.providers.stackit.wire import Place

DESCRIPTION = OfferField(
    "description",
    "Description",
    FieldType.TEXT,
    "what it is for; STACKIT shows it beside the user name",
    longest=1000,
)
_OPENS = "it opens ingest, query and front ends of the whole instance, and never ends"
_MAY_LIST = "argus.instance.list"
_MAY_LOOK = "argus.instance.get"
_MAY_CHANGE = "argus.instance.update"


class Observability(Service):
    """Observability in the projects of one profile."""

    target_noun = OBSERVABILITY_NOUN
    kinds = (USER,)

    def __init__(
        self,
        connection: Connection,
        http: SignedHttp,
        base_url: str,
        places: tuple[Place, ...],
    ) -> None:
        self._http = connection.http
        self._clock = connection.clock
        self._api = Api(http, base_url)
        self._places = places

    async def probe(self) -> Answer:
        return await self._api.read(self._list_call(self._places[0]), _MAY_LIST)

    def instance_lists(self) -> Sequence[Callable[[], Awaitable[Page[Instance]]]]:
        return [partial(self._list, place) for place in self._places]

    async def credentials(self, of: Target) -> Page[Credential]:
        if not isinstance(of, Instance):
            return await super().credentials(of)
        call = self._call("GET", f"list the technical users of {of.name}", of.id, "credentials")
        return wire.users(call, await self._api.read(call, _MAY_LOOK), of)

    async def offers(self, of: Target) -> tuple[Offer, ...]:
        if not isinstance(of, Instance):
            return ()
        return (Offer(USER, of, Never(), (DESCRIPTION,), _warnings(of), _not_usable(of)),)

    async def issue(self, order: Order) -> Issued:
        target = order.offer.target
        if not isinstance(target, Instance) or order.term.ends_at is not None:
            raise Refused(
                f"STACKIT makes no technical user for {target.name} that ends",
                "leave the expiration out: it never ends",
            )
        description = order.values.get("description")
        call = self._call(
            "POST",
            f"make a technical user for {target.name}",
            target.id,
            "credentials",
            json={"description": description} if description else None,
        )
        made_at = self._clock()
        answer = await self._api.once(call, _MAY_CHANGE)
        made = wire.new_user(call, answer)
        return Issued(
            kind=USER,
            target=target,
            secret=made.password,
            ends_at=None,
            end_source=EndSource.ANSWER,
            made_at=made_at,
            remote_id=made.name,
            name=made.name,
        )

    async def verify(self, issued: Issued) -> Verification:
        return await observability_check.check(
            self._http, issued, lambda: self._detail(issued.target)
        )

    async def revoke(self, credential: Credential) -> None:
        what = f"delete the technical user {credential.name} of {credential.target_name}"
        call = self._call("DELETE", what, credential.target_id, "credentials", credential.id)
        await self._api.once(call, _MAY_CHANGE)

    async def details(self, of: Target) -> tuple[Detail, ...]:
        return details_of(await self._detail(of))

    async def recipes(self, kind: Kind, of: Target) -> tuple[Recipe, ...]:
        return user_recipes((await self._detail(of)).urls)

    async def _detail(self, of: Target) -> wire.InstanceDetail:
        call = self._call("GET", f"look at {of.name}", of.id)
        return wire.detail(call, await self._api.read(call, _MAY_LOOK))

    async def _list(self, place: Place) -> Page[Instance]:
        call = self._list_call(place)
        return wire.instances(call, await self._api.read(call, _MAY_LIST), place)

    def _list_call(self, place: Place) -> Call:
        what = f"list Observability instances of {place.project.name}"
        return self._api.call("GET", what, "v1", "projects", place.project.id, "instances")

    def _call(
        self, method: str, what: str, target_id: str, *rest: str, json: object = None
    ) -> Call:
        project_id, native_id = wire.project_of(target_id)
        parts = ("v1", "projects", project_id, "instances", native_id, *rest)
        return self._api.call(method, what, *parts, json=json)


def _warnings(instance: Instance) -> tuple[str, ...]:
    if instance.state in (InstanceState.ACTIVE, InstanceState.BUSY):
        return (_OPENS,)
    return (_OPENS, f"{instance.name} is in the state {instance.state_text}")


def _not_usable(instance: Instance) -> str:
    """Say why an instance has no use for a technical user; one that failed to change has."""
    name, word = instance.name, instance.state_text
    if word == "CREATING":
        return f"{name} is {word}: wait until it is there"
    if word == "CREATE_FAILED":
        return f"{name} is in the state {word}: it was never made"
    return f"{name} is {word}: it will be gone soon" if word == "DELETING" else ""
