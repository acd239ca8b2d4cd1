from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tokentui.domain.errors import UsageError
from tokentui.domain.lifetime import Chosen, DateChosen, Fixed, LifetimePolicy, Never, Span
from tokentui.domain.model import (
    FieldType,
    Form,
    Kind,
    KindKey,
    Offer,
    OfferField,
    Verification,
)
from tokentui.domain.profile import Guard
from tokentui.ui import credential_words as words
from tokentui.ui import generate_script
from tokentui.ui.generate_form import (
    COPY,
    CURRENT,
    MERGE,
    SAVE,
    VERIFY,
    GenerateForm,
    usually_after,
)
from tokentui.ui.offer_values import as_texts
from tokentui.ui.present import When
from world import KUBECONFIG, LIFETIME, MONDAY, TOKEN, instance
from world_managed import ENDS, KEY, NAME, SERVICE_TOKEN, USER, robot

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
    assert made.misfit() == made.problem(MONDAY)
    assert made.problem(MONDAY) == "Name of edge token cannot be 'UP': small letters"


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
    return generate_script.script(made, (instance(),), several_profiles=several)


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


def test_the_script_sets_what_was_filled_in() -> None:
    fields = (
        OfferField("wide", "Wide", FieldType.FLAG, default=False),
        OfferField("roles", "Roles", FieldType.TEXTS, choices=("guest",)),
        OfferField("scopes", "Scopes", FieldType.CHOICES, choices=("read", "write")),
        OfferField("size", "Size", FieldType.CHOICE, default="s", choices=("s", "l")),
        OfferField("name", "Name", FieldType.TEXT),
    )
    made = form(*fields)
    assert script(made) == "tokentui token create --instance demo -e 10m --copy"
    made.values |= {
        "wide": True,
        "roles": ("guest", "my role"),
        "scopes": ("read", "write"),
        "size": "l",
        "name": "-x y",
    }
    assert script(made) == (
        "tokentui token create --instance demo '--name=-x y' --set wide=true --role guest "
        "--role 'my role' --set scopes=read,write --set size=l -e 10m --copy"
    )


def test_the_script_names_the_path_of_a_file() -> None:
    made = form(OfferField("cert", "Certificate", FieldType.FILE))
    made.values["cert"] = "~/my cert.pem"
    assert "--set 'cert=~/my cert.pem' -e 10m" in script(made)


def test_another_type_keeps_what_it_asks_for_too() -> None:
    name = OfferField("name", "Name", FieldType.TEXT)
    here = (
        name,
        OfferField("role", "Role", FieldType.CHOICE, default="a", choices=("a", "b")),
        OfferField("size", "Size", FieldType.CHOICE, default="s", choices=("s", "l")),
        OfferField("note", "Note", FieldType.TEXT),
        OfferField("wide", "Wide", FieldType.FLAG),
        OfferField("place", "Place", FieldType.TEXT, default="here"),
    )
    there = (
        replace(name, longest=9),
        OfferField("role", "Role", FieldType.CHOICE, default="c", choices=("c", "b")),
        OfferField("size", "Size", FieldType.CHOICE, default="m", choices=("m", "s")),
        OfferField("note", "Note", FieldType.FLAG),
        OfferField("wide", "Wide", FieldType.FLAG),
        OfferField("place", "Place", FieldType.TEXT, default="there"),
    )
    other = replace(TOKEN, key=KindKey("machine-token"))
    offers = (
        Offer(TOKEN, instance(), LIFETIME, here),
        Offer(other, instance(), LIFETIME, there),
    )
    made = GenerateForm(offers, Guard(), BERLIN)
    made.values |= {"name": "ci", "role": "b", "size": "l", "note": "mine", "wide": True}
    made.choose_offer(1)
    assert made.values == {
        "name": "ci",
        "role": "b",
        "size": "m",
        "note": False,
        "wide": True,
        "place": "there",
    }


def test_there_is_no_script_for_what_the_command_line_cannot_say() -> None:
    made = form(OfferField("scopes", "Scopes", FieldType.CHOICES, default=("a",), choices=("a",)))
    made.values["scopes"] = ()
    assert script(made) == ""
    comma = form(OfferField("scopes", "Scopes", FieldType.CHOICES, choices=("a,b",)))
    comma.values["scopes"] = ("a,b",)
    assert script(comma) == ""


def test_there_is_no_script_for_two_destinations_at_once() -> None:
    made = form(kind="kubeconfig")
    made.switch_after(COPY)
    assert script(made) == ""
    made.switch_after(MERGE)
    assert script(made).endswith("-e 10m --copy")


def test_the_script_names_the_id_where_the_name_is_not_enough() -> None:
    twin = instance(region="eu02", id="ops-prod/eu02/demo-twin", native_id="demo-twin")
    other = instance(id="ops-prod/eu02/demo-3", region="eu02")
    made = form()
    said = generate_script.script(made, (instance(), twin), several_profiles=False)
    assert "--instance demo-k3x9q2ab -e" in said
    said = generate_script.script(made, (instance(), other), several_profiles=False)
    assert "--instance ops-prod/eu01/demo-k3x9q2ab -e" in said


def of_account(kind: Kind, policy: LifetimePolicy = ENDS) -> GenerateForm:
    return GenerateForm((Offer(kind, robot(), policy, (NAME,)),), Guard(), BERLIN)


def test_the_script_for_an_account_names_it_and_its_kind() -> None:
    made = of_account(KEY)
    made.values["name"] = "deploy"
    said = generate_script.script(made, (robot(),), several_profiles=True)
    assert said == (
        "tokentui token create --kind key --account ci -p ops-prod --name deploy -e 90d "
        "--file '~/ci-key.json'"
    )
    made.switch_after(SAVE)
    assert script(made).endswith("-e 90d --stdout")


def test_the_script_asks_for_no_end_where_the_provider_decides() -> None:
    assert "-e" not in script(of_account(SERVICE_TOKEN, Never())).split()


def test_what_happens_after_follows_the_form() -> None:
    assert of_account(KEY).after == {SAVE, VERIFY}
    assert of_account(USER).after == {COPY, VERIFY}
    assert usually_after(Form.KEY_FILE).save
    assert usually_after(Form.KUBECONFIG).merge


def test_never_is_a_step_where_it_is_allowed() -> None:
    made = of_account(KEY)
    assert made.asked() == "90d"
    labels = [step.label for step in made.presets]
    assert labels[-1] == "never"
    assert made.choose_step(len(labels) - 1)
    assert made.term(MONDAY).ends_at is None
    month = DateChosen(DAY, timedelta(), 30 * DAY, None, may_never_end=False)
    assert "never" not in [step.label for step in of_account(KEY, month).presets]


def test_another_offer_takes_its_own_default_where_it_has_no_such_step() -> None:
    days = DateChosen(30 * DAY, timedelta(), None, UTC, may_never_end=True)
    offers = (Offer(TOKEN, instance(), LIFETIME), Offer(KUBECONFIG, instance(), days))
    made = GenerateForm(offers, Guard(), BERLIN)
    made.choose_offer(1)
    assert (made.asked(), made.is_custom) == ("30d", False)


def test_the_name_is_asked_for_first_and_values_have_their_types() -> None:
    role = OfferField("roles", "Roles", FieldType.TEXTS, required=True)
    flag = OfferField("wide", "Wide", FieldType.FLAG)
    made = form(role, flag, OfferField("name", "Name", FieldType.TEXT))
    assert [item.key for item in made.fields] == ["name", "roles", "wide"]
    assert made.values == {"name": "", "roles": (), "wide": False}
    assert made.problem(MONDAY) == "Roles is needed"


def test_texts_are_parted_by_commas() -> None:
    assert as_texts(" a, b ,,a,c d ") == ("a", "b", "c d")


def test_words_what_the_provider_decides() -> None:
    assert words.decision(Never()) == "none: it never ends by itself"
    assert words.decision(Fixed(timedelta(days=365))) == "365 d, fixed by the provider"
    assert words.decision(LIFETIME) == ""


def test_a_policy_of_one_day_has_its_default_among_the_steps() -> None:
    made = form(policy=Chosen(timedelta(minutes=5), DAY, timedelta(minutes=5)))
    assert made.presets[0].label == "5 min"
    assert made.step == 0
