"""The API tokens of an organization, as credentials, and what the sign-in may do with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokentui.domain.errors import Forbidden, ProviderError
from tokentui.domain.model import Ability, Credential, CredentialId, CredentialState, Page
from tokentui.domain.text import clean
from tokentui.providers.cloudfleet import about, wire

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tokentui.domain.model import Facts, Instance
    from tokentui.providers.cloudfleet.api import Api
    from tokentui.providers.cloudfleet.settings import CloudfleetSettings
    from tokentui.providers.cloudfleet.wire import Token

ONLY_READS = "the sign-in may only read: making and ending API tokens needs the role Administrator"
NO_RENAMING = (
    "how Cloudfleet changes a token is not documented: set wire.update_token in the profile, or "
    "make another one"
)
OWN_JWT = (
    "the profile signs in with a JWT of this token, which its new secret cannot take the place of: "
    "use another auth_mode"
)
USER_PREFIX = "service-account-"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the list of tokens tells of the sign-in. `own` None: its token is not in the list."""

    own: Token | None
    may_list: bool

    @property
    def may_manage(self) -> bool | None:
        """Whether it may make tokens; None: only trying will tell."""
        if not self.may_list:
            return False
        if self.own is None or self.own.role not in about.ROLES:
            return None
        return self.own.role == about.ADMINISTRATOR


async def standing_of(api: Api, own_id: str) -> Standing:
    """Ask for the list of tokens to see what the sign-in is. Raises `ProviderError`."""
    try:
        listed = wire.tokens(await api.tokens())
    except Forbidden:
        return Standing(None, may_list=False)
    if listed.failed and not listed.items:
        raise listed.failed[0]
    return _standing(listed.items, own_id)


def _standing(items: tuple[Token, ...], own_id: str) -> Standing:
    return Standing(next((one for one in items if one.id == own_id), None), may_list=True)


async def token_page(
    api: Api, own_id: str, of: Instance, settings: CloudfleetSettings
) -> Page[Credential]:
    """List the tokens as a page, which holds the error if that fails."""
    try:
        listed = wire.tokens(await api.tokens())
    except ProviderError as error:
        return Page(failed=(error,))
    may_manage = _standing(listed.items, own_id).may_manage
    unique = {one.id: one for one in listed.items}
    found = []
    for token in unique.values():
        is_own = token.id == own_id
        cannot = _cannot(settings, is_own=is_own, may_manage=may_manage)
        found.append(_credential(token, of, is_own, cannot))
    return Page(tuple(found), listed.failed)


def kubernetes_user(token_id: str) -> str:
    """Give the user that clusters see: in lower case, which the id itself is not.

    Source: cloudfleet.ai/docs/organization/api-tokens, read 2026-08-21.
    """
    return clean(f"{USER_PREFIX}{token_id.lower()}", 240)


def _cannot(
    settings: CloudfleetSettings, *, is_own: bool, may_manage: bool | None
) -> Mapping[Ability, str]:
    cannot: dict[Ability, str] = {}
    if not settings.wire.can_rename:
        cannot[Ability.RENAME] = NO_RENAMING
    if is_own and settings.auth_mode == about.BEARER:
        cannot[Ability.REGENERATE] = OWN_JWT
    if may_manage is False:
        managing = (Ability.RENAME, Ability.REGENERATE, Ability.REVOKE)
        cannot |= dict.fromkeys(managing, ONLY_READS)
    return cannot


def _credential(
    token: Token, of: Instance, is_own: bool, cannot: Mapping[Ability, str]
) -> Credential:
    return Credential(
        profile=of.profile,
        provider=about.KEY,
        kind=about.API_TOKEN.key,
        id=CredentialId(token.id),
        name=token.name,
        state=CredentialState.ACTIVE,
        made_at=token.created_at,
        roles=(token.role,) if token.role else (),
        target_id=of.id,
        target_name=of.name,
        target_noun=of.noun,
        scope=of.scope,
        is_own=is_own,
        cannot=cannot,
        facts=_facts(token),
    )


def _facts(token: Token) -> Facts:
    user = ("K8s user", kubernetes_user(token.id))
    if token.last_used_at is None:
        return (user,)
    return user, ("last used", f"{token.last_used_at:%Y-%m-%d %H:%M} UTC")
