from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from managing_bench import Bench, fingerprints
from tokentui.domain.errors import (
    DeliveryError,
    GuardRail,
    NotFound,
    OutcomeUnknown,
    Refused,
    StorageError,
    Unreachable,
    UsageError,
)
from tokentui.domain.ledger import EntryState, EventType, LastKnown
from tokentui.domain.lifetime import DateChosen
from tokentui.domain.model import (
    Ability,
    Credential,
    CredentialState,
    KindKey,
    Page,
    ProfileName,
    Target,
    Verification,
)
from tokentui.domain.profile import Guard
from tokentui.domain.secret import Secret
from tokentui.services.held import Held
from tokentui.services.managing import Managing, Verb
from world import (
    KUBECONFIG,
    MONDAY,
    PROFILE,
    TOKEN,
    instance,
    kubeconfig_document,
)
from world_managed import (
    KEY,
    SERVICE_TOKEN,
    USER,
    credential,
    held,
    robot,
)

Act = Callable[[Managing, Held], Awaitable[object]]
ACTS: dict[Verb, tuple[str, Act]] = {
    Verb.END: ("revoke", lambda managing, one: managing.end(one)),
    Verb.RENAME: ("rename", lambda managing, one: managing.rename(one, "new-name")),
    Verb.MOVE_END: ("move_end", lambda managing, one: managing.move_end(one, "7d")),
    Verb.SWITCH_OFF: ("set_active", lambda managing, one: managing.switch(one, active=False)),
    Verb.REGENERATE: ("regenerate", lambda managing, one: managing.regenerate(one)),
}
LOST_ANSWER_VERBS = [verb for verb in ACTS if verb is not Verb.REGENERATE]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.ledger.close()


async def test_ending_is_asked_once_and_written_into_its_entry(bench: Bench) -> None:
    one, result = await bench.made()

    await bench.managing.end(one)

    assert bench.provider.calls == [("revoke", "id-made")]
    entry = bench.entry(result)
    assert (entry.state, entry.ended_at, entry.note) == (EntryState.ENDED, MONDAY, "revoked")


async def test_ending_what_the_ledger_does_not_know_is_an_event(bench: Bench) -> None:
    await bench.managing.end(bench.listed)

    event = bench.ledger.events()[0]
    assert (event.number, event.type, event.detail) == (None, EventType.ENDED, "revoked")
    assert (event.noun, event.target_name, event.profile) == ("service token", "deploy", PROFILE)
    assert bench.provider.listed == []


async def test_what_is_gone_already_is_ended_too(bench: Bench) -> None:
    one, result = await bench.made()
    bench.remember()
    bench.provider.listed = []

    how = await bench.managing.end(one)

    assert how == "was gone already"
    assert bench.entry(result).state is EntryState.ENDED
    assert bench.entry(result).note == "was gone already"


async def test_ending_says_how_in_the_provider_s_word(bench: Bench) -> None:
    assert await bench.managing.end(bench.listed) == "revoked"


async def test_what_is_not_known_but_listed_is_not_ended(bench: Bench) -> None:
    """A wrong path or a proxy answers 404 too."""
    one, result = await bench.made()
    bench.remember()
    bench.provider.errors["revoke"] = NotFound("no such token", trace_id="t-1")

    with pytest.raises(NotFound, match="no such token; .* under that address, but lists it") as got:
        await bench.managing.end(one)

    assert got.value.trace_id == "t-1"
    assert bench.entry(result).state is EntryState.ISSUED


async def silent_pages(of: Target) -> AsyncIterator[Page[Credential]]:
    yield Page(silent=frozenset({SERVICE_TOKEN.key}))


async def failed_pages(of: Target) -> AsyncIterator[Page[Credential]]:
    yield Page(failed=(Unreachable("a part is missing"),))


@pytest.mark.parametrize("why", ["never listed", "refused", "in part", "silent"])
async def test_what_no_list_can_confirm_is_not_ended(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    one, result = await bench.made()
    bench.provider.listed = []
    if why != "never listed":
        bench.remember()
    if why == "refused":
        bench.provider.errors["credentials"] = Unreachable("no answer")
    if why in {"in part", "silent"}:
        pages = failed_pages if why == "in part" else silent_pages
        monkeypatch.setattr(bench.provider, "credentials", pages)

    with pytest.raises(NotFound, match="^there is no such credential$"):
        await bench.managing.end(one)

    assert bench.entry(result).state is EntryState.ISSUED


async def test_a_new_name_is_written_down(bench: Bench) -> None:
    one, result = await bench.made()

    await bench.managing.rename(one, " deploy-2 ")

    assert bench.provider.calls == [("rename", "id-made", "deploy-2")]
    assert bench.entry(result).name == "deploy-2"


@pytest.mark.parametrize("name", ["", "  ", "a\x1b[2Jb", "deploy"])
async def test_a_name_that_is_none_is_not_sent(bench: Bench, name: str) -> None:
    with pytest.raises(UsageError):
        await bench.managing.rename(bench.listed, name)

    assert bench.provider.calls == []


async def test_switching_off_and_on(bench: Bench) -> None:
    one, _ = await bench.made()

    await bench.managing.switch(one, active=False)

    assert bench.last_event()[0] is EventType.SWITCHED_OFF
    off = held(bench.provider.listed[-1], one.entry)
    assert bench.managing.objection(off, Verb.SWITCH_OFF) == "it is off already"
    assert bench.managing.objection(one, Verb.SWITCH_ON) == "it is on already"

    await bench.managing.switch(off, active=True)

    assert bench.last_event()[0] is EventType.SWITCHED_ON
    assert bench.provider.listed[-1].state is CredentialState.ACTIVE


async def test_the_end_is_moved_as_the_user_typed_it(bench: Bench) -> None:
    one, result = await bench.made()

    term = await bench.managing.move_end(one, "7d")

    assert term.ends_at == MONDAY + timedelta(days=7)
    assert bench.provider.listed[-1].ends_at == term.ends_at
    assert bench.entry(result).ends_at == term.ends_at
    assert (await bench.managing.move_end(bench.listed, "never")).ends_at is None


async def test_the_longest_lifetime_holds_for_moved_ends(tmp_path: Path) -> None:
    bench = Bench(tmp_path, Guard(max_lifetime=timedelta(days=30)))

    policy = bench.managing.new_ends(bench.listed)

    assert isinstance(policy, DateChosen)
    assert (policy.maximum, policy.may_never_end) == (timedelta(days=30), False)
    for asked in ("never", "31d"):
        with pytest.raises(GuardRail, match="at most 30 d.*guard.max_lifetime"):
            await bench.managing.move_end(bench.listed, asked)
    assert bench.provider.calls == []
    bench.ledger.close()


async def test_regenerating_replaces_the_old_entry(bench: Bench) -> None:
    one, old = await bench.made()

    result = await bench.managing.regenerate(one)

    assert bench.provider.calls == [("regenerate", "id-made")]
    new = bench.entry(result)
    assert (new.state, new.plan.name, new.plan.purpose) == (EntryState.ISSUED, "made", "argo")
    assert new.fingerprint == fingerprints(result.issued.secret)
    assert (bench.entry(old).state, bench.entry(old).note) == (
        EntryState.ENDED,
        f"replaced by #{result.number}",
    )


async def test_regenerating_is_planned_before_it_is_sent(bench: Bench) -> None:
    one, old = await bench.made()
    bench.provider.errors["regenerate"] = OutcomeUnknown("the answer was lost")

    with pytest.raises(OutcomeUnknown):
        await bench.managing.regenerate(one, "other purpose")

    newest = bench.ledger.entries()[0]
    assert (newest.state, newest.plan.purpose) == (EntryState.UNKNOWN, "other purpose")
    assert bench.entry(old).state is EntryState.ISSUED
    assert bench.provider.calls == [("regenerate", "id-made")]


async def test_a_refused_regeneration_leaves_the_old_one_alone(bench: Bench) -> None:
    one, old = await bench.made()
    bench.provider.errors["regenerate"] = Refused("not now")

    with pytest.raises(Refused):
        await bench.managing.regenerate(one)

    assert bench.ledger.entries()[0].state is EntryState.REFUSED
    assert bench.entry(old).state is EntryState.ISSUED


async def test_a_new_secret_survives_a_ledger_that_cannot_record_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = await bench.made()

    def full(*_: object) -> None:
        raise StorageError("the disk is full")

    monkeypatch.setattr(bench.ledger, "ended", full)

    result = await bench.managing.regenerate(one)

    assert result.issued.secret
    (warning,) = result.warnings
    assert "regenerated, but that is not recorded: the disk is full" in warning


@pytest.mark.parametrize(
    ("guard", "ends_at", "words"),
    [
        (Guard(purpose_required=True), MONDAY, "wants a purpose"),
        (Guard(max_lifetime=timedelta(days=30)), None, "it never ends, and profile ops-prod"),
        (Guard(max_lifetime=timedelta(days=1)), MONDAY, "lives 10 d.*at most 1 d"),
    ],
)
async def test_guard_rails_hold_for_regenerating(
    tmp_path: Path, guard: Guard, ends_at: object, words: str
) -> None:
    bench = Bench(tmp_path, guard)
    one = held(credential(ends_at=ends_at))

    with pytest.raises(GuardRail, match=words):
        await bench.managing.regenerate(one)

    assert (bench.provider.calls, bench.ledger.glance().count) == ([], 0)
    bench.ledger.close()


@pytest.mark.parametrize("verb", LOST_ANSWER_VERBS)
async def test_a_lost_answer_says_that_the_list_will_tell(bench: Bench, verb: Verb) -> None:
    called, act = ACTS[verb]
    one, result = await bench.made()
    bench.provider.errors[called] = OutcomeUnknown("no answer in 8 s", trace_id="t-1")

    with pytest.raises(
        OutcomeUnknown, match="nobody knows whether service token made.*list again"
    ) as caught:
        await act(bench.managing, one)

    assert caught.value.trace_id == "t-1"
    assert len(bench.provider.calls) == 1
    assert bench.entry(result).state is EntryState.ISSUED
    assert bench.last_event()[0] is EventType.UNKNOWN


@pytest.mark.parametrize("verb", LOST_ANSWER_VERBS)
async def test_what_was_done_and_not_recorded_says_so(
    bench: Bench, verb: Verb, monkeypatch: pytest.MonkeyPatch
) -> None:
    called, act = ACTS[verb]

    def full(*_: object) -> None:
        raise StorageError("the disk is full", "free some room")

    monkeypatch.setattr(bench.ledger, "did", full)

    with pytest.raises(StorageError, match="deploy was .*, but that is not recorded"):
        await act(bench.managing, bench.listed)
    assert [call[0] for call in bench.provider.calls] == [called]


@pytest.mark.parametrize("verb", ACTS)
async def test_a_read_only_profile_changes_nothing(tmp_path: Path, verb: Verb) -> None:
    bench = Bench(tmp_path, Guard(read_only=True))

    assert bench.managing.objection(bench.listed, verb) == (
        "profile ops-prod is read only (guard.read_only)"
    )
    assert bench.managing.objection(bench.listed, Verb.VERIFY) == ""
    with pytest.raises(GuardRail, match="service token deploy cannot be .* is read only"):
        await ACTS[verb][1](bench.managing, bench.listed)
    assert bench.provider.calls == []
    bench.ledger.close()


@pytest.mark.parametrize("verb", [Verb.END, Verb.SWITCH_OFF, Verb.REGENERATE])
async def test_a_protected_profile_wants_the_name_typed(tmp_path: Path, verb: Verb) -> None:
    bench = Bench(tmp_path, Guard(protected=True))
    one = bench.listed
    acts: dict[Verb, Callable[[str], Awaitable[object]]] = {
        Verb.END: lambda typed: bench.managing.end(one, typed),
        Verb.SWITCH_OFF: lambda typed: bench.managing.switch(one, active=False, typed=typed),
        Verb.REGENERATE: lambda typed: bench.managing.regenerate(one, typed=typed),
    }

    assert bench.managing.must_type(one, verb) == "deploy"
    assert bench.managing.must_type(one, Verb.RENAME) == ""
    with pytest.raises(GuardRail, match="'depoy' was typed for 'deploy'"):
        await acts[verb]("depoy")
    assert bench.provider.calls == []

    await acts[verb]("deploy")
    assert len(bench.provider.calls) == 1
    bench.ledger.close()


@pytest.mark.parametrize("verb", [Verb.END, Verb.SWITCH_OFF, Verb.REGENERATE])
def test_the_name_of_what_the_profile_signs_in_with_is_typed(bench: Bench, verb: Verb) -> None:
    own = held(credential(is_own=True))

    assert bench.managing.must_type(own, verb) == "deploy"
    assert bench.managing.why_type(own, verb) == "will be signed out"
    assert bench.managing.must_type(own, Verb.RENAME) == ""


async def test_what_the_profile_signs_in_with_is_not_ended_untyped(bench: Bench) -> None:
    bench.provider.listed = [credential(is_own=True)]
    own = bench.listed

    with pytest.raises(GuardRail, match="will be signed out, and 'deplay' was typed for 'deploy'"):
        await bench.managing.end(own, "deplay")
    assert bench.provider.calls == []

    await bench.managing.end(own, "deploy")
    assert len(bench.provider.calls) == 1


def test_reasons_come_from_the_kind_and_the_credential(bench: Bench) -> None:
    key = held(credential("key", KEY))
    own = held(credential(cannot={Ability.REVOKE: "only its owner can"}))

    assert bench.managing.objection(key, Verb.RENAME) == "keys have no names"
    assert bench.managing.objection(key, Verb.SWITCH_OFF) == "no key can be switched off"
    assert bench.managing.objection(own, Verb.END) == "only its owner can"
    assert bench.managing.objection(own, Verb.RENAME) == ""


async def test_a_verb_with_an_objection_is_refused_with_it(bench: Bench) -> None:
    with pytest.raises(Refused, match="key k cannot be renamed: keys have no names"):
        await bench.managing.rename(held(credential("k", KEY)), "x")


async def test_the_ledgers_own_credentials_say_why_nothing_can_be_done(bench: Bench) -> None:
    one, _ = await bench.made()
    unlisted = replace(one, credential=None)
    assert one.entry is not None
    unlistable = replace(unlisted, kind=TOKEN.key, noun=TOKEN.noun)
    ended = replace(unlisted, entry=replace(one.entry, state=EntryState.ENDED, note="revoked"))

    objection = bench.managing.objection
    assert objection(unlisted, Verb.END) == (
        "profile ops-prod did not list it: refresh to see whether it still exists"
    )
    assert objection(unlistable, Verb.END) == TOKEN.cannot[Ability.REVOKE]
    assert objection(ended, Verb.END) == "it is over: revoked"
    assert objection(replace(unlisted, ends_at=MONDAY), Verb.END) == (
        "it is over: its time has passed"
    )
    assert objection(unlisted, Verb.VERIFY) == ""


def test_what_is_configured_no_more_says_so(bench: Bench) -> None:
    gone = replace(bench.listed, profile=ProfileName("old"))

    assert bench.managing.objection(gone, Verb.END) == "profile old is not configured"
    assert bench.managing.word(gone, Verb.END) == "end"
    strange = replace(bench.listed, kind=KindKey("x"))
    assert "no longer knows" in bench.managing.objection(strange, Verb.END)


async def test_consequences_name_object_place_and_who_is_hit(bench: Bench) -> None:
    one, result = await bench.made()
    bench.ledger.delivered(result.number, "clipboard (tmux)", MONDAY)
    assert one.credential is not None
    one = held(
        replace(one.credential, is_own=True, also_ends="the subject made"), bench.entry(result)
    )

    assert bench.managing.consequence(one, Verb.END) == (
        "Revoke service token made of robot ci in profile ops-prod.",
        "Whoever uses it is refused from then on, and it cannot be brought back.",
        "With it ends: the subject made.",
        "Profile ops-prod signs in with it and will be signed out.",
        "It was handed over to: clipboard (tmux).",
    )
    assert bench.managing.consequence(one, Verb.RENAME) == (
        "Rename service token made of robot ci in profile ops-prod.",
        "Only the name changes, the secret stays as it is.",
    )
    assert "dies at once" in bench.managing.consequence(one, Verb.REGENERATE)[1]


def test_a_plan_for_many_leaves_out_what_cannot_be_done(bench: Bench) -> None:
    key, token = held(credential("k", KEY)), bench.listed

    off, on = bench.managing.plan([key, token], Verb.SWITCH_OFF)

    assert (off.held, off.objection, off.consequence) == (key, "no key can be switched off", ())
    assert (on.objection, on.consequence[0][:10]) == ("", "Switch off")


async def test_a_secret_that_the_user_gives_is_tried_and_recorded_if_it_is_known(
    bench: Bench,
) -> None:
    one, result = await bench.made()
    bench.ledger.remember(LastKnown(PROFILE, MONDAY, accounts=(robot(),)))

    other = await bench.managing.verify(one, Secret("another one"))
    assert (other.verification.ok, other.is_ours) == (True, False)
    assert bench.entry(result).verified is None

    bench.provider.verification = Verification(ok=False, sentence="refused: 401")
    ours = await bench.managing.verify(one, result.issued.secret)
    assert (ours.verification.ok, ours.is_ours) == (False, True)
    assert bench.entry(result).verified is False


async def test_what_was_never_listed_cannot_be_tried(bench: Bench) -> None:
    with pytest.raises(UsageError, match="robot ci of profile ops-prod was not listed yet"):
        await bench.managing.verify(bench.listed, Secret("x"))


async def test_a_password_is_recognized_behind_its_user_name(bench: Bench) -> None:
    bench.ledger.remember(LastKnown(PROFILE, MONDAY, instances=(instance(),)))
    anna = bench.recorded(credential("anna", USER, instance()), "pw:1")

    assert (await bench.managing.verify(anna, Secret("anna:pw:1\r\n"))).is_ours is True
    assert (await bench.managing.verify(anna, Secret("pw:1"))).is_ours is True
    assert (await bench.managing.verify(anna, Secret("anna:pw:2"))).is_ours is False


async def test_a_kubeconfig_that_was_written_anew_may_be_the_one_of_the_ledger(
    bench: Bench,
) -> None:
    bench.ledger.remember(LastKnown(PROFILE, MONDAY, instances=(instance(),)))
    document = kubeconfig_document("t")
    kept = bench.recorded(credential("k", KUBECONFIG, instance()), document)

    assert (await bench.managing.verify(kept, Secret(document))).is_ours is True
    assert (await bench.managing.verify(kept, Secret(kubeconfig_document("u")))).is_ours is None
    with pytest.raises(DeliveryError, match="the kubeconfig given"):
        await bench.managing.verify(kept, Secret("[no, mapping]"))


@pytest.mark.parametrize("verb", LOST_ANSWER_VERBS)
async def test_a_verb_that_is_stopped_before_its_answer_is_written_down(
    bench: Bench, verb: Verb
) -> None:
    called, act = ACTS[verb]
    bench.provider.errors[called] = asyncio.CancelledError()

    with pytest.raises(asyncio.CancelledError):
        await act(bench.managing, bench.listed)

    event, detail = bench.last_event()
    assert event is EventType.UNKNOWN
    assert detail.startswith("nobody knows whether service token deploy was")
    assert detail.endswith("stopped before the answer came")


async def test_a_verb_that_was_refused_leaves_no_doubt(bench: Bench) -> None:
    bench.provider.errors["revoke"] = Refused("not now")

    with pytest.raises(Refused):
        await bench.managing.end(bench.listed)

    assert bench.ledger.events() == ()


@pytest.mark.parametrize(
    "error", [OutcomeUnknown("the answer was lost"), asyncio.CancelledError()], ids=["lost", "stop"]
)
async def test_a_lost_regeneration_puts_the_old_secret_in_doubt(
    bench: Bench, error: BaseException
) -> None:
    one, old = await bench.made()
    bench.provider.errors["regenerate"] = error

    with pytest.raises(type(error)):
        await bench.managing.regenerate(one)

    said = "may be dead: nobody knows whether it was regenerated"
    assert bench.last_event() == (EventType.UNKNOWN, f"#{old.number} {said}")
    assert bench.ledger.entries()[0].state is EntryState.UNKNOWN
    assert bench.ledger.entries()[0].plan.latest_end == one.ends_at is not None


@pytest.mark.parametrize("ends_at", [MONDAY + timedelta(days=80), None], ids=["dated", "endless"])
async def test_an_earlier_end_is_guarded_in_a_protected_profile(
    tmp_path: Path, ends_at: object
) -> None:
    bench = Bench(tmp_path, Guard(protected=True))
    one = held(credential(ends_at=ends_at))
    bench.provider.listed = [credential(ends_at=ends_at)]

    with pytest.raises(GuardRail, match="is protected.*type deploy to move its end"):
        await bench.managing.move_end(one, "7d")
    assert bench.provider.calls == []
    assert bench.managing.must_type(one, Verb.MOVE_END) == ""
    assert bench.managing.must_type(one, Verb.MOVE_END, sooner=True) == "deploy"

    await bench.managing.move_end(one, "7d", "deploy")
    assert [call[0] for call in bench.provider.calls] == ["move_end"]
    bench.ledger.close()


@pytest.mark.parametrize("asked", ["81d", "never"])
async def test_a_later_end_needs_no_name(tmp_path: Path, asked: str) -> None:
    bench = Bench(tmp_path, Guard(protected=True))

    await bench.managing.move_end(bench.listed, asked)

    assert len(bench.provider.calls) == 1
    bench.ledger.close()


def test_an_earlier_end_says_who_is_refused(bench: Bench) -> None:
    said = bench.managing.consequence(held(credential(is_own=True)), Verb.MOVE_END, sooner=True)

    assert said[0].startswith("Move the end of service token deploy of robot ci")
    assert "refused sooner than now" in said[1]
    assert said[2] == "Profile ops-prod signs in with it and will be signed out."
