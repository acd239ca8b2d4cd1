from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from listed import DAY, KEY, SEEN, entry, listed, listing
from tokentui.domain.about import About
from tokentui.domain.ledger import Entry, EntryState
from tokentui.domain.model import CredentialId, KindKey, ProfileName
from tokentui.services import held as merging
from tokentui.services.held import Held, Merging, held
from tokentui.services.listing import Listing, Phase, Source, credential_key
from world import MONDAY, PROFILE, PROVIDER, TOKEN, instance

ABOUTS = (About(PROVIDER, "Invented Cloud", "edge", (), (), (TOKEN, KEY)),)
MADE = entry(90 * DAY, DAY, kind=KEY, remote_id="k-1", name="made")


def only(helds: tuple[Held, ...]) -> Held:
    (one,) = helds
    return one


def test_a_listed_one_is_as_its_provider_says() -> None:
    credential = listed(roles=("reader",))
    one = only(held([listing(credential)], (), ABOUTS))
    assert (one.credential, one.entry, one.number, one.purpose) == (credential, None, None, "")
    assert (one.noun, one.name, one.target_name) == ("account key", "name of k-1", "ci")
    assert (one.target_noun, one.scope, one.roles) == ("service account", "ops-prod", ("reader",))
    assert (one.begun, one.ends_at) == (credential.made_at, credential.ends_at)
    assert (one.is_stale, one.seen_at, one.remote_id) == (False, None, "k-1")


def test_one_of_the_ledger_alone_is_as_it_was_made() -> None:
    made = entry(number=7, name="")
    one = only(held([], (made,), ()))
    assert (one.key, one.number, one.purpose, one.noun) == ("#7", 7, "argo test", "edge token")
    assert (one.credential, one.entry, one.is_stale, one.seen_at) == (None, made, False, None)
    assert (one.begun, one.ends_at) == (MONDAY, MONDAY + DAY)


def test_one_of_the_ledger_alone_has_the_roles_that_it_was_made_with() -> None:
    made = entry(name="")
    made = replace(made, plan=replace(made.plan, roles=("reader", "writer")))
    assert only(held([], (made,), ())).roles == ("reader", "writer")


def test_one_that_both_know_is_one_with_the_provider_s_words() -> None:
    credential = listed(name="renamed elsewhere", life=30 * DAY)
    one = only(held([listing(credential)], (MADE,), ABOUTS))
    assert (one.credential, one.entry) == (credential, MADE)
    assert (one.name, one.ends_at, one.purpose) == (
        "renamed elsewhere",
        credential.ends_at,
        "argo test",
    )
    assert only(held([listing(listed(made_at=None))], (MADE,), ())).begun == MADE.issued_at


def test_what_was_remembered_is_stale_until_it_is_named_again() -> None:
    remembered, named = listed("k-1"), listed("k-2")
    half = listing(
        remembered, named, answered_credentials=frozenset({(KEY.key, named.target_id, named.id)})
    )
    stale = {one.remote_id: one.is_stale for one in held([half], (), ABOUTS)}
    assert stale == {"k-1": True, "k-2": False}


@pytest.mark.parametrize(
    "other",
    [
        listed("k-2"),
        listed(kind=KindKey("token")),
        replace(listed(), profile=ProfileName("ops-dev")),
    ],
)
def test_what_differs_in_id_kind_or_profile_is_another(other: object) -> None:
    assert isinstance(other, type(listed()))
    elsewhere = Listing(Source(other.profile, Phase.OK, SEEN), (), (), (other,))
    assert len(held([elsewhere], (MADE,), ABOUTS)) == 2


def test_one_of_another_target_is_another_one_whatever_its_id() -> None:
    found = held([listing(listed(target_id="elsewhere"), listed())], (MADE,), ABOUTS)
    assert [(one.target_id, one.entry) for one in found] == [
        (MADE.plan.target_id, MADE),
        ("elsewhere", None),
    ]
    (moved, ours) = sorted(
        held([listing(listed(target_id="elsewhere"))], (MADE,), ABOUTS),
        key=lambda one: one.entry is not None,
    )
    assert (moved.entry, ours.entry, ours.credential) == (None, MADE, None)


def test_one_without_an_id_matches_nothing() -> None:
    nameless = replace(MADE, remote_id="")
    assert len(held([listing(listed(id_=""))], (nameless,), ABOUTS)) == 2


def test_what_was_ended_is_over_whatever_an_older_list_says() -> None:
    ended = replace(MADE, state=EntryState.ENDED, ended_at=SEEN + timedelta(minutes=1))
    one = only(held([listing(listed())], (ended,), ABOUTS))
    assert (one.entry, one.credential, one.ends_at) == (ended, None, ended.ended_at)


def test_what_is_listed_after_its_end_is_another_credential() -> None:
    ended = replace(MADE, state=EntryState.ENDED, ended_at=SEEN - timedelta(minutes=1))
    first, second = held([listing(listed())], (ended,), ABOUTS)
    assert (first.entry, first.credential) == (ended, None)
    assert (second.entry, second.remote_id) == (None, "k-1")


def test_of_two_entries_the_one_that_lives_has_the_listed_credential() -> None:
    replaced = replace(MADE, state=EntryState.ENDED, ended_at=SEEN + DAY)
    again = replace(MADE, number=entry(number=2).number)
    for order in ((replaced, again), (again, replaced)):
        first, second = held([listing(listed())], order, ABOUTS)
        assert (first.number, first.credential is None) == (2, False)
        assert (second.number, second.credential) == (1, None)


def test_keys_are_unique_and_stay_when_lists_arrive() -> None:
    helds = held([listing(listed(), listed("k-2"), listed("k-2", target_id="x"))], (MADE,), ABOUTS)
    keys = [one.key for one in helds]
    assert len(set(keys)) == len(keys) == 3
    assert keys[0] == held([], (MADE,), ())[0].key == "#1"


def test_unknown_words_are_left_as_they_are() -> None:
    one = only(held([listing(listed())], (), ()))
    assert one.noun == "key"
    target = instance(id=MADE.plan.target_id)
    alone = only(held([listing(instances=(target,))], (MADE,), ()))
    assert alone.target_noun == "edge"


class Counted(str):
    """A text that counts how often it is compared."""

    __slots__ = ()
    compared = 0
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        Counted.compared += 1
        return str.__eq__(self, other)


def test_merging_compares_each_of_thousands_a_few_times_only() -> None:
    most, made = 5000, 500
    credentials = [listed(id=CredentialId(Counted(f"k-{i}"))) for i in range(most)]
    entries = [
        entry(90 * DAY, DAY, kind=KEY, number=i, remote_id=Counted(f"k-{i * 7}"))
        for i in range(1, made + 1)
    ]
    lists = [listing(*credentials)]
    Counted.compared = 0
    helds = held(lists, entries, ABOUTS)
    assert len(helds) == most
    assert sum(one.entry is not None for one in helds) == made
    assert Counted.compared <= 6 * (most + made)
    assert {one.profile for one in helds} == {PROFILE}


def made_for(profile: str, number: int) -> Entry:
    made = replace(MADE, number=entry(number=number).number, remote_id=f"{profile}-0")
    return replace(made, plan=replace(made.plan, profile=ProfileName(profile)))


def of(profile: str, count: int = 3) -> Listing:
    name = ProfileName(profile)
    found = tuple(listed(f"{profile}-{n}", profile=name) for n in range(count))
    return Listing(Source(name, Phase.OK, SEEN), (), (), found)


@pytest.fixture
def merged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The profiles that are merged."""
    profiles: list[str] = []
    merge = merging._merged

    def noting(basis: merging._Basis, last: merging.MergedProfile | None) -> merging.MergedProfile:
        one = merge(basis, last)
        profiles.append((*one.ours, *one.others)[0].profile)
        return one

    monkeypatch.setattr(merging, "_merged", noting)
    return profiles


def test_only_the_profile_that_changed_is_merged_again(merged: list[str]) -> None:
    lists = {ProfileName(name): of(name) for name in ("a", "b", "c")}
    entries = [made_for("c", 3), made_for("a", 2), made_for("d", 1)]
    merger = Merging()

    def again(lists: dict[ProfileName, Listing], entries: Sequence[Entry]) -> list[str]:
        merged.clear()
        found = merger.held(lists, entries, ABOUTS)
        told = list(merged)
        assert found == held(lists.values(), entries, ABOUTS)
        return told

    assert again(lists, entries) == ["a", "b", "c", "d"]
    assert again(lists, [replace(one) for one in entries]) == []  # the ledger was read again
    lists[ProfileName("b")] = of("b", 4)
    assert again(lists, entries) == ["b"]
    assert again(lists, [replace(entries[0], name="renamed"), *entries[1:]]) == ["c"]
    del lists[ProfileName("a")]
    assert again(lists, entries[:1]) == ["c"]
    merged.clear()
    merger.held(lists, entries[:1], ())
    assert merged == ["b", "c"]  # the words of the kinds are others


def test_what_was_merged_ahead_is_not_merged_again(merged: list[str]) -> None:
    a, b = of("a"), of("b")
    entries = [made_for("a", 2), made_for("b", 1)]
    merger = Merging()
    for one in (a, b):
        merger.take(merger.ahead(one, entries, ABOUTS))
    merged.clear()
    lists = {one.source.profile: one for one in (a, b)}
    assert merger.held(lists, entries, ABOUTS) == held([a, b], entries, ABOUTS)
    assert merged == ["a", "b"]  # by `held` alone
    merged.clear()
    merger.held(lists, [replace(entries[0], name="renamed"), entries[1]], ABOUTS)
    assert merged == ["a"]


def test_what_stays_as_it_was_stays_the_same_object() -> None:
    first = of("a", 3)
    known, changed, _ = first.credentials
    second = replace(
        first,
        source=replace(first.source, seen_at=SEEN + DAY),
        credentials=(known, replace(changed, name="renamed"), listed("new", profile=known.profile)),
        answered_credentials=frozenset({credential_key(known), credential_key(changed)}),
    )
    named = replace(first, answered_credentials=second.answered_credentials)
    entries = [made_for("a", 1), replace(made_for("a", 2), remote_id="")]
    merger = Merging()
    name = first.source.profile
    before = {one.key: one for one in merger.held({name: named}, entries, ABOUTS)}
    after = merger.held({name: second}, [replace(one) for one in entries], ABOUTS)
    same = [one.name for one in after if one is before.get(one.key)]
    assert same == ["made", "name of a-0"]
    assert after == held([second], entries, ABOUTS)
    words = merger.held({name: second}, entries, ())
    assert not any(one is two for one, two in zip(after, words, strict=True))


def test_all_profiles_stand_in_one_order() -> None:
    lists = [of("a"), of("b")]
    found = held(lists, [made_for("a", 1), made_for("b", 3), made_for("x", 2)], ABOUTS)
    assert [one.number for one in found] == [3, 2, 1, None, None, None, None]
    assert [one.remote_id for one in found[3:]] == ["a-1", "a-2", "b-1", "b-2"]
