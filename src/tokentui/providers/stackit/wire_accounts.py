"""Service accounts, keys and access tokens: their JSON in our words.

Source: service-account API description v2, read 2026-08-21.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from tokentui.domain.model import (
    Account,
    AccountId,
    Credential,
    CredentialId,
    CredentialState,
    Page,
)
from tokentui.domain.text import clean
from tokentui.providers.stackit import wire
from tokentui.providers.stackit.kinds import (
    ACCESS_TOKEN,
    ACCOUNT_NOUN,
    KEY,
    SERVICE_ACCOUNT_KEY,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tokentui.domain.model import Kind
    from tokentui.domain.secret import Secret
    from tokentui.providers.http_call import Answer, Call

NO_END = datetime(9999, 1, 1, 1, 1, 1, tzinfo=UTC)
"""What the description has one send to remove an end; seen in an answer, it is no end either."""

ALSO_ENDS = "its keys and access tokens"
SYSTEM_MANAGED = "SYSTEM_MANAGED"
_RANDOM_PART = re.compile(r"-[A-Za-z0-9]{8}(?=@)")


def accounts(call: Call, answer: Answer, place: wire.Place, own_id: str) -> Page[Account]:
    """Read a list of service accounts; `own_id` is the UUID of the one that is signed in."""
    page = wire.listed(call, answer, "items", lambda row: _account(row, place, own_id))
    return Page(tuple({item.id: item for item in page.items}.values()), page.failed)


def new_account(call: Call, answer: Answer, place: wire.Place) -> Account:
    """Read a new service account. Raises `BadAnswer`."""
    try:
        return _account(wire.mapping(answer.payload, "the answer"), place, "")
    except wire.Misfit as error:
        raise wire.bad_make(call, answer, error) from None


def keys(call: Call, answer: Answer, of: Account) -> Page[Credential]:
    """Read a list of keys."""
    return wire.listed(call, answer, "items", lambda row: _key(row, of))


def access_tokens(call: Call, answer: Answer, of: Account) -> Page[Credential]:
    """Read a list of access tokens without those that are revoked, which stay listed."""
    return wire.listed(call, answer, "items", lambda row: _access_token(row, of))


def living_tokens(call: Call, answer: Answer) -> tuple[str, ...]:
    """Read the ids of the access tokens that are not revoked."""

    def id_of(fields: Mapping[str, object]) -> str | None:
        return _uuid(fields) if wire.flag(fields, "active") else None

    return wire.listed(call, answer, "items", id_of).items


def new_access_token(call: Call, answer: Answer) -> tuple[str, Secret, datetime | None]:
    """Read a new access token: its id, its value and its approximate end."""
    try:
        fields = wire.mapping(answer.payload, "the answer")
        return _uuid(fields), wire.token_in(fields, "token"), end_in(fields)
    except wire.Misfit as error:
        raise wire.bad_make(call, answer, error) from None


def end_in(fields: Mapping[str, object]) -> datetime | None:
    """Read `validUntil`; None if it never ends. Raises `Misfit`."""
    value = wire.optional_text(fields, "validUntil")
    if not value:
        return None
    end = wire.instant(value)
    if end is None:
        raise wire.Misfit("has no instant in the field validUntil")
    return None if end == NO_END else end


def project_and_email(account_id: str) -> tuple[str, str]:
    """Take our id of an account apart."""
    project_id, email = account_id.split("/", 1)
    return project_id, email


def short_name(owner: str, credential_id: str) -> str:
    """Name what has no name at STACKIT: by its account and the first characters of its id."""
    return f"{owner}/{credential_id[:8]}"


def _account(fields: Mapping[str, object], place: wire.Place, own_id: str) -> Account:
    email = wire.identifier(fields, "email")
    if "@" not in email:
        raise wire.Misfit(f"has the email {clean(email, 40)!r}, which is none")
    is_internal = wire.flag(fields, "internal")
    return Account(
        profile=place.profile,
        provider=KEY,
        id=AccountId(f"{place.project.id}/{email}"),
        native_id=email,
        name=_name(email, is_internal),
        noun=ACCOUNT_NOUN,
        scope=place.project.name,
        state_text="internal" if is_internal else "",
        is_own=wire.text(fields, "id") == own_id,
        also_ends=ALSO_ENDS,
    )


def _name(email: str, is_internal: bool) -> str:
    """Give the name that an account was made with: STACKIT appends 8 characters and a domain."""
    named = email if is_internal else _RANDOM_PART.sub("", email, count=1)
    return named.partition("@")[0] or email


def _key(fields: Mapping[str, object], of: Account) -> Credential:
    key_id = _uuid(fields)
    is_active = wire.flag(fields, "active")
    managed = clean(wire.text(fields, "keyType"), 40)
    origin = clean(wire.text(fields, "keyOrigin"), 40)
    algorithm = clean(wire.text(fields, "keyAlgorithm"), 40)
    return _credential(
        fields,
        of,
        SERVICE_ACCOUNT_KEY,
        key_id,
        is_active=is_active,
        facts=(("algorithm", algorithm), ("origin", origin), ("managed", managed)),
    )


def _access_token(fields: Mapping[str, object], of: Account) -> Credential | None:
    token_id = _uuid(fields)
    if not wire.flag(fields, "active"):
        return None
    return _credential(fields, of, ACCESS_TOKEN, token_id, is_active=True)


def _credential(
    fields: Mapping[str, object],
    of: Account,
    kind: Kind,
    credential_id: str,
    *,
    is_active: bool,
    facts: tuple[tuple[str, str], ...] = (),
) -> Credential:
    return Credential(
        profile=of.profile,
        provider=KEY,
        kind=kind.key,
        id=CredentialId(credential_id),
        name=short_name(of.name, credential_id),
        state=CredentialState.ACTIVE if is_active else CredentialState.SWITCHED_OFF,
        made_at=wire.instant(wire.optional_text(fields, "createdAt")),
        ends_at=end_in(fields),
        target_id=of.id,
        target_name=of.name,
        target_noun=of.noun,
        scope=of.scope,
        state_text="active" if is_active else "inactive",
        facts=facts,
    )


def _uuid(fields: Mapping[str, object]) -> str:
    value = wire.text(fields, "id")
    try:
        return str(UUID(value))
    except ValueError:
        raise wire.Misfit(f"has the id {clean(value, 40)!r}, which is no UUID") from None
