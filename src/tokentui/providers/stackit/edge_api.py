"""Edge Cloud's calls. Source: edge API description v1beta1, read 2026-08-21."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.domain.errors import Forbidden, NotFound, ProviderError
from tokentui.domain.model import Form, InstanceState
from tokentui.providers.stackit import wire_edge
from tokentui.providers.stackit.api import Api

if TYPE_CHECKING:
    from tokentui.domain.model import Instance, Kind, Page
    from tokentui.domain.secret import Secret
    from tokentui.providers.http_call import Answer, Call
    from tokentui.providers.signed import SignedHttp
    from tokentui.providers.stackit.wire import Place

_MAY_LIST = "edge.instances.list"
_MAY_LOOK = "edge.instances.get"
_MAY_MINT = "edge.instances.create"


class EdgeApi:
    """The part of the Edge API that lists instances and makes credentials for them."""

    def __init__(self, http: SignedHttp, base_url: str) -> None:
        self._api = Api(http, base_url)

    async def list_raw(self, place: Place) -> tuple[Call, Answer]:
        """List the instances of one project in one region."""
        what = f"list Edge instances of {place.project.name} in {place.region}"
        call = self._call(what, place.project.id, place.region)
        return call, await self._api.read(call, _MAY_LIST)

    async def list_page(self, place: Place) -> Page[Instance]:
        """List them as a page."""
        call, answer = await self.list_raw(place)
        return wire_edge.instances(call, answer, place)

    async def mint(self, kind: Kind, instance: Instance, seconds: int) -> Secret:
        """Make one credential; a GET that is sent exactly once. Raises `ProviderError`."""
        project_id, region = wire_edge.project_and_region(instance)
        word = "kubeconfig" if kind.form is Form.KUBECONFIG else "token"
        call = self._call(
            f"make an {kind.noun} for {instance.name}",
            project_id,
            region,
            instance.native_id,
            word,
            params={"expirationSeconds": seconds},
        )
        try:
            answer = await self._api.once(call, _MAY_MINT)
        except Forbidden as error:
            raise _role_missing(error, kind, instance) from None
        except NotFound as error:
            raise await self._not_found(error, kind, instance) from None
        is_kubeconfig = kind.form is Form.KUBECONFIG
        read = wire_edge.minted_kubeconfig if is_kubeconfig else wire_edge.minted_token
        return read(call, answer)

    async def _not_found(self, error: NotFound, kind: Kind, instance: Instance) -> NotFound:
        """Find out which of the two a 404 means: the description says "not found or not ready"."""
        project_id, region = wire_edge.project_and_region(instance)
        call = self._call(f"look at {instance.name}", project_id, region, instance.native_id)
        cannot = f"cannot make an {kind.noun} for {instance.name} because"
        try:
            status = wire_edge.status_of(await self._api.read(call, _MAY_LOOK))
        except NotFound:
            why, next_step = "it does not exist any more", "refresh the list"
        except ProviderError:
            why, next_step = "it was not found or is not ready", "wait a moment, then refresh"
        else:
            why = f"it is not ready, its status is {status}"
            waiting = wire_edge.STATES.get(status) in (InstanceState.ACTIVE, InstanceState.BUSY)
            next_step = "wait a while, then try again" if waiting else "refresh the list"
        return NotFound(f"{cannot} {why}", next_step, trace_id=error.trace_id)

    def _call(
        self,
        what: str,
        project_id: str,
        region: str,
        *rest: str,
        params: dict[str, str | int] | None = None,
    ) -> Call:
        parts = ("v1beta1", "projects", project_id, "regions", region, "instances", *rest)
        return self._api.call("GET", what, *parts, params=params)


def _role_missing(error: Forbidden, kind: Kind, instance: Instance) -> Forbidden:
    return Forbidden(
        f"cannot make an {kind.noun} for {instance.name} because the role edge.admin is missing "
        f"in project {instance.scope}",
        "ask the project's owner for edge.admin; the sign-in itself is fine",
        trace_id=error.trace_id,
    )
