from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tokentui.domain.errors import UsageError
from tokentui.domain.lifetime import Chosen, DateChosen, Fixed, LifetimePolicy, Never, Span
from tokentui.domain.model import FieldType, KindKey, Offer, OfferField, Verification
from tokentui.domain.profile import Guard
from tokentui.ui import credential_words as words
from tokentui.ui.generate_form import COPY, CURRENT, MERGE, VERIFY, GenerateForm
from tokentui.ui.present import When
from world import KUBECONFIG, LIFETIME, MONDAY, TOKEN, instance

BERLIN = ZoneInfo("Europe/Berlin")
WHEN = When(MONDAY, BERLIN)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def form(
    *fields: OfferField,
    policy: LifetimePolicy = LIFETIME,
    guard: Guard | None = None,
    kind: str | None = None,
    asked: str = "",
    impossible: str = "",
) -> GenerateForm:
    offers = (
        Offer(TOKEN, instance(), policy, fields, impossible=impossible),
        Offer(KUBECONFIG, instance(), policy, fields),
    )
    return GenerateForm(
        offers, guard or Guard(), BERLIN, None if kind is None else KindKey(kind), asked
    )


def test_begins_with_the_first_possible_offer_and_its_default() -> None:
    made = form()
    assert (made.offer.kind, made.asked(), made.step) == (TOKEN, "10m", 0)
    assert form(impossible="not yet").offer.kind == KUBECONFIG
    assert form(kind="token", impossible="not yet").problem(MONDAY) == "not yet"


def test_begins_with_the_profiles_default_and_rather_with_what_was_asked_last() -> None:
    guard = Guard(default_lifetime=HOUR)
    assert form(guard=guard).presets[form(guard=guard).step].label == "1 h"
    assert form(guard=guard, asked="8h").asked() == "8h"
    assert form(asked="90m").is_custom
    assert form(asked="90m").custom == "90m"
    assert form(asked="nonsense").asked() == "10m"


def test_another_offer_keeps_the_expiration_and_changes_what_happens_after() -> None:
    made = form()
    made.choose_step(1)
    assert made.after == {COPY, VERIFY}
    assert made.choose_offer(1) == ""
    assert (made.offer.kind, made.asked()) == (KUBECONFIG, "1h")
    assert made.after == {MERGE, VERIFY}


def test_an_impossible_offer_is_not_chosen_and_says_why() -> None:
    made = form(impossible="demo is reconciling")
    assert made.choose_offer(0) == "demo is reconciling"
    assert made.offer.kind == KUBECONFIG


def test_only_what_is_merged_can_be_made_current() -> None:
    made = form(kind="kubeconfig")
    made.switch_after(MERGE)
    made.switch_after(CURRENT)
    assert {MERGE, CURRENT} <= made.after
    made.switch_after(MERGE)
    assert not made.after & {MERGE, CURRENT}


def test_what_the_provider_decides_cannot_be_typed() -> None:
    for policy in (Fixed(timedelta(days=365)), Never()):
        made = form(policy=policy)
        assert not made.takes_custom
        assert not made.choose_step(1)
        assert made.problem(MONDAY) == ""


def test_a_custom_expiration_is_read_and_checked() -> None:
    made = form()
    assert made.choose_step(len(made.presets))
    made.custom = " 36h "
    assert made.lifetime() == Span(36 * HOUR)
    assert made.wanted().request.asked == "36h"
    made.custom = "200d"
    with pytest.raises(UsageError, match="above the maximum of 180 d"):
        made.term(MONDAY)
    assert "type 180d or less" in made.problem(MONDAY)


def test_names_what_is_missing() -> None:
    assert "wants a purpose" in form(guard=Guard(purpose_required=True)).problem(MONDAY)
    role = OfferField("role", "Role", FieldType.CHOICE, required=True, choices=("a", "b"))
    made = form(role)
    assert made.problem(MONDAY) == "Role is needed"
    made.values["role"] = "b"
    assert made.problem(MONDAY) == ""
    assert made.wanted().request.values == {"role": "b"}


def test_checks_a_text_against_its_pattern() -> None:
    name = OfferField("name", "Name", FieldType.TEXT, "small letters", pattern="[a-z]+")
    made = form(name)
    assert made.problem(MONDAY) == ""
    made.values["name"] = "UP"
    assert made.problem(MONDAY) == "Name: small letters"


@pytest.mark.parametrize(
    ("ends_at", "said"),
    [
        (MONDAY + timedelta(minutes=10), "until 14:32 CEST (12:32 UTC)"),
        (MONDAY + DAY, "until Tue 6 Oct 14:22 CEST (12:22 UTC)"),
        (
            datetime(2026, 10, 5, 22, 30, tzinfo=UTC),
            "until Tue 6 Oct 00:30 CEST (Mon 5 Oct 22:30 UTC)",
        ),
        (MONDAY + 180 * DAY, "until 3 Apr 2027 14:22 CEST (12:22 UTC)"),
        (None, "for ever: it never ends by itself"),
    ],
)
def test_words_an_end(ends_at: datetime | None, said: str) -> None:
    assert words.until(ends_at, WHEN) == said


def test_a_user_in_utc_reads_an_end_once() -> None:
    ends_at = MONDAY + timedelta(minutes=10)
    assert words.until(ends_at, When(MONDAY, ZoneInfo("Etc/UTC"))) == "until 12:32 UTC"


def test_words_the_limits() -> None:
    assert words.allowed(LIFETIME) == "allowed here: 10 min to 180 d"
    assert words.allowed(Never()) == ""
    any_date = DateChosen(None, timedelta(), None, None, may_never_end=True)
    assert words.allowed(any_date) == "allowed here: any date or never"
    month = DateChosen(DAY, timedelta(), 30 * DAY, None, may_never_end=False)
    assert words.allowed(month) == "allowed here: up to 30 d"


def test_words_the_rules_of_a_profile() -> None:
    assert words.rules("ops", Guard()) == ""
    guard = Guard(protected=True, read_only=True, max_lifetime=DAY, purpose_required=True)
    said = "Profile ops: protected, read only, 1 d at most, a purpose is required."
    assert words.rules("ops", guard) == said


def test_words_a_verification() -> None:
    found = Verification(True, "ok: 200", timedelta(milliseconds=180), timedelta(milliseconds=400))
    assert words.verification_words(found) == "ok: 200 in 180 ms, clock difference 0.4 s"
    assert words.verification_words(Verification(None, "not known")) == "not known"
    slow = Verification(True, "ok: 200", timedelta(seconds=2.34))
    assert words.verification_words(slow) == "ok: 200 in 2.3 s"


def script(made: GenerateForm, *, several: bool = False) -> str:
    return words.script(made, several_profiles=several)


def test_writes_the_script_that_does_the_same() -> None:
    made = form()
    assert script(made) == "tokentui token create --instance demo -e 10m --copy"
    made.purpose = "argo's test"
    made.switch_after(VERIFY)
    made.switch_after(COPY)
    assert script(made, several=True) == (
        "tokentui token create --instance demo -p ops-prod -e 10m "
        "--purpose 'argo'\"'\"'s test' --stdout --no-verify"
    )


def test_the_script_of_a_kubeconfig_merges_it() -> None:
    made = form(kind="kubeconfig", asked="1h")
    merged = "tokentui kubeconfig create --instance demo -e 1h --kubeconfig"
    assert script(made) == merged
    made.switch_after(CURRENT)
    assert script(made) == f"{merged} --use"


def test_the_script_names_a_second_kind_of_a_form() -> None:
    other = replace(TOKEN, key=KindKey("machine-token"))
    offers = tuple(Offer(kind, instance(), LIFETIME) for kind in (TOKEN, other))
    made = GenerateForm(offers, Guard(), BERLIN, other.key)
    assert "token create --kind machine-token --instance demo" in script(made)


def test_there_is_no_script_for_what_the_command_line_cannot_say() -> None:
    flag = OfferField("wide", "Wide", FieldType.FLAG, default=False)
    name = OfferField("name", "Name", FieldType.TEXT)
    made = form(flag, name)
    made.values["name"] = "x y"
    assert "--set 'name=x y'" in script(made)
    made.values["wide"] = True
    assert script(made) == ""


def test_a_policy_of_one_day_has_its_default_among_the_steps() -> None:
    made = form(policy=Chosen(timedelta(minutes=5), DAY, timedelta(minutes=5)))
    assert made.presets[0].label == "5 min"
    assert made.step == 0
