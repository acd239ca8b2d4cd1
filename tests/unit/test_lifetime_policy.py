"""What comes out of a wish and a policy, case by case, and what is said about the rest."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest

from tokentui.domain.errors import ExitCode, GuardRail, UsageError
from tokentui.domain.lifetime import (
    Chosen,
    DateChosen,
    Endless,
    Fixed,
    LifetimePolicy,
    Months,
    Never,
    Span,
    Term,
    Until,
    capped,
    default_lifetime,
    parse,
    preferring,
    presets,
    resolve,
    zone_of,
)

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 10, 5, 12, 22, 0, 5_000, tzinfo=UTC)
EDGE = Chosen(10 * MINUTE, 180 * DAY, 10 * MINUTE)
BY_DAYS = Chosen(DAY, 180 * DAY, DAY, unit=DAY)
SERVICE_TOKEN = DateChosen(90 * DAY, timedelta(), None, UTC, may_never_end=True)
KEY = DateChosen(None, 10 * MINUTE, None, None, may_never_end=True)


@pytest.mark.parametrize(
    ("text", "policy", "sentence"),
    [
        ("10s", EDGE, "10 s is below the minimum of 10 min: type 10m or more"),
        ("599s", EDGE, "599 s is below the minimum of 10 min: type 10m or more"),
        ("181d", EDGE, "181 d is above the maximum of 180 d: type 180d or less"),
        (
            "6M",
            EDGE,
            "6 months (182d from now) is above the maximum of 180 d: type 180d or less",
        ),
        ("never", EDGE, "this cannot live for ever, but for 180 d: type 180d or less"),
        ("23h", BY_DAYS, "23 h is below the minimum of 1 d: type 1d or more"),
        ("2026-10-05", EDGE, "2026-10-04T22:00:00Z is in the past: type a later moment"),
        (
            "2026-10-05 14:30",
            EDGE,
            "2026-10-05T12:30:00Z (7m 59s from now) is below the minimum of 10 min: "
            "type 10m or more",
        ),
        (
            "10m",
            SERVICE_TOKEN,
            "10 min, cut to the start of that day in UTC, is below the minimum of 1 s: "
            "type 2026-10-06 or later",
        ),
        (
            "never",
            DateChosen(DAY, MINUTE, None, None, may_never_end=False),
            "this cannot live for ever: type a length such as 7d, or a date",
        ),
        (
            "1d",
            Fixed(Months(36)),
            "the provider decides this lifetime: 3 y: leave the expiration out, or type 36M",
        ),
        (
            "1d",
            Never(),
            "the provider decides this lifetime: never: leave the expiration out, or type never",
        ),
        ("12000M", KEY, None),
    ],
)
def test_a_refusal_names_the_limit_and_what_to_type(
    text: str, policy: LifetimePolicy, sentence: str | None
) -> None:
    if sentence is None:
        now = NOW.replace(year=9_500)
        sentence = "1000 y from now is after the year 9999: type less"
    else:
        now = NOW
    with pytest.raises(UsageError) as caught:
        resolve(parse(text, BERLIN), policy, now, BERLIN)
    assert str(caught.value) == sentence


def test_a_duration_is_rounded_down_to_the_unit() -> None:
    asked = Until(datetime(2026, 10, 8, 12, 21, tzinfo=UTC))
    assert resolve(asked, BY_DAYS, NOW, UTC) == Term(NOW + 2 * DAY, 2 * DAY)
    assert resolve(asked, EDGE, NOW, UTC).duration == 3 * DAY - 61 * SECOND


def test_a_dated_end_is_a_whole_second_and_the_shortest_wish_still_fits() -> None:
    term = resolve(Span(10 * MINUTE), KEY, NOW, UTC)
    assert term == Term(datetime(2026, 10, 5, 12, 32, tzinfo=UTC), 10 * MINUTE)
    asked = Until(datetime(2026, 10, 5, 13, 0, 0, 999_999, tzinfo=UTC))
    assert resolve(asked, KEY, NOW, UTC).ends_at == datetime(2026, 10, 5, 13, tzinfo=UTC)


def test_months_are_counted_in_the_users_zone() -> None:
    late = datetime(2026, 8, 31, 23, 30, tzinfo=UTC)
    term = resolve(Months(6), KEY, late, BERLIN)
    assert term.ends_at == datetime(2027, 3, 1, 0, 30, tzinfo=UTC)


def test_an_end_moves_to_the_start_of_its_day_in_the_providers_zone() -> None:
    asked = parse("2026-12-31 18:00", BERLIN)
    utc = resolve(asked, SERVICE_TOKEN, NOW, BERLIN)
    assert utc.ends_at == datetime(2026, 12, 31, tzinfo=UTC)
    berlin = resolve(asked, DateChosen(90 * DAY, DAY, None, BERLIN, True), NOW, UTC)
    assert berlin.ends_at == datetime(2026, 12, 30, 23, tzinfo=UTC)


def test_the_first_day_that_is_named_is_accepted() -> None:
    policy = DateChosen(90 * DAY, 3 * DAY, None, BERLIN, may_never_end=False)
    with pytest.raises(UsageError, match="type 2026-10-09 or later"):
        resolve(Span(3 * DAY), policy, NOW, UTC)
    term = resolve(parse("2026-10-09", BERLIN), policy, NOW, UTC)
    assert term.ends_at == datetime(2026, 10, 8, 22, tzinfo=UTC)
    midnight = datetime(2026, 10, 5, 22, tzinfo=UTC)
    assert resolve(Span(3 * DAY), policy, midnight, UTC).duration == 3 * DAY
    with pytest.raises(UsageError, match="type 2026-10-09 or later"):
        resolve(Span(DAY), policy, midnight, UTC)


def test_dates_are_typed_in_the_providers_zone_where_it_has_one() -> None:
    assert zone_of(SERVICE_TOKEN, BERLIN) is UTC
    assert zone_of(KEY, BERLIN) is BERLIN
    assert zone_of(EDGE, BERLIN) is BERLIN


def test_what_the_provider_decides_is_passed_through() -> None:
    three_years = resolve(Months(36), Fixed(Months(36)), NOW, UTC)
    assert three_years == Term(NOW.replace(year=2029), NOW.replace(year=2029) - NOW)
    assert resolve(Span(DAY), Fixed(DAY), NOW, UTC) == Term(NOW + DAY, DAY)
    assert resolve(Endless(), Never(), NOW, UTC) == Term(None, None)
    assert resolve(Endless(), KEY, NOW, UTC) == Term(None, None)


@pytest.mark.parametrize(
    ("policy", "labels"),
    [
        (EDGE, ["10 min", "1 h", "8 h", "1 d", "7 d", "30 d"]),
        (capped(EDGE, DAY), ["10 min", "1 h", "8 h", "1 d"]),
        (Chosen(MINUTE, 2 * DAY, 90 * MINUTE), ["10 min", "1 h", "90 min", "8 h", "1 d"]),
        (BY_DAYS, ["1 d", "7 d", "30 d"]),
        (Chosen(2 * DAY, 60 * DAY, 2 * DAY, unit=2 * DAY), ["2 d", "30 d"]),
        (Chosen(90 * DAY, 180 * DAY, 100 * DAY), ["100 d"]),
        (SERVICE_TOKEN, ["1 d", "7 d", "30 d", "90 d"]),
        (KEY, ["10 min", "1 h", "8 h", "1 d", "7 d", "30 d", "never"]),
        (capped(KEY, 8 * 60 * MINUTE), ["10 min", "1 h", "8 h"]),
        (Fixed(Months(36)), ["3 y"]),
        (Fixed(10 * MINUTE), ["10 min"]),
        (Never(), ["never"]),
    ],
)
def test_presets_are_the_portals_steps_within_the_policy(
    policy: LifetimePolicy, labels: list[str]
) -> None:
    assert [preset.label for preset in presets(policy)] == labels


def test_a_cap_lowers_the_maximum_and_the_default_and_forbids_never() -> None:
    assert capped(EDGE, None) is EDGE
    assert capped(EDGE, 30 * DAY) == Chosen(10 * MINUTE, 30 * DAY, 10 * MINUTE)
    assert capped(EDGE, 365 * DAY) == EDGE
    assert capped(BY_DAYS, 36 * 60 * MINUTE) == Chosen(DAY, DAY, DAY, unit=DAY)
    assert capped(SERVICE_TOKEN, 30 * DAY) == DateChosen(
        30 * DAY, timedelta(), 30 * DAY, UTC, may_never_end=False
    )
    assert default_lifetime(capped(SERVICE_TOKEN, 180 * DAY)) == Span(90 * DAY)
    assert default_lifetime(capped(KEY, 30 * DAY)) == Span(30 * DAY)
    assert capped(Fixed(DAY), DAY) == Fixed(DAY)
    assert capped(Fixed(Months(36)), 1_098 * DAY) == Fixed(Months(36))


@pytest.mark.parametrize(
    ("policy", "longest", "words"),
    [
        (EDGE, 5 * MINUTE, "under 10 min, and the profile none over 5 min"),
        (BY_DAYS, 23 * 60 * MINUTE, "under 1 d, and the profile none over 0 s"),
        (SERVICE_TOKEN, 8 * 60 * MINUTE, "under 1 d, and the profile none over 8 h"),
        (
            DateChosen(None, timedelta(), None, None, may_never_end=True),
            timedelta(),
            "under 1 s, and the profile none over 0 s",
        ),
        (Fixed(Months(36)), 30 * DAY, "under 1098 d, and the profile none over 30 d"),
        (Never(), 30 * DAY, "never ends, and the profile allows at most 30 d"),
    ],
)
def test_a_cap_under_all_that_is_possible_is_said(
    policy: LifetimePolicy, longest: timedelta, words: str
) -> None:
    with pytest.raises(GuardRail) as caught:
        capped(policy, longest)
    assert words in caught.value.message
    assert "max_lifetime" in caught.value.next_step
    assert caught.value.exit_code is ExitCode.GUARD_RAIL


@pytest.mark.parametrize(
    ("minimum", "maximum", "default", "unit"),
    [
        (timedelta(), DAY, DAY, SECOND),
        (DAY, MINUTE, MINUTE, SECOND),
        (MINUTE, DAY, SECOND, SECOND),
        (MINUTE, DAY, 2 * DAY, SECOND),
        (MINUTE, DAY, DAY, DAY),
    ],
)
def test_a_policy_that_contradicts_itself_is_not_made(
    minimum: timedelta, maximum: timedelta, default: timedelta, unit: timedelta
) -> None:
    with pytest.raises(ValueError, match=r"^a policy"):
        Chosen(minimum, maximum, default, unit)


@pytest.mark.parametrize(
    ("default", "maximum", "zone", "may_never_end"),
    [
        (None, None, None, False),
        (MINUTE, None, None, True),
        (2 * DAY, DAY, None, True),
        (2 * DAY - MINUTE, None, UTC, True),
        (2 * DAY, None, BERLIN, True),
    ],
)
def test_a_date_policy_whose_default_cannot_always_be_kept_is_not_made(
    default: timedelta | None,
    maximum: timedelta | None,
    zone: tzinfo | None,
    may_never_end: bool,
) -> None:
    minimum = DAY
    with pytest.raises(ValueError, match=r"^a policy"):
        DateChosen(default, minimum, maximum, zone, may_never_end)


def test_a_day_of_25_hours_offers_no_preset_that_can_fail() -> None:
    policy = DateChosen(7 * DAY, timedelta(), None, BERLIN, may_never_end=False)
    long_day_starts = datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert resolve(Span(26 * 60 * MINUTE), policy, long_day_starts, UTC).ends_at == datetime(
        2026, 10, 25, 23, tzinfo=UTC
    )
    with pytest.raises(UsageError):
        resolve(Span(DAY), policy, long_day_starts, UTC)
    assert Span(DAY) not in [preset.lifetime for preset in presets(policy)]
    assert long_day_starts.astimezone(BERLIN).date() == date(2026, 10, 25)


@pytest.mark.parametrize(
    ("policy", "wish", "default"),
    [
        (Chosen(10 * MINUTE, DAY, 10 * MINUTE), None, Span(10 * MINUTE)),
        (Chosen(10 * MINUTE, DAY, 10 * MINUTE), 90 * MINUTE, Span(90 * MINUTE)),
        (Chosen(10 * MINUTE, DAY, 10 * MINUTE), MINUTE, Span(10 * MINUTE)),
        (Chosen(10 * MINUTE, DAY, 10 * MINUTE), 9 * DAY, Span(DAY)),
        (DateChosen(None, DAY, 30 * DAY, UTC, True), 7 * DAY, Span(7 * DAY)),
        (DateChosen(None, DAY, 30 * DAY, UTC, True), 90 * DAY, Span(30 * DAY)),
        (Fixed(3 * DAY), DAY, Span(3 * DAY)),
        (Never(), DAY, Endless()),
    ],
)
def test_a_profiles_usual_lifetime_is_moved_into_the_policy(
    policy: LifetimePolicy, wish: timedelta | None, default: Span | Endless
) -> None:
    assert default_lifetime(preferring(policy, wish)) == default
