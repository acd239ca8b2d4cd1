"""The words of the ledger: the local record of everything issued, without a secret."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from datetime import datetime

    from tokentui.domain.model import (
        Account,
        Credential,
        EndSource,
        Form,
        Instance,
        KindKey,
        ProfileName,
        ProviderKey,
    )

EntryNumber = NewType("EntryNumber", int)


class EntryState(StrEnum):
    """Where a credential is in its life, as far as this host knows."""

    PLANNED = "planned"
    ISSUED = "issued"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    LOST = "lost"
    ENDED = "ended"


class EventType(StrEnum):
    """What happened to an entry; events are only ever added."""

    PLANNED = "planned"
    ISSUED = "issued"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    VERIFIED = "verified"
    DELIVERED = "delivered"
    DISCARDED = "discarded"
    LOST = "lost"
    ENDED = "ended"
    RENAMED = "renamed"
    SWITCHED_OFF = "switched off"
    SWITCHED_ON = "switched on"
    END_MOVED = "end moved"
    FOUND = "found"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Owner:
    """The process that holds an entry's request or secret; tells a dead one from a live one.

    `boot` and `started` make the pid unmistakable: the host's boot id and the process's start
    time in clock ticks since then.
    """

    host: str
    user: str
    boot: str
    pid: int
    started: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What is written down before a request leaves.

    `latest_end` is when a credential would end at the latest if the answer were lost; None: it
    would never end. `asked` is the lifetime in the user's words, `name` the name that was asked
    for, empty where the provider gives one, and `roles` are those that were asked for. What takes
    another one's place will have its `remote_id`.
    """

    profile: ProfileName
    provider: ProviderKey
    kind: KindKey
    noun: str
    form: Form
    target_id: str
    target_name: str
    scope: str
    asked: str
    latest_end: datetime | None
    purpose: str = ""
    name: str = ""
    roles: tuple[str, ...] = ()
    remote_id: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the ledger. `note` says in words what a state alone does not.

    `name` is what the provider calls it now. `ended_at` is when it was ended before its time, or
    when that was noticed.
    """

    number: EntryNumber
    plan: Plan
    owner: Owner
    planned_at: datetime
    state: EntryState
    issued_at: datetime | None = None
    ends_at: datetime | None = None
    end_source: EndSource | None = None
    remote_id: str = ""
    fingerprint: str = ""
    verified: bool | None = None
    delivered_to: tuple[str, ...] = ()
    discarded: bool = False
    note: str = ""
    name: str = ""
    ended_at: datetime | None = None

    @property
    def may_live_until(self) -> datetime | None:
        """The end to reckon with: the known one, else the latest possible; None: never."""
        if self.state is EntryState.ENDED:
            return self.ended_at
        return (
            self.ends_at
            if self.state is EntryState.ISSUED
            else self.ends_at or self.plan.latest_end
        )


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, with the entry that it happened to; None: to something not ours."""

    at: datetime
    number: EntryNumber | None
    type: EventType
    detail: str
    noun: str
    target_name: str
    profile: ProfileName


@dataclass(frozen=True, slots=True)
class Outlook:
    """The end of a credential as recorded when it was issued."""

    ends_at: datetime | None
    end_source: EndSource
    remote_id: str
    fingerprint: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was done to what has no entry: an account, a credential made elsewhere."""

    profile: ProfileName
    type: EventType
    noun: str
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class QuickTarget:
    """Something that is often made: a target, a kind and the lifetime in the user's words."""

    profile: ProfileName
    provider: ProviderKey
    kind: KindKey
    noun: str
    target_id: str
    target_name: str
    asked: str
    uses: int = 0


@dataclass(frozen=True, slots=True)
class Glance:
    """How many entries there are, how many were issued and not handed over, what is made often.

    What was discarded or lost is no longer waited for.
    """

    count: int
    undelivered: int
    quick_targets: tuple[QuickTarget, ...]


@dataclass(frozen=True, slots=True)
class LastKnown:
    """What a profile listed when it was last asked.

    `credentials_at` is when all of its credentials were listed last; None: never.
    """

    profile: ProfileName
    seen_at: datetime
    instances: tuple[Instance, ...] = ()
    accounts: tuple[Account, ...] = ()
    credentials: tuple[Credential, ...] = ()
    credentials_at: datetime | None = None
