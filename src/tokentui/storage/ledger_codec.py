"""Rows of the ledger to domain values and back."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tokentui.domain.ledger import (
    Entry,
    EntryNumber,
    EntryState,
    Event,
    EventType,
    Owner,
    Plan,
    QuickTarget,
)
from tokentui.domain.model import (
    EndSource,
    Form,
    KindKey,
    ProfileName,
    ProviderKey,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

Column = str | int | None

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def stored(at: datetime) -> int:
    """Give an aware instant as whole microseconds since 1970 UTC."""
    return (at - _EPOCH) // _MICROSECOND


def stored_or_none(at: datetime | None) -> int | None:
    """Give an instant that may be missing."""
    return None if at is None else stored(at)


def instant(microseconds: int) -> datetime:
    """Give the aware UTC instant of a stored one."""
    return _EPOCH + microseconds * _MICROSECOND


def instant_or_none(microseconds: int | None) -> datetime | None:
    """Give the instant of a stored one that may be missing."""
    return None if microseconds is None else instant(microseconds)


def plan_values(plan: Plan, owner: Owner, at: datetime) -> tuple[Column, ...]:
    """Give a new entry's columns in the order of `ledger_schema.PLAN`."""
    return (
        plan.profile,
        plan.provider,
        plan.kind,
        plan.noun,
        plan.form.value,
        plan.target_id,
        plan.target_name,
        plan.scope,
        plan.asked,
        stored_or_none(plan.latest_end),
        plan.purpose,
        plan.name,
        texts(plan.roles),
        plan.remote_id,
        owner.host,
        owner.user,
        owner.boot,
        owner.pid,
        owner.started,
        stored(at),
    )


def entry(row: sqlite3.Row) -> Entry:
    """Read a row of `entries`."""
    return Entry(
        number=EntryNumber(row["number"]),
        plan=_plan(row),
        owner=Owner(row["host"], row["user"], row["boot"], row["pid"], row["started"]),
        planned_at=instant(row["planned_at"]),
        state=EntryState(row["state"]),
        issued_at=instant_or_none(row["issued_at"]),
        ends_at=instant_or_none(row["ends_at"]),
        end_source=None if row["end_source"] is None else EndSource(row["end_source"]),
        remote_id=row["remote_id"],
        fingerprint=row["fingerprint"],
        verified=None if row["verified"] is None else bool(row["verified"]),
        delivered_to=tuple(json.loads(row["delivered_to"])),
        discarded=bool(row["discarded"]),
        note=row["note"],
        name=row["name"],
        ended_at=instant_or_none(row["ended_at"]),
    )


def _plan(row: sqlite3.Row) -> Plan:
    return Plan(
        profile=ProfileName(row["profile"]),
        provider=ProviderKey(row["provider"]),
        kind=KindKey(row["kind"]),
        noun=row["noun"],
        form=Form(row["form"]),
        target_id=row["target_id"],
        target_name=row["target_name"],
        scope=row["scope"],
        asked=row["asked"],
        latest_end=instant_or_none(row["latest_end"]),
        purpose=row["purpose"],
        name=row["planned_name"],
        roles=tuple(json.loads(row["roles"])),
    )


def event(row: sqlite3.Row) -> Event:
    """Read a row of `events`."""
    return Event(
        at=instant(row["at"]),
        number=None if row["entry"] is None else EntryNumber(row["entry"]),
        type=EventType(row["type"]),
        detail=row["detail"],
        noun=row["noun"],
        target_name=row["target_name"],
        profile=ProfileName(row["profile"]),
    )


def quick_target(row: sqlite3.Row) -> QuickTarget:
    """Read a row of the query for quick targets."""
    return QuickTarget(
        profile=ProfileName(row["profile"]),
        provider=ProviderKey(row["provider"]),
        kind=KindKey(row["kind"]),
        noun=row["noun"],
        target_id=row["target_id"],
        target_name=row["target_name"],
        asked=row["asked"],
        uses=row["uses"],
    )


def texts(several: Iterable[str]) -> str:
    """Write down roles, or where a secret went; `[]` stands for none in the schema's indexes."""
    return json.dumps(list(several), ensure_ascii=False)
