"""What the sign-in may do, on servers of any age.

Sources: StackVista/helm-charts 26b50b4 and the command line's history, read 2026-08-21: the rights
check appeared in 2025-02, `dedicatedSubject` in 2025-06, and older servers know one permission,
`manage-service-tokens`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokentui.domain.errors import Forbidden, NotFound, ProviderError, Refused
from tokentui.providers.stackstate import wire

if TYPE_CHECKING:
    from tokentui.providers.stackstate.api import Api

CREATE = "create-service-tokens"
MANAGE = "manage-service-tokens"


@dataclass(frozen=True, slots=True)
class Rights:
    """Whether service tokens can be made, and by which permission.

    `is_old`: the server is of a time before tokens had subjects of their own.
    """

    may_create: bool
    permission: str
    is_old: bool

    @property
    def objection(self) -> str:
        """Why no token can be made; empty if one can."""
        if self.may_create:
            return ""
        return (
            f"the sign-in may not make service tokens: it lacks {self.permission}, which "
            "stackstate-admin has and stackstate-power-user has not"
        )


async def rights_of(api: Api) -> Rights:
    """Ask for the right to make tokens, in the way that the server knows. Raises `ProviderError`.

    A server that cannot be asked is tried: who may list tokens there may make them.
    """
    try:
        return Rights(await api.may(CREATE), CREATE, is_old=False)
    except NotFound:
        pass
    except Refused:
        try:
            return Rights(await api.may(MANAGE), MANAGE, is_old=True)
        except (NotFound, Refused):
            pass
    try:
        await api.tokens()
    except Forbidden:
        return Rights(False, MANAGE, is_old=True)
    return Rights(True, MANAGE, is_old=True)


async def caller_of(api: Api) -> tuple[str, ...]:
    """Give the caller's name and, behind it, the roles; nothing where the server does not say."""
    try:
        return wire.roles(await api.own_roles())
    except ProviderError:
        pass
    try:
        return (wire.user_name(await api.own_profile()),)
    except ProviderError:
        return ()


async def own_token_name(api: Api) -> str:
    """Give the name of the service token that is signed in with; empty if nobody says."""
    try:
        return next(iter(wire.roles(await api.own_roles())), "")
    except ProviderError:
        return ""


async def role_names(api: Api) -> tuple[str, ...]:
    """Give the names of all subjects; nothing if the caller may not see them."""
    try:
        return wire.handles(await api.subjects())
    except ProviderError:
        return ()
