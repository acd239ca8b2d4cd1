"""What a source lists, and how the source is doing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from tokentui.domain.errors import TokentuiError
    from tokentui.domain.ledger import LastKnown
    from tokentui.domain.model import (
        Account,
        AccountId,
        Credential,
        CredentialId,
        Instance,
        InstanceId,
        KindKey,
        ProfileName,
    )

    CredentialKey = tuple[KindKey, str, CredentialId]


class What(StrEnum):
    """What a source can be asked for; credentials need the others, as these own them."""

    INSTANCES = "instances"
    ACCOUNTS = "accounts"
    CREDENTIALS = "credentials"


EVERYTHING = frozenset(What)


class Phase(StrEnum):
    """How a source is doing."""

    LOADING = "loading"
    OK = "ok"
    PARTLY = "partly"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Source:
    """The state of one profile. `seen_at` is the age of what is shown of it, None: nothing is."""

    profile: ProfileName
    phase: Phase
    seen_at: datetime | None = None
    took: timedelta | None = None
    errors: tuple[TokentuiError, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """All that is known of a profile at this moment, and how its source is doing.

    What is in none of the `answered` has not been named by the source this time, but is
    remembered. `answered_targets` are the instances and accounts whose list of credentials came
    whole, but for the kinds in `silent`, of which it says nothing. `what` is what was asked for,
    and `complete` says that all of that was answered.
    """

    source: Source
    instances: tuple[Instance, ...]
    accounts: tuple[Account, ...] = ()
    credentials: tuple[Credential, ...] = ()
    answered: frozenset[InstanceId] = frozenset()
    answered_accounts: frozenset[AccountId] = frozenset()
    answered_credentials: frozenset[CredentialKey] = frozenset()
    answered_targets: frozenset[str] = frozenset()
    silent: frozenset[tuple[str, KindKey]] = frozenset()
    what: frozenset[What] = frozenset()
    complete: bool = False


def credential_key(credential: Credential) -> CredentialKey:
    """Give what is unique for a credential within its profile."""
    return credential.kind, credential.target_id, credential.id


def remembered(last: LastKnown, phase: Phase = Phase.LOADING) -> Listing:
    """Give what a profile listed when it was last asked, before it has answered again."""
    source = Source(last.profile, phase, last.seen_at)
    return Listing(source, last.instances, last.accounts, last.credentials)
