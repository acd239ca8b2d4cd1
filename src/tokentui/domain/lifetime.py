"""How long a credential lives: what is asked for, what the provider allows, what comes out.

Nothing here reads a clock: `now` is always given, aware.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from tokentui.domain.errors import UsageError
from tokentui.domain.expiration import (
    Endless,
    Lifetime,
    Months,
    Span,
    Until,
    parse,
    spell_lifetime,
    typed,
)
from tokentui.domain.local_time import add_months, start_of_day
from tokentui.domain.policy import (
    Chosen,
    DateChosen,
    Fixed,
    LifetimePolicy,
    Never,
    Preset,
    capped,
    default_lifetime,
    preferring,
    presets,
    zone_of,
)
from tokentui.domain.spelling import left, spell, spell_long

__all__ = [
    "Chosen",
    "DateChosen",
    "Endless",
    "Fixed",
    "Lifetime",
    "LifetimePolicy",
    "Months",
    "Never",
    "Preset",
    "Span",
    "Term",
    "Until",
    "capped",
    "default_lifetime",
    "left",
    "parse",
    "preferring",
    "presets",
    "resolve",
    "spell",
    "spell_lifetime",
    "spell_long",
    "typed",
    "zone_of",
]

_NOTHING = timedelta()
_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Term:
    """What is asked of the provider: `ends_at` is aware UTC; both None means no end."""

    ends_at: datetime | None
    duration: timedelta | None


def resolve(lifetime: Lifetime, policy: LifetimePolicy, now: datetime, zone: tzinfo) -> Term:
    """Turn what is asked for into what the policy allows; the end is never later than asked.

    `zone` counts calendar months. Raises UsageError, which names the limit and what to type.
    """
    match policy:
        case Chosen():
            return _by_duration(lifetime, policy, now, zone)
        case DateChosen():
            return _by_date(lifetime, policy, now, zone)
        case Fixed() | Never():
            return _as_decided(lifetime, policy, now, zone)


def _by_duration(lifetime: Lifetime, policy: Chosen, now: datetime, zone: tzinfo) -> Term:
    if isinstance(lifetime, Endless):
        raise _endless_refused(policy.maximum)
    duration = _end(lifetime, now, zone) - now
    asked = _asked(lifetime, duration)
    duration -= duration % policy.unit
    if duration < policy.minimum:
        raise _below(asked, policy.minimum, f"type {typed(Span(policy.minimum))} or more")
    _check_maximum(asked, duration, policy.maximum)
    return Term(now.astimezone(UTC) + duration, duration)


def _by_date(lifetime: Lifetime, policy: DateChosen, now: datetime, zone: tzinfo) -> Term:
    if isinstance(lifetime, Endless):
        if not policy.may_never_end:
            raise _endless_refused(policy.maximum)
        return Term(None, None)
    start = now.astimezone(UTC).replace(microsecond=0)
    ends_at = _end(lifetime, start, zone).replace(microsecond=0)
    asked = _asked(lifetime, ends_at - start)
    minimum = max(policy.minimum, _SECOND)
    enough = f"type {typed(Span(minimum))} or more"
    if policy.whole_days_in is not None:
        ends_at = _start_of_its_day(ends_at, policy.whole_days_in)
        asked = f"{asked}, cut to the start of that day in {policy.whole_days_in},"
        enough = f"type {_first_day(start + minimum, policy.whole_days_in)} or later"
    duration = ends_at - start
    if duration < minimum:
        raise _below(asked, minimum, enough)
    if policy.maximum is not None:
        _check_maximum(asked, duration, policy.maximum)
    return Term(ends_at, duration)


def _as_decided(lifetime: Lifetime, policy: Fixed | Never, now: datetime, zone: tzinfo) -> Term:
    decided = default_lifetime(policy)
    if lifetime != decided:
        raise UsageError(
            f"the provider decides this lifetime: {spell_lifetime(decided)}",
            f"leave the expiration out, or type {typed(decided)}",
        )
    if isinstance(decided, Endless):
        return Term(None, None)
    ends_at = _end(decided, now, zone)
    return Term(ends_at, ends_at - now)


def _end(lifetime: Span | Months | Until, now: datetime, zone: tzinfo) -> datetime:
    try:
        match lifetime:
            case Span(delta):
                return now.astimezone(UTC) + delta
            case Months(count):
                return add_months(now, count, zone)
            case Until(at):
                if at <= now:
                    raise UsageError(f"{typed(lifetime)} is in the past", "type a later moment")
                return at.astimezone(UTC)
    except (OverflowError, ValueError):
        raise UsageError(
            f"{spell_lifetime(lifetime)} from now is after the year 9999", "type less"
        ) from None


def _start_of_its_day(moment: datetime, zone: tzinfo) -> datetime:
    start = start_of_day(moment.astimezone(zone).date(), zone)
    # A day that holds a moment has a start.
    return moment if start is None else start


def _first_day(earliest: datetime, zone: tzinfo) -> str:
    day = earliest.astimezone(zone).date()
    if _start_of_its_day(earliest, zone) < earliest:
        day += _DAY
    return day.isoformat()


def _asked(lifetime: Lifetime, duration: timedelta) -> str:
    words = spell_lifetime(lifetime)
    return words if isinstance(lifetime, Span) else f"{words} ({spell(duration)} from now)"


def _endless_refused(maximum: timedelta | None) -> UsageError:
    if maximum is None:
        return UsageError("this cannot live for ever", "type a length such as 7d, or a date")
    return UsageError(
        f"this cannot live for ever, but for {spell_long(maximum)}",
        f"type {typed(Span(maximum))} or less",
    )


def _below(asked: str, minimum: timedelta, enough: str) -> UsageError:
    return UsageError(f"{asked} is below the minimum of {spell_long(minimum)}", enough)


def _check_maximum(asked: str, duration: timedelta, maximum: timedelta) -> None:
    if duration > maximum:
        raise UsageError(
            f"{asked} is above the maximum of {spell_long(maximum)}",
            f"type {typed(Span(maximum))} or less",
        )
