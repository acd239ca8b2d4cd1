"""What comes out of a wish and a policy: never later than asked, never outside the limits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import assert_never
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from tokentui.domain.errors import GuardRail, UsageError
from tokentui.domain.lifetime import (
    Chosen,
    DateChosen,
    Endless,
    Fixed,
    Lifetime,
    LifetimePolicy,
    Months,
    Never,
    Span,
    Term,
    Until,
    capped,
    default_lifetime,
    presets,
    resolve,
)
from tokentui.domain.local_time import add_months
from tokentui.domain.policy import shortest

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)

zones = st.sampled_from(
    ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Antarctica/Troll", "UTC"]
).map(ZoneInfo)
nows = st.datetimes(
    datetime.fromisoformat("2020-01-01"),
    datetime.fromisoformat("2040-01-01"),
    timezones=st.just(UTC),
)
seconds = st.integers(1, 40_000_000).map(lambda count: timedelta(seconds=count))


@st.composite
def chosen(draw: st.DrawFn) -> Chosen:
    unit = draw(st.sampled_from([SECOND, MINUTE, DAY]))
    limits = sorted(draw(st.lists(st.integers(1, 1_000), min_size=3, max_size=3)))
    return Chosen(limits[0] * unit, limits[2] * unit, limits[1] * unit, unit)


@st.composite
def date_chosen(draw: st.DrawFn) -> DateChosen:
    minimum = draw(st.one_of(st.just(timedelta()), seconds))
    zone = draw(st.one_of(st.none(), zones, st.just(UTC)))
    loose = DateChosen(None, minimum, None, zone, may_never_end=True)
    default = draw(st.one_of(st.none(), seconds.map(lambda span: shortest(loose) + span)))
    room = draw(st.one_of(st.none(), seconds))
    maximum = None if room is None else (default or shortest(loose)) + room
    may_never_end = default is None or draw(st.booleans())
    return DateChosen(default, minimum, maximum, zone, may_never_end)


spans = st.one_of(seconds, st.integers(1, 500).map(lambda count: count * DAY))
policies: st.SearchStrategy[LifetimePolicy] = st.one_of(
    chosen(),
    date_chosen(),
    st.one_of(spans, st.integers(1, 60).map(Months)).map(Fixed),
    st.just(Never()),
)
lifetimes: st.SearchStrategy[Lifetime] = st.one_of(
    spans.map(Span), st.integers(1, 60).map(Months), nows.map(Until), st.just(Endless())
)


def asked_end(lifetime: Lifetime, now: datetime, zone: tzinfo) -> datetime | None:
    match lifetime:
        case Span(delta):
            return now + delta
        case Months(count):
            return add_months(now, count, zone)
        case Until(at):
            return at
        case Endless():
            return None


def assert_within(term: Term, policy: LifetimePolicy) -> None:
    match policy:
        case Chosen():
            assert term.duration is not None
            assert policy.minimum <= term.duration <= policy.maximum
            assert not term.duration % policy.unit
        case DateChosen():
            if term.ends_at is None or term.duration is None:
                assert policy.may_never_end
                return
            assert max(policy.minimum, SECOND) <= term.duration
            assert policy.maximum is None or term.duration <= policy.maximum
            assert term.ends_at.microsecond == 0
            if policy.whole_days_in is not None:
                before = (term.ends_at - SECOND).astimezone(policy.whole_days_in)
                assert before.date() < term.ends_at.astimezone(policy.whole_days_in).date()
        case Fixed() | Never():
            pass
        case _:
            assert_never(policy)


@settings(deadline=None)
@given(lifetimes, policies, nows, zones)
def test_an_end_is_never_later_than_asked_nor_outside_the_policy(
    lifetime: Lifetime, policy: LifetimePolicy, now: datetime, zone: tzinfo
) -> None:
    try:
        term = resolve(lifetime, policy, now, zone)
    except UsageError as refusal:
        assert refusal.next_step  # noqa: PT017
        return
    asked = asked_end(lifetime, now, zone)
    assert (term.ends_at is None) == (term.duration is None) == (asked is None)
    if term.ends_at is not None and asked is not None:
        assert now < term.ends_at <= asked
        assert term.ends_at.tzinfo is UTC
    assert_within(term, policy)


@settings(deadline=None)
@given(chosen(), st.integers(1, 1_000), nows)
def test_every_whole_duration_within_the_limits_is_kept(
    policy: Chosen, count: int, now: datetime
) -> None:
    duration = min(max(count * policy.unit, policy.minimum), policy.maximum)
    assert resolve(Span(duration), policy, now, UTC) == Term(now + duration, duration)


@settings(deadline=None)
@given(policies, st.one_of(st.none(), spans), nows, zones)
def test_presets_and_defaults_resolve_at_any_time(
    policy: LifetimePolicy, longest: timedelta | None, now: datetime, zone: tzinfo
) -> None:
    try:
        lowered = capped(policy, longest)
    except GuardRail as refusal:
        assert longest is not None
        assert "max_lifetime" in refusal.next_step  # noqa: PT017
        return
    offered = presets(lowered)
    assert default_lifetime(lowered) in [preset.lifetime for preset in offered]
    assert len({preset.label for preset in offered}) == len(offered)
    for preset in offered:
        term = resolve(preset.lifetime, lowered, now, zone)
        assert longest is None or (term.duration is not None and term.duration <= longest)


@settings(deadline=None)
@given(st.one_of(chosen(), date_chosen()), spans, lifetimes, nows)
def test_a_guard_rail_only_takes_away(
    policy: Chosen | DateChosen, longest: timedelta, lifetime: Lifetime, now: datetime
) -> None:
    try:
        term = resolve(lifetime, capped(policy, longest), now, UTC)
    except (UsageError, GuardRail):
        return
    assert term == resolve(lifetime, policy, now, UTC)
    assert term.duration is not None
    assert term.duration <= longest
