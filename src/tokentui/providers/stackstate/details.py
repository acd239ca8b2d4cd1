"""What there is to know of a server beside its name."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tokentui.domain.errors import NotFound, Refused
from tokentui.domain.model import Detail
from tokentui.providers.stackstate import wire
from tokentui.providers.stackstate.rights import caller_of, rights_of

if TYPE_CHECKING:
    from tokentui.providers.stackstate.api import Api
    from tokentui.providers.stackstate.settings import StackstateSettings
    from tokentui.providers.stackstate.wire import ServerInfo

_PERMISSIONS = ("get-service-tokens", "create-service-tokens", "delete-service-tokens")


async def details_of(api: Api, settings: StackstateSettings) -> tuple[Detail, ...]:
    """Tell the server's facts, its addresses, and the roles and rights of the sign-in."""
    info = wire.server_info(await api.server_info())
    caller, rights = await asyncio.gather(caller_of(api), _rights(api))
    name, roles = (caller[0] if caller else ""), caller[1:]
    told = (
        ("Server", "version", info.version),
        ("Server", "API version", info.api_version),
        ("Server", "commit", info.commit),
        ("Server", "deployment", info.deployment_mode),
        ("Server", "domains", ", ".join(info.domains)),
        ("Addresses", "API", settings.api_url),
        ("Signed in", "as", name),
        ("Signed in", "roles", ", ".join(roles)),
        *(("Rights", permission, word) for permission, word in rights),
    )
    return tuple(Detail(*one) for one in told if one[2])


def facts_of(info: ServerInfo) -> tuple[tuple[str, str], ...]:
    """Tell the server's facts for an identity."""
    told = (
        ("version", info.version),
        ("deployment", info.deployment_mode),
        ("domains", ", ".join(info.domains)),
    )
    return tuple(fact for fact in told if fact[1])


async def _rights(api: Api) -> tuple[tuple[str, str], ...]:
    try:
        answers = [(permission, await api.may(permission)) for permission in _PERMISSIONS]
    except (NotFound, Refused):
        rights = await rights_of(api)
        answers = [(rights.permission, rights.may_create)]
    return tuple((permission, "yes" if may else "no") for permission, may in answers)
