"""What a provider allows as a lifetime, lowered by a profile's guard rail, and its presets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta, tzinfo
from typing import TypeAlias

from tokentui.domain.errors import GuardRail
from tokentui.domain.expiration import Endless, Lifetime, Months, Span, spell_lifetime
from tokentui.domain.spelling import spell_long

_NOTHING = timedelta()
_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)
# Clocks go back by up to two hours (tz database 2025b, Antarctica/Troll).
_LONGEST_DAY = timedelta(hours=26)
_LONGEST_YEAR = timedelta(days=366)
_LONGEST_MONTH = timedelta(days=31)
# The steps of the portal's Expiration field.
_LADDER = (
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=8),
    timedelta(days=1),
    timedelta(days=7),
    timedelta(days=30),
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The user chooses a duration; all four are whole multiples of `unit`."""

    minimum: timedelta
    maximum: timedelta
    default: timedelta
    unit: timedelta = _SECOND

    def __post_init__(self) -> None:
        if not _NOTHING < self.minimum <= self.default <= self.maximum:
            raise ValueError("a policy needs 0 < minimum <= default <= maximum")
        if any(limit % self.unit for limit in (self.minimum, self.default, self.maximum)):
            raise ValueError("a policy's limits are whole multiples of its unit")


@dataclass(frozen=True, slots=True)
class DateChosen:
    """The user chooses an end; `default` None means that it never ends.

    `maximum` None means any date. With `whole_days_in`, only the starts of days in that zone can
    be ends, so an end moves to the start of its day.
    """

    default: timedelta | None
    minimum: timedelta
    maximum: timedelta | None
    whole_days_in: tzinfo | None
    may_never_end: bool

    def __post_init__(self) -> None:
        if self.default is None and not self.may_never_end:
            raise ValueError("a policy without a default must allow never")
        if self.default is not None and not _always_fits(self.default, self):
            raise ValueError("a policy's default must always lie within its limits")


@dataclass(frozen=True, slots=True)
class Fixed:
    """The provider decides: always this long."""

    span: timedelta | Months


@dataclass(frozen=True, slots=True)
class Never:
    """The provider decides: no end."""


LifetimePolicy: TypeAlias = Chosen | DateChosen | Fixed | Never


@dataclass(frozen=True, slots=True)
class Preset:
    """One step of the Expiration field."""

    label: str
    lifetime: Lifetime


def zone_of(policy: LifetimePolicy, zone: tzinfo) -> tzinfo:
    """Return the zone in which dates for this policy are typed and shown, else the user's."""
    if isinstance(policy, DateChosen) and policy.whole_days_in is not None:
        return policy.whole_days_in
    return zone


def default_lifetime(policy: LifetimePolicy) -> Lifetime:
    """Return what is asked for when the user says nothing."""
    match policy:
        case Chosen(default=default):
            return Span(default)
        case DateChosen(default=default):
            return Endless() if default is None else Span(default)
        case Fixed(span=span):
            return span if isinstance(span, Months) else Span(span)
        case Never():
            return Endless()


def capped(policy: LifetimePolicy, longest: timedelta | None) -> LifetimePolicy:
    """Lower a policy to the profile's longest lifetime, and forbid what never ends.

    Raises GuardRail if nothing that the provider allows is short enough.
    """
    if longest is None:
        return policy
    match policy:
        case Chosen():
            longest -= longest % policy.unit
            _require(policy.minimum, longest)
            return replace(
                policy,
                maximum=min(policy.maximum, longest),
                default=min(policy.default, longest),
            )
        case DateChosen():
            maximum = _lower(longest, policy.maximum)
            _require(shortest(policy), maximum)
            return replace(
                policy,
                maximum=maximum,
                default=_lower(maximum, policy.default),
                may_never_end=False,
            )
        case Fixed(span=span):
            _require(_at_most(span) if isinstance(span, Months) else span, longest)
            return policy
        case Never():
            raise GuardRail(
                f"this credential never ends, and the profile allows at most {spell_long(longest)}",
                "use another kind, or change the profile's max_lifetime",
            )


def preferring(policy: LifetimePolicy, wish: timedelta | None) -> LifetimePolicy:
    """Make a profile's usual lifetime the default, moved into what the policy allows."""
    if wish is None:
        return policy
    match policy:
        case Chosen():
            wish -= wish % policy.unit
            return replace(policy, default=min(max(wish, policy.minimum), policy.maximum))
        case DateChosen():
            return replace(policy, default=_lower(max(wish, shortest(policy)), policy.maximum))
        case Fixed() | Never():
            return policy


def presets(policy: LifetimePolicy) -> tuple[Preset, ...]:
    """Return the portal's steps that always fit the policy, and its default among them."""
    offered = [Span(step) for step in _LADDER if _always_fits(step, policy)]
    default = default_lifetime(policy)
    if isinstance(default, Span):
        offered = sorted({*offered, default}, key=lambda span: span.delta)
        return tuple(Preset(spell_lifetime(span), span) for span in offered)
    return tuple(Preset(spell_lifetime(step), step) for step in (*offered, default))


def shortest(policy: DateChosen) -> timedelta:
    """Return the span that fits at any time of day, even when its end moves to midnight."""
    if policy.whole_days_in is None:
        return max(policy.minimum, _SECOND)
    fixed_offset = policy.whole_days_in.utcoffset(None) is not None
    return policy.minimum + (_DAY if fixed_offset else _LONGEST_DAY)


def _always_fits(span: timedelta, policy: LifetimePolicy) -> bool:
    match policy:
        case Chosen():
            return policy.minimum <= span <= policy.maximum and not span % policy.unit
        case DateChosen():
            return shortest(policy) <= span and span == _lower(span, policy.maximum)
        case Fixed() | Never():
            return False


def _lower(span: timedelta, limit: timedelta | None) -> timedelta:
    return span if limit is None else min(span, limit)


def _at_most(months: Months) -> timedelta:
    years, rest = divmod(months.count, 12)
    return years * _LONGEST_YEAR + rest * _LONGEST_MONTH


def _require(needed: timedelta, longest: timedelta) -> None:
    if needed > longest:
        raise GuardRail(
            f"the provider allows no lifetime under {spell_long(needed)}, "
            f"and the profile none over {spell_long(longest)}",
            "use another kind, or change the profile's max_lifetime",
        )
