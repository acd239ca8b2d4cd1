"""STACKIT's JSON in our words.

Sources: edge API description v1beta1 and service-account v2, read 2026-08-21. Every string that
is shown is cleaned here.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tokentui.domain.model import Instance, InstanceId, InstanceState, Page
from tokentui.domain.secret import Secret
from tokentui.domain.text import clean
from tokentui.providers.http_errors import bad_answer
from tokentui.providers.stackit.about import INSTANCE_NOUN, KEY
from tokentui.providers.stackit.settings import is_safe_url

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tokentui.domain.errors import BadAnswer
    from tokentui.domain.model import ProfileName
    from tokentui.providers.http_call import Answer, Call
    from tokentui.providers.stackit.settings import Project

STATES = {
    "active": InstanceState.ACTIVE,
    "reconciling": InstanceState.BUSY,
    "deleting": InstanceState.ENDING,
    "error": InstanceState.FAILED,
}
_ID = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,61}[A-Za-z0-9])?")
_LONGEST_LIFE_S = 86_400


@dataclass(frozen=True, slots=True)
class Place:
    """Where instances are listed."""

    profile: ProfileName
    project: Project
    region: str


class _Misfit(Exception):
    """A part of an answer does not fit the description; its text names the part."""


def error_text(payload: object) -> str:
    """Read STACKIT's own words out of an error body, in any of the services' five shapes."""
    if not isinstance(payload, dict):
        return ""
    nested = payload.get("error")
    if isinstance(nested, dict):
        return error_text(nested)
    words = [payload.get("message"), payload.get("detail")]
    errors = payload.get("errors")
    words += errors if isinstance(errors, list) else []
    found = [word for word in words if isinstance(word, str) and word]
    return "; ".join(found) or (nested if isinstance(nested, str) else "")


def access_token(call: Call, answer: Answer) -> tuple[Secret, timedelta]:
    """Read the token endpoint's answer: the token and how long it says that it lives."""
    try:
        payload = _mapping(answer.payload, "the answer")
        token = _token(payload, "access_token")
        lives_s = payload.get("expires_in")
    except _Misfit as error:
        raise bad_answer(call, str(error), making=False, trace_id=answer.trace_id) from None
    if isinstance(lives_s, bool) or not isinstance(lives_s, int | float) or not lives_s > 0:
        return token, timedelta()
    return token, timedelta(seconds=min(lives_s, _LONGEST_LIFE_S))


def instances(call: Call, answer: Answer, place: Place) -> Page[Instance]:
    """Read a list; rows that cannot be used are one failure beside the others."""
    rows = answer.payload.get("instances") if isinstance(answer.payload, dict) else None
    if not isinstance(rows, list):
        return Page(failed=(_bad_list(call, answer, "has no list in the field instances"),))
    found: dict[InstanceId, Instance] = {}
    misfits: list[str] = []
    for row in rows:
        try:
            instance = _instance(row, place)
        except _Misfit as error:
            misfits.append(str(error))
        else:
            found[instance.id] = instance
    if not misfits:
        return Page(tuple(found.values()))
    why = f"has {len(misfits)} of {len(rows)} rows that do not fit: one {misfits[0]}"
    return Page(tuple(found.values()), (_bad_list(call, answer, why),))


def status_of(answer: Answer) -> str:
    """Read the status of one instance, cleaned; empty if there is none."""
    status = answer.payload.get("status") if isinstance(answer.payload, dict) else None
    return clean(status, 40) if isinstance(status, str) else ""


def minted_token(call: Call, answer: Answer) -> Secret:
    """Read a new token. Raises `BadAnswer` that keeps the answer: the secret comes once."""
    try:
        return _token(_mapping(answer.payload, "the answer"), "token")
    except _Misfit as error:
        raise _bad_mint(call, answer, error) from None


def minted_kubeconfig(call: Call, answer: Answer) -> Secret:
    """Read a new kubeconfig as JSON text. Raises `BadAnswer` that keeps the answer."""
    try:
        return Secret(json.dumps(_kubeconfig(_mapping(answer.payload, "the answer"))))
    except _Misfit as error:
        raise _bad_mint(call, answer, error) from None


def project_and_region(instance: Instance) -> tuple[str, str]:
    """Take our id of an instance apart."""
    project_id, region, _ = instance.id.split("/", 2)
    return project_id, region


def _instance(row: object, place: Place) -> Instance:
    fields = _mapping(row, "it")
    native_id = _text(fields, "id")
    if not _ID.fullmatch(native_id):
        raise _Misfit(f"has the id {clean(native_id, 40)!r}, which is no host name")
    status = _text(fields, "status")
    return Instance(
        profile=place.profile,
        provider=KEY,
        id=InstanceId(f"{place.project.id}/{place.region}/{native_id}"),
        native_id=native_id,
        name=clean(_text(fields, "displayName"), 60).strip() or native_id,
        noun=INSTANCE_NOUN,
        state=STATES.get(status, InstanceState.OTHER),
        state_text=clean(status, 40),
        scope=place.project.name,
        region=place.region,
        plan=clean(_optional_text(fields, "planId"), 60),
        description=clean(_optional_text(fields, "description"), 256),
        ui_url=_safe_url(_optional_text(fields, "frontendUrl")),
        created_at=_instant(_optional_text(fields, "created")),
    )


def _kubeconfig(fields: Mapping[str, object]) -> Mapping[str, object]:
    document = _mapping(fields.get("kubeconfig"), "kubeconfig")
    if not document:
        raise _Misfit("has an empty kubeconfig")
    return document


def _safe_url(url: str) -> str:
    return url if is_safe_url(url) else ""


def _instant(text: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text)
        return instant.astimezone(UTC) if instant.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _mapping(value: object, name: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise _Misfit(f"has no object where {name} should be")
    return value


def _text(fields: Mapping[str, object], name: str) -> str:
    if fields.get(name) is None:
        raise _Misfit(f"has no {name}")
    return _optional_text(fields, name)


def _optional_text(fields: Mapping[str, object], name: str) -> str:
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise _Misfit(f"has no text in the field {name}")
    return value or ""


def _token(fields: Mapping[str, object], name: str) -> Secret:
    value = _text(fields, name)
    if not value or not value.isascii() or not value.isprintable() or " " in value:
        raise _Misfit(f"has no token in the field {name}")
    return Secret(value)


def _bad_list(call: Call, answer: Answer, why: str) -> BadAnswer:
    return bad_answer(call, why, making=False, trace_id=answer.trace_id)


def _bad_mint(call: Call, answer: Answer, why: _Misfit) -> BadAnswer:
    return bad_answer(call, str(why), making=True, trace_id=answer.trace_id, raw=answer.body)
