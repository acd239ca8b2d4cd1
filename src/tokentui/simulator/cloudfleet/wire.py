"""The JSON forms of the API, named as the dialect says.

Source: cloudfleet.ai/docs/terraform/data-sources for clusters, the vendor's repository
cloudfleetai/cloudfleet-plugin-claude 94912b0 for the quota of an organization, both read
2026-08-21; the fields of tokens are an inference.
"""

from __future__ import annotations

import base64
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.responses import Response

from tokentui.simulator.cloudfleet.dialect import SecretAnswer
from tokentui.simulator.json_response import JsonResponse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tokentui.simulator.cloudfleet.model import ApiToken, CfkeCluster
    from tokentui.simulator.cloudfleet.world import CloudfleetWorld

_Json = dict[str, object]


def token_json(world: CloudfleetWorld, token: ApiToken, *, with_secret: bool = False) -> _Json:
    """Return a token, without its secret unless it was made just now."""
    values: _Json = {
        "id": token.id,
        "name": world.text(token.name),
        "role": token.role,
        "created": token.created,
        "last_used": token.last_used,
    }
    if with_secret:
        values["secret"] = token.secret
    return _renamed(values, world.dialect.token_fields)


def secret_answer(
    world: CloudfleetWorld, token: ApiToken, form: SecretAnswer, status: int
) -> Response:
    """Return the one answer that holds a secret."""
    match form:
        case SecretAnswer.OBJECT:
            return JsonResponse(token_json(world, token, with_secret=True), status)
        case SecretAnswer.BARE:
            return JsonResponse(token.secret, status)
        case SecretAnswer.ODD:
            return JsonResponse({"result": "ok", "credentials": {"value": token.secret}}, status)


def list_answer(world: CloudfleetWorld, items: Sequence[Mapping[str, object]]) -> Response:
    """Return a list, bare or in the dialect's envelope."""
    envelope = world.dialect.envelope
    return JsonResponse({envelope: items, "total": len(items)} if envelope else items)


def change_answer(body: _Json, status: int) -> Response:
    """Return the answer to a change, which has no body with 204."""
    if status == HTTPStatus.NO_CONTENT:
        return Response(status_code=status)
    return JsonResponse(body, status)


def cluster_json(world: CloudfleetWorld, cluster: CfkeCluster) -> _Json:
    """Return a cluster; one that is not made yet has no endpoint."""
    text = world.text
    made = cluster.is_running
    authority = base64.b64encode(world.ground.ca_pem.encode()).decode("ascii")
    values: _Json = {
        "id": cluster.id,
        "name": text(cluster.name),
        "region": text(cluster.region),
        "tier": text(cluster.tier),
        "status": cluster.status,
        "endpoint": cluster.endpoint if made else None,
        "certificate_authority": authority if made else None,
        "kubernetes_version": text(cluster.kubernetes_version),
        "version_channel": text("1.x.x-cfke.x"),
        "release_channel": text("stable"),
        "features": {"gpu_sharing_strategy": text("none")},
        "networking": {"pod_cidr": text("10.240.0.0/13"), "service_cidr": text("10.96.0.0/20")},
        "created": cluster.created,
        "updated": cluster.updated,
    }
    return _renamed(values, world.dialect.cluster_fields)


def organization_json(world: CloudfleetWorld) -> _Json:
    """Return the organization with what may be ordered in it, nothing without billing data."""
    one, text = world.organization, world.text
    versions = [{"id": text(key), "label": text(label)} for key, label in one.versions]
    quota: dict[str, list[object]] = {
        "regions": [text(region) for region in one.regions],
        "versions": [*versions],
        "cluster_tiers": [text(tier) for tier in one.tiers],
    }
    if not world.has_billing_data:
        quota = {name: [] for name in quota}
    values: _Json = {"id": one.id, "name": text(one.name), "created": one.created, "quota": quota}
    return _renamed(values, world.dialect.organization_fields)


def _renamed(values: Mapping[str, object], names: Mapping[str, str]) -> _Json:
    """Return the fields under the wire's names, without those that it does not have."""
    return {names.get(name, name): value for name, value in values.items() if names.get(name, name)}
