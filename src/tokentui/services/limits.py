"""The lifetimes that a profile's own rules allow."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tokentui.domain.errors import GuardRail
from tokentui.domain.lifetime import (
    DateChosen,
    Span,
    capped,
    preferring,
    resolve,
    spell_long,
    typed,
)

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from tokentui.domain.lifetime import Lifetime, LifetimePolicy, Term
    from tokentui.domain.profile import Profile

_ANY = DateChosen(
    default=None, minimum=timedelta(), maximum=None, whole_days_in=None, may_never_end=True
)


def read_only(profile: Profile) -> str:
    """Give the reason why nothing can be changed in a read-only profile."""
    return f"profile {profile.name} is read only (guard.read_only)"


def require_purpose(profile: Profile, purpose: str) -> None:
    """Raise `GuardRail` where the profile wants a purpose and there is none."""
    if profile.guard.purpose_required and not purpose.strip():
        raise GuardRail(
            f"profile {profile.name} wants a purpose for every credential",
            "say what it is for (--purpose on the command line)",
        )


def within(profile: Profile, policy: LifetimePolicy) -> LifetimePolicy:
    """Give the lifetimes that the profile allows; raises `GuardRail` where it allows none."""
    if profile.guard.read_only:
        raise GuardRail(read_only(profile))
    return preferring(capped(policy, profile.guard.max_lifetime), profile.guard.default_lifetime)


def term_within(
    profile: Profile, lifetime: Lifetime, policy: LifetimePolicy, now: datetime, zone: tzinfo
) -> Term:
    """Say when it would end; raises `GuardRail` before `UsageError` if both forbid it."""
    longest = profile.guard.max_lifetime
    if longest is not None:
        asked = resolve(lifetime, _ANY, now, zone).duration
        if asked is None or asked > longest:
            raise GuardRail(
                f"profile {profile.name} allows at most {spell_long(longest)} (guard.max_lifetime)",
                f"ask for {typed(Span(longest))} or less",
            )
    return resolve(lifetime, within(profile, policy), now, zone)
