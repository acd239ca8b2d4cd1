"""Edge Cloud's JSON in our words. Source: edge API description v1beta1, read 2026-08-21."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from tokentui.domain.model import Instance, InstanceId, InstanceState, Page
from tokentui.domain.secret import Secret
from tokentui.domain.text import clean
from tokentui.providers.stackit import wire
from tokentui.providers.stackit.kinds import EDGE_NOUN, KEY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tokentui.providers.http_call import Answer, Call

STATES = {
    "active": InstanceState.ACTIVE,
    "reconciling": InstanceState.BUSY,
    "deleting": InstanceState.ENDING,
    "error": InstanceState.FAILED,
}
_ID = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,61}[A-Za-z0-9])?")


def instances(call: Call, answer: Answer, place: wire.Place) -> Page[Instance]:
    """Read a list of instances; one that is named twice counts once."""
    page = wire.listed(call, answer, "instances", lambda row: _instance(row, place))
    return Page(tuple({item.id: item for item in page.items}.values()), page.failed)


def status_of(answer: Answer) -> str:
    """Read the status of one instance, cleaned; empty if there is none."""
    status = answer.payload.get("status") if isinstance(answer.payload, dict) else None
    return clean(status, 40) if isinstance(status, str) else ""


def minted_token(call: Call, answer: Answer) -> Secret:
    """Read a new token. Raises `BadAnswer` that keeps the answer: the secret comes once."""
    try:
        return wire.token_in(wire.mapping(answer.payload, "the answer"), "token")
    except wire.Misfit as error:
        raise wire.bad_make(call, answer, error) from None


def minted_kubeconfig(call: Call, answer: Answer) -> Secret:
    """Read a new kubeconfig as JSON text. Raises `BadAnswer` that keeps the answer."""
    try:
        return Secret(json.dumps(_kubeconfig(wire.mapping(answer.payload, "the answer"))))
    except wire.Misfit as error:
        raise wire.bad_make(call, answer, error) from None


def project_and_region(instance: Instance) -> tuple[str, str]:
    """Take our id of an instance apart."""
    project_id, region, _ = instance.id.split("/", 2)
    return project_id, region


def _instance(fields: Mapping[str, object], place: wire.Place) -> Instance:
    native_id = wire.text(fields, "id")
    if not _ID.fullmatch(native_id):
        raise wire.Misfit(f"has the id {clean(native_id, 40)!r}, which is no host name")
    status = wire.text(fields, "status")
    return Instance(
        profile=place.profile,
        provider=KEY,
        id=InstanceId(f"{place.project.id}/{place.region}/{native_id}"),
        native_id=native_id,
        name=clean(wire.text(fields, "displayName"), 60).strip() or native_id,
        noun=EDGE_NOUN,
        state=STATES.get(status, InstanceState.OTHER),
        state_text=clean(status, 40),
        scope=place.project.name,
        region=place.region,
        plan=clean(wire.optional_text(fields, "planId"), 60),
        description=clean(wire.optional_text(fields, "description"), 256),
        ui_url=wire.safe_url(wire.optional_text(fields, "frontendUrl")),
        created_at=wire.instant(wire.optional_text(fields, "created")),
    )


def _kubeconfig(fields: Mapping[str, object]) -> Mapping[str, object]:
    document = wire.mapping(fields.get("kubeconfig"), "kubeconfig")
    if not document:
        raise wire.Misfit("has an empty kubeconfig")
    return document
