"""Words for a credential that is made or was made: its end, its limits, its script."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING

from tokentui.domain.lifetime import Chosen, DateChosen, Fixed, Never, spell_lifetime, spell_long
from tokentui.domain.lifetime import default_lifetime as decided
from tokentui.domain.model import Instance
from tokentui.ui import present

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from tokentui.domain.lifetime import LifetimePolicy
    from tokentui.domain.model import Issued, Target, Verification
    from tokentui.domain.profile import Guard
    from tokentui.ui.present import When

_A_SECOND = 1.0


def until(ends_at: datetime | None, when: When, *, with_date: bool = False) -> str:
    """Word an end: "until 14:32 CEST (12:32 UTC)", with its day unless that is today."""
    if ends_at is None:
        return "for ever: it never ends by itself"
    local = ends_at.astimezone(when.zone)
    shown = _moment(ends_at, when, with_date=with_date)
    if not local.utcoffset():
        return f"until {shown}"
    utc = f"{ends_at.astimezone(UTC):%H:%M} UTC"
    if ends_at.astimezone(UTC).date() != local.date():
        utc = _moment(ends_at, replace(when, zone=UTC), with_date=True)
    return f"until {shown} ({utc})"


def validity(issued: Issued, when: When, *, with_date: bool = False) -> str:
    """Word how long a credential that was just made still lives."""
    if issued.ends_at is None:
        return f"never ends, {issued.end_source}"
    left = present.time_left(issued.ends_at - when.now)
    remaining = "expired" if issued.ends_at <= when.now else f"{left} left"
    return f"{remaining}, {until(issued.ends_at, when, with_date=with_date)}, {issued.end_source}"


def target(made_for: Target) -> str:
    """Word what a credential is made for, and where that is."""
    region = made_for.region if isinstance(made_for, Instance) else ""
    where = " - ".join(filter(None, (made_for.profile, region, made_for.scope)))
    return f"{made_for.noun} {made_for.name} - {where}"


def allowed(policy: LifetimePolicy) -> str:
    """Word the limits of an expiration; empty: the provider decides it."""
    match policy:
        case Chosen(minimum=minimum, maximum=maximum):
            return f"allowed here: {spell_long(minimum)} to {spell_long(maximum)}"
        case DateChosen(maximum=maximum, may_never_end=may_never_end):
            most = "any date" if maximum is None else f"up to {spell_long(maximum)}"
            return f"allowed here: {most}" + (" or never" if may_never_end else "")
        case Fixed() | Never():
            return ""


def decision(policy: LifetimePolicy) -> str:
    """Word the lifetime that the provider decides; empty: it can be chosen."""
    match policy:
        case Fixed():
            return f"{spell_lifetime(decided(policy))}, fixed by the provider"
        case Never():
            return "none: it never ends by itself"
        case Chosen() | DateChosen():
            return ""


def rules(profile: str, guard: Guard) -> str:
    """Word a profile's own rules; empty: it has none."""
    said = []
    if guard.protected:
        said.append("protected")
    if guard.read_only:
        said.append("read only")
    if guard.max_lifetime is not None:
        said.append(f"{spell_long(guard.max_lifetime)} at most")
    if guard.purpose_required:
        said.append("a purpose is required")
    return f"Profile {profile}: {', '.join(said)}." if said else ""


def verification_words(verification: Verification) -> str:
    """Word what a call with the new secret showed."""
    parts = [verification.sentence]
    if verification.took is not None:
        parts[0] += f" in {_duration(verification.took)}"
    if verification.clock_off is not None:
        parts.append(f"clock difference {verification.clock_off.total_seconds():.1f} s")
    return ", ".join(parts)


def _moment(at: datetime, when: When, *, with_date: bool = False) -> str:
    local, today = at.astimezone(when.zone), when.now.astimezone(when.zone)
    there = replace(when, now=at)
    if local.year != today.year:
        return f"{when.date(at)} {there.clock()}"
    return there.clock(with_date=with_date or local.date() != today.date())


def _duration(took: timedelta) -> str:
    seconds = took.total_seconds()
    return f"{seconds * 1000:.0f} ms" if seconds < _A_SECOND else f"{seconds:.1f} s"
