"""The projects that one is a member of, for the set-up of a profile.

Source: resource-manager API description v2, read 2026-08-21. Its lists have no total: the last
page is the one that is shorter than its limit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from tokentui.domain.about import SettingChoice
from tokentui.domain.errors import Refused
from tokentui.domain.text import clean
from tokentui.providers.signed import SignedHttp
from tokentui.providers.stackit import wire
from tokentui.providers.stackit.api import Api
from tokentui.providers.stackit.own import Own
from tokentui.providers.stackit.settings import read_endpoints
from tokentui.providers.stackit.sign_ins import own_sign_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tokentui.providers.base import Connection
    from tokentui.providers.http_call import Answer

SETTINGS = frozenset({"project_id", "projects"})
PAGE = 100
_MOST_PAGES = 100
_ACTIVE = "ACTIVE"
_RIGHT = "resource-manager.project.list"


async def suggest(connection: Connection, setting: str) -> tuple[SettingChoice, ...]:
    """Give the active projects of whoever is signed in, by name; leaves the connection open.

    Raises `ProviderError`, or `ConfigError` for a sign-in that cannot work.
    """
    if setting not in SETTINGS:
        return ()
    where = f"profile {clean(connection.profile, 60)}"
    endpoints = read_endpoints(connection.settings, where)
    sign_in = own_sign_in(connection, endpoints, where)
    try:
        member = await Own(sign_in).email()
        if not member:
            raise Refused(
                "the sign-in does not say whose it is, so its projects cannot be listed",
                "copy the project id from the portal",
            )
        api = Api(SignedHttp(connection.http, sign_in), endpoints.resource_manager)
        return await _all_of(api, member)
    finally:
        await sign_in.aclose()


async def _all_of(api: Api, member: str) -> tuple[SettingChoice, ...]:
    found: dict[str, SettingChoice] = {}
    for number in range(_MOST_PAGES):
        params: dict[str, str | int] = {"member": member, "limit": PAGE, "offset": number * PAGE}
        call = api.call(
            "GET", f"list the projects of {clean(member, 80)}", "v2", "projects", params=params
        )
        answer = await api.read(call, _RIGHT)
        page = wire.listed(call, answer, "items", _project)
        if page.failed and not page.items:
            raise page.failed[0]
        found |= {choice.value: choice for choice in page.items}
        if _count(answer) < PAGE:
            break
    return tuple(sorted(found.values(), key=lambda choice: choice.label.casefold()))


def _project(fields: Mapping[str, object]) -> SettingChoice | None:
    if wire.text(fields, "lifecycleState") != _ACTIVE:
        return None
    try:
        project_id = str(UUID(wire.text(fields, "projectId")))
    except ValueError:
        raise wire.Misfit("has a projectId that is no UUID") from None
    container = clean(wire.text(fields, "containerId"), 80)
    return SettingChoice(project_id, f"{clean(wire.text(fields, 'name'), 80)} ({container})")


def _count(answer: Answer) -> int:
    """Count the rows, also those that are not offered."""
    payload = answer.payload
    rows = payload.get("items") if isinstance(payload, dict) else None
    return len(rows) if isinstance(rows, list) else 0
