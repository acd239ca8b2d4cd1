"""Observability's JSON in our words. Source: its API description v1, read 2026-08-21.

The password of a Grafana admin that an instance's detail may hold does not leave this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from tokentui.domain.model import (
    Credential,
    CredentialId,
    CredentialState,
    Instance,
    InstanceId,
    InstanceState,
    Page,
)
from tokentui.domain.secret import Secret
from tokentui.domain.text import clean
from tokentui.providers.stackit import wire
from tokentui.providers.stackit.kinds import KEY, OBSERVABILITY_NOUN, USER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tokentui.providers.http_call import Answer, Call

GONE = "DELETE_SUCCEEDED"
STATES = {
    "CREATING": InstanceState.BUSY,
    "CREATE_SUCCEEDED": InstanceState.ACTIVE,
    "CREATE_FAILED": InstanceState.FAILED,
    "UPDATING": InstanceState.BUSY,
    "UPDATE_SUCCEEDED": InstanceState.ACTIVE,
    "UPDATE_FAILED": InstanceState.FAILED,
    "DELETING": InstanceState.ENDING,
    "DELETE_FAILED": InstanceState.FAILED,
}
_LONGEST_URL = 500


@dataclass(frozen=True, slots=True)
class InstanceDetail:
    """What the detail of an instance says; `urls` by their names in the description, as sent.

    `grafana_admin` is the name of a default admin whose password the detail held, else empty.
    """

    urls: Mapping[str, str]
    dashboard_url: str
    plan: str
    grafana_admin: str


@dataclass(frozen=True, slots=True)
class NewUser:
    """A technical user just made."""

    name: str
    password: Secret


def instances(call: Call, answer: Answer, place: wire.Place) -> Page[Instance]:
    """Read a list of instances without those that are deleted."""
    page = wire.listed(call, answer, "instances", lambda row: _instance(row, place))
    return Page(tuple({item.id: item for item in page.items}.values()), page.failed)


def users(call: Call, answer: Answer, of: Instance) -> Page[Credential]:
    """Read a list of technical users."""
    page = wire.listed(call, answer, "credentials", lambda row: _user(row, of))
    return Page(tuple({item.id: item for item in page.items}.values()), page.failed)


def new_user(call: Call, answer: Answer) -> NewUser:
    """Read a new technical user. Raises `BadAnswer` that keeps the answer."""
    try:
        fields = wire.mapping(answer.payload, "the answer")
        made = wire.mapping(fields.get("credentials"), "credentials")
        return NewUser(_user_name(made), _password(made))
    except wire.Misfit as error:
        raise wire.bad_make(call, answer, error) from None


def detail(call: Call, answer: Answer) -> InstanceDetail:
    """Read the detail of an instance. Raises `BadAnswer`."""
    try:
        fields = wire.mapping(answer.payload, "the answer")
        inner = wire.mapping(fields.get("instance"), "instance")
        has_password = bool(wire.optional_text(inner, "grafanaAdminPassword"))
        admin = clean(wire.optional_text(inner, "grafanaAdminUser"), 80) or "admin"
        return InstanceDetail(
            urls={
                name: clean(value, _LONGEST_URL)
                for name, value in inner.items()
                if name.endswith("Url") and isinstance(value, str) and value
            },
            dashboard_url=clean(wire.optional_text(fields, "dashboardUrl"), _LONGEST_URL),
            plan=clean(wire.optional_text(fields, "planName"), 80),
            grafana_admin=admin if has_password else "",
        )
    except wire.Misfit as error:
        raise wire.bad_list(call, answer, str(error)) from None


def project_of(target_id: str) -> tuple[str, str]:
    """Take our id of an instance apart: its project and its own id."""
    project_id, _, native_id = target_id.split("/", 2)
    return project_id, native_id


def _instance(fields: Mapping[str, object], place: wire.Place) -> Instance | None:
    status = wire.text(fields, "status")
    if status == GONE:
        return None
    native_id = _uuid(wire.text(fields, "id")) or _uuid(wire.optional_text(fields, "instance"))
    if not native_id:
        raise wire.Misfit("has no UUID in the fields id and instance")
    return Instance(
        profile=place.profile,
        provider=KEY,
        id=InstanceId(f"{place.project.id}/{OBSERVABILITY_NOUN}/{native_id}"),
        native_id=native_id,
        name=clean(wire.optional_text(fields, "name"), 60).strip() or native_id,
        noun=OBSERVABILITY_NOUN,
        state=STATES.get(status, InstanceState.OTHER),
        state_text=clean(status, 40),
        scope=place.project.name,
        plan=clean(wire.optional_text(fields, "planName"), 60),
        description=clean(wire.optional_text(fields, "error"), 200),
    )


def _uuid(value: str) -> str:
    """Give an id if it is a UUID: the description's example has a word in `id` instead."""
    try:
        return str(UUID(value))
    except ValueError:
        return ""


def _user(fields: Mapping[str, object], of: Instance) -> Credential:
    info = fields.get("credentialsInfo")
    info = wire.mapping(info, "credentialsInfo") if info is not None else {}
    named = info if info.get("username") else fields
    name = wire.identifier(named, "username" if named is info else "name")
    described = fields if fields.get("description") else info
    return Credential(
        profile=of.profile,
        provider=KEY,
        kind=USER.key,
        id=CredentialId(name),
        name=name,
        state=CredentialState.ACTIVE,
        target_id=of.id,
        target_name=of.name,
        target_noun=of.noun,
        scope=of.scope,
        description=clean(wire.optional_text(described, "description"), 1000),
    )


def _user_name(fields: Mapping[str, object]) -> str:
    name = wire.identifier(fields, "username")
    if ":" in name:
        raise wire.Misfit("has a colon in the user name, which basic authentication forbids")
    return name


def _password(fields: Mapping[str, object]) -> Secret:
    value = wire.text(fields, "password")
    if not value or not value.isprintable():
        raise wire.Misfit("has no password in the field password")
    return Secret(value)
