"""What is written down of a verb before and after its request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.domain.errors import UsageError
from tokentui.domain.ledger import Deed, EventType, Plan
from tokentui.domain.text import unprintable
from tokentui.services.verbs import title

if TYPE_CHECKING:
    from tokentui.domain.model import Kind
    from tokentui.services.held import Held


def deed_of(held: Held, event: EventType, detail: str = "") -> Deed:
    """Say what was done to a credential, for one that has no entry."""
    return Deed(held.profile, event, held.noun, held.name or held.target_name, detail)


def plan_anew(held: Held, kind: Kind, purpose: str) -> Plan:
    """Plan another secret in a credential's place, which lives as long as the old one."""
    return Plan(
        profile=held.profile,
        provider=held.provider,
        kind=held.kind,
        noun=kind.noun,
        form=kind.form,
        target_id=held.target_id,
        target_name=held.target_name,
        scope=held.scope,
        asked="",
        latest_end=held.ends_at,
        purpose=purpose,
        name=held.name,
        roles=held.roles,
        remote_id=held.remote_id,
    )


def checked_name(held: Held, name: str) -> str:
    """Give the new name as it is sent; raises `UsageError` for what is none."""
    name = name.strip()
    if not name:
        raise UsageError(f"{title(held)} needs a name", "type one")
    if unprintable(name):
        raise UsageError(
            f"the new name of {title(held)} holds characters that cannot be shown",
            "type letters, digits and signs",
        )
    if name == held.name:
        raise UsageError(f"{title(held)} has that name already", "type another one")
    return name
