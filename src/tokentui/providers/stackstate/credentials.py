"""What a server lists, as credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.domain.errors import NotFound, ProviderError
from tokentui.domain.model import Credential, CredentialId, CredentialState, Page
from tokentui.providers.stackstate import about, wire

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokentui.domain.model import Facts, Instance, Kind
    from tokentui.providers.stackstate.api import Api
    from tokentui.providers.stackstate.wire import Row


async def token_page(api: Api, instance: Instance) -> Page[Credential]:
    """List the service tokens as a page, which holds the error if that fails."""
    try:
        listed = wire.rows(await api.tokens())
    except ProviderError as error:
        return Page(failed=(error,))
    found = (
        _credential(row, kind_of(row.name, row.roles, row.dedicated_subject), instance)
        for row in listed.rows
    )
    return Page(tuple(found), listed.failed)


async def ingestion_key_page(api: Api, instance: Instance) -> Page[Credential]:
    """List the ingestion keys of an old server; newer ones answer that there is no such path.

    A wrong path answers the same, so the page says nothing of them then.
    """
    try:
        listed = wire.rows(await api.ingestion_keys())
    except NotFound:
        return Page(silent=frozenset({about.INGESTION_KEY.key}))
    except ProviderError as error:
        return Page(failed=(error,))
    found = (_credential(row, about.INGESTION_KEY, instance) for row in listed.rows)
    return Page(tuple(found), listed.failed)


def kind_of(name: str, roles: Sequence[str], dedicated_subject: str) -> Kind:
    """Say which kind a service token is.

    An ingestion token has the name of its only role, a subject that was made for it. Servers
    keep no other mark of it, and old ones do not keep the dedicated subject.
    """
    is_own_role = tuple(roles) == (name,) and name not in about.ROLES
    return about.INGESTION_TOKEN if is_own_role and dedicated_subject in ("", name) else about.TOKEN


def _credential(row: Row, kind: Kind, instance: Instance) -> Credential:
    subject = row.dedicated_subject
    return Credential(
        profile=instance.profile,
        provider=about.KEY,
        kind=kind.key,
        id=CredentialId(str(row.id)),
        name=row.name,
        state=CredentialState.ACTIVE,
        ends_at=row.ends_at,
        roles=row.roles,
        target_id=instance.id,
        target_name=instance.name,
        target_noun=instance.noun,
        scope=instance.scope,
        description=row.description,
        also_ends=f"the role {subject} with all its permissions" if subject else "",
        facts=_facts(row),
    )


def _facts(row: Row) -> Facts:
    facts = []
    if row.changed_at is not None:
        facts.append(("changed", f"{row.changed_at:%Y-%m-%d %H:%M} UTC"))
    if row.dedicated_subject:
        facts.append(("dedicated subject", row.dedicated_subject))
    return tuple(facts)
