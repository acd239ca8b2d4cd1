from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from textual import events

from tokentui.domain.errors import Forbidden, NotFound, OutcomeUnknown, Unreachable
from tokentui.domain.ledger import EntryState, Outlook
from tokentui.domain.model import Credential, CredentialState, EndSource, Issued, Verification
from tokentui.domain.profile import Guard
from tokentui.domain.receipt import Certainty
from tokentui.domain.secret import Secret
from tokentui.domain.text import clean
from tokentui.services.verbs import Verb
from tokentui.storage.fingerprints import Fingerprints
from tokentui.ui.modals.ending import EndingModal
from tokentui.ui.modals.rename import RenameModal
from tokentui.ui.modals.result import ResultModal
from tokentui.ui.widgets.paste_check import PasteCheck
from ui.drivers import unsafe_characters
from ui.drivers_tokens import LISTED
from ui.drivers_verbs import PROTECTED, Verbs, slowly, verb_world, verbs
from ui.fakes import World
from ui.test_hostile import HOSTILE
from world import TOKEN_VALUE
from world_managed import credential

SIZES = [(80, 24), (60, 24), (60, 15), (120, 40)]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize(
    "verb", [Verb.END, Verb.RENAME, Verb.MOVE_END, Verb.REGENERATE, Verb.VERIFY], ids=str
)
async def test_it_looks_like_this(
    tmp_path: Path, size: tuple[int, int], verb: Verb, snapshot: SnapshotAssertion
) -> None:
    world, _ = verb_world(tmp_path, PROTECTED)
    async with verbs(world, size) as open_:
        await open_.act(verb, "ci-ingest")
        assert open_.driver.text == snapshot


async def test_f10_ends_it_once_and_the_list_and_the_ledger_follow(tmp_path: Path) -> None:
    world, provider = verb_world(tmp_path)
    async with verbs(world) as open_:
        await open_.act(Verb.END, "ci-ingest")
        assert "Revoke service token ci-ingest?" in open_.words
        assert "profile ops-prod - robot ci" in open_.words
        assert "cannot be brought back" in open_.words
        await open_.driver.press("f10")
        await open_.closed()
        assert "revoked service token ci-ingest of ops-prod" in open_.driver.text
        await open_.driver.until(lambda: "ci-ingest" not in open_.names(), "it is gone")
        assert provider.calls == [("revoke", "id-ci-ingest")]
        assert world.ledger.entries()[0].state is EntryState.ENDED


@pytest.mark.parametrize("keys", [("enter",), ("escape",), ("q",), ("y", "d", "escape")], ids=str)
async def test_every_other_way_out_changes_nothing(tmp_path: Path, keys: tuple[str, ...]) -> None:
    world, provider = verb_world(tmp_path)
    async with verbs(world) as open_:
        for verb in (Verb.END, Verb.SWITCH_OFF, Verb.REGENERATE):
            await open_.act(verb, "ci-ingest")
            await open_.driver.press(*keys)
            await open_.closed()
        assert provider.calls == []


async def test_in_a_protected_profile_its_name_is_typed_first(tmp_path: Path) -> None:
    world, provider = verb_world(tmp_path, PROTECTED)
    async with verbs(world) as open_:
        await open_.act(Verb.END, "ci-ingest")
        assert "Profile ops-prod is protected: type ci-ingest" in open_.words
        await open_.driver.press("f10")
        await open_.says("x type ci-ingest to revoke it")
        await open_.driver.type("ci-inges")
        await open_.driver.press("f10", "enter")
        assert provider.calls == []
        await open_.driver.type("t")
        await open_.driver.press("enter")
        await open_.says("F10 does it")
        assert provider.calls == []
        await open_.driver.press("f10")
        await open_.closed()
        assert provider.calls == [("revoke", "id-ci-ingest")]


async def test_the_name_of_what_a_profile_signs_in_with_is_typed_first(tmp_path: Path) -> None:
    world, provider = verb_world(tmp_path, listed=(replace(LISTED[0], is_own=True),))
    async with verbs(world) as open_:
        await open_.act(Verb.END, LISTED[0].name)
        assert f"Profile ops-prod will be signed out: type {LISTED[0].name}" in open_.words
        await open_.driver.press("f10")
        await open_.says(f"x type {LISTED[0].name} to revoke it")
        assert provider.calls == []
        await open_.driver.type(LISTED[0].name)
        await open_.driver.press("f10")
        await open_.closed()
        assert len(provider.calls) == 1


async def test_a_refusal_stays_in_the_dialog_and_can_be_tried_again(tmp_path: Path) -> None:
    world, provider = verb_world(tmp_path)
    provider.errors["revoke"] = Forbidden("not allowed to revoke", "ask", trace_id="t-77")
    async with verbs(world) as open_:
        await open_.act(Verb.END, "ci-ingest")
        await open_.driver.press("f10")
        await open_.says("x not allowed to revoke: ask (trace id t-77)")
        assert isinstance(open_.driver.app.screen, EndingModal)
        provider.errors.clear()
        await open_.driver.press("f10")
        await open_.closed()
        assert len(provider.calls) == 2


async def test_what_was_gone_already_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, provider = verb_world(tmp_path)

    async def revoke(one: Credential) -> None:
        provider.listed.remove(one)
        raise NotFound("no such token")

    monkeypatch.setattr(provider, "revoke", revoke)
    async with verbs(world) as open_:
        await open_.act(Verb.END, "ci-ingest")
        await open_.driver.press("f10")
        await open_.closed()
        await open_.driver.shows("service token ci-ingest of ops-prod was gone already")


async def test_a_lost_answer_is_said_and_nothing_is_sent_again(tmp_path: Path) -> None:
    world, provider = verb_world(tmp_path)
    provider.errors["revoke"] = OutcomeUnknown("the connection broke")
    async with verbs(world) as open_:
        await open_.act(Verb.END, "ci-ingest")
        await open_.driver.press("f10")
        await open_.says("? nobody knows whether service token ci-ingest was revoked")
        await open_.driver.press("f10")
        await open_.says("nobody knows what became of it: Esc closes")
        await open_.driver.press("escape")
        await open_.closed()
        assert len(provider.calls) == 1


async def test_waiting_is_said_and_the_dialog_stays_until_the_answer(tmp_path: Path) -> None:
    world, provider = verb_world(tmp_path)
    slow = slowly(world, provider)
    async with verbs(world) as open_:
        await open_.act(Verb.END, "ci-ingest")
        await open_.driver.press("f10")
        await open_.says("revoking..")
        await open_.driver.press("f10", "escape")
        await open_.says("is under way and cannot be called back")
        await open_.driver.release(slow.hold_revoke)
        await open_.closed()
        assert slow.revoking == 1


async def test_what_cannot_be_done_is_said_in_place_of_a_dialog(tmp_path: Path) -> None:
    world, provider = verb_world(tmp_path)
    async with verbs(world) as open_:
        await open_.act(Verb.RENAME, "broken")
        assert "key broken: rename is not possible - keys have no names" in open_.words
        await open_.act(Verb.SWITCH_OFF, "paused")
        assert "it is off already" in open_.words
        await open_.act(Verb.RENAME, "ci-ingest", "nightly")
        assert "rename works on one credential at a time, 2 are marked" in open_.words
        await open_.closed()
        assert provider.calls == []


async def test_a_read_only_profile_changes_nothing(tmp_path: Path) -> None:
    world, provider = verb_world(tmp_path, Guard(read_only=True))
    async with verbs(world, (120, 40)) as open_:
        for verb in (Verb.END, Verb.RENAME, Verb.REGENERATE):
            await open_.act(verb, "ci-ingest")
            assert "read only (guard.read_only)" in open_.words
        await open_.closed()
        assert provider.calls == []


async def test_switching_off_asks_and_on_does_not(tmp_path: Path) -> None:
    world, provider = verb_world(tmp_path)
    async with verbs(world) as open_:
        await open_.act(Verb.SWITCH_OFF, "ci-ingest")
        assert "refused until it is switched on again" in open_.words
        await open_.driver.press("f10")
        await open_.closed()
        await open_.act(Verb.SWITCH_ON, "paused")
        await open_.says("switched on service token paused of ops-prod")
        verbs_sent = [(verb, value) for verb, _, value in provider.calls]
        assert verbs_sent == [("set_active", "False"), ("set_active", "True")]


async def test_a_name_is_checked_while_it_is_typed_and_then_sent(tmp_path: Path) -> None:
    world, provider = verb_world(tmp_path)
    async with verbs(world) as open_:
        await open_.act(Verb.RENAME, "ci-ingest")
        await open_.driver.press("enter")
        await open_.says("x that is its name already")
        await open_.driver.press("ctrl+u")
        await open_.says("x it needs a name")
        await open_.driver.press("enter")
        assert isinstance(open_.driver.app.screen, RenameModal)
        await open_.driver.type("ci-2")
        await open_.driver.press("enter")
        await open_.closed()
        assert "renamed service token ci-ingest of ops-prod to ci-2" in open_.driver.text
        await open_.driver.until(lambda: "ci-2" in open_.names(), "the list has the new name")
        assert provider.calls == [("rename", "id-ci-ingest", "ci-2")]


@pytest.mark.parametrize(
    ("verb", "footer"),
    [
        (Verb.END, "\n F10 do it  Esc cancel"),
        (Verb.RENAME, "Tab field  Enter rename  Esc cancel"),
        (Verb.MOVE_END, "Tab field  Enter move it  Esc cancel"),
        (Verb.VERIFY, "Tab field  Esc cancel"),
    ],
)
async def test_the_footer_names_the_keys_that_act(tmp_path: Path, verb: Verb, footer: str) -> None:
    world, _ = verb_world(tmp_path)
    async with verbs(world) as open_:
        await open_.act(verb, "ci-ingest")
        open_.driver.app.screen.set_focus(None)
        await open_.driver.until(lambda: footer in open_.driver.text, "the footer names its keys")


async def test_enter_renames_outside_of_the_field_too(tmp_path: Path) -> None:
    world, provider = verb_world(tmp_path)
    async with verbs(world) as open_:
        await open_.act(Verb.RENAME, "ci-ingest")
        await open_.driver.type("-2")
        open_.driver.app.screen.set_focus(None)
        await open_.driver.press("enter")
        await open_.closed()
        assert provider.calls == [("rename", "id-ci-ingest", "ci-ingest-2")]


async def test_a_new_end_is_shown_in_full_before_it_is_sent(tmp_path: Path) -> None:
    world, provider = verb_world(tmp_path)
    async with verbs(world) as open_:
        await open_.act(Verb.MOVE_END, "ci-ingest")
        await open_.says("ends 3 Jan 2027 13:22:00 CET (12:22:00 UTC)")
        await open_.driver.press("8")
        await open_.says("like 90m, 36h")
        await open_.driver.type("2027-01-31 18:0")
        await open_.says('x the expiration "2027-01-31 18:0"')
        await open_.driver.press("enter")
        assert provider.calls == []
        await open_.driver.type("0")
        await open_.says("ends 31 Jan 2027 18:00:00 CET (17:00:00 UTC)")
        await open_.driver.press("enter")
        await open_.closed()
        said = "service token ci-ingest of ops-prod ends 31 Jan 2027 18:00:00 CET"
        assert said in open_.driver.text
        assert provider.calls == [("move_end", "id-ci-ingest", "2027-01-31 17:00:00+00:00")]


async def test_steps_of_the_new_end_are_chosen_by_number(tmp_path: Path) -> None:
    world, provider = verb_world(tmp_path)
    async with verbs(world) as open_:
        await open_.act(Verb.MOVE_END, "ci-ingest")
        await open_.driver.press("5", "enter")
        await open_.closed()
        assert provider.calls == [("move_end", "id-ci-ingest", "2026-10-12 12:22:00+00:00")]


async def test_ends_that_nobody_knows_are_said_and_nothing_is_sent(tmp_path: Path) -> None:
    world, provider = verb_world(tmp_path, Guard())

    def unknown(_: object) -> object:
        raise Unreachable("the provider does not answer")

    provider.new_ends = unknown  # type: ignore[method-assign,assignment]  # for this test
    async with verbs(world) as open_:
        await open_.act(Verb.MOVE_END, "ci-ingest")
        await open_.says("x the provider does not answer")
        await open_.driver.press("5", "enter")
        await open_.says("x which ends it can be given is not known")
        assert provider.calls == []


async def test_a_regenerated_secret_is_handed_over_as_a_new_one(tmp_path: Path) -> None:
    world, provider = verb_world(tmp_path)
    async with verbs(world) as open_:
        await open_.act(Verb.REGENERATE, "ci-ingest")
        assert "The old secret dies at once" in open_.words
        await open_.driver.press("f10")
        await open_.made()
        assert isinstance(open_.driver.app.screen, ResultModal)
        assert "regenerated - shown here once" in open_.words
        assert world.clipboard.held.startswith(TOKEN_VALUE)
        assert [call[0] for call in provider.calls] == ["regenerate"]
        new, old = world.ledger.entries()
        assert (new.plan.purpose, new.delivered_to) == ("rotation", ("clipboard (tmux)",))
        assert (old.state, old.note) == (EntryState.ENDED, f"replaced by #{new.number}")


async def test_a_regenerated_secret_that_is_lost_is_said(tmp_path: Path) -> None:
    world, provider = verb_world(tmp_path)
    provider.errors["regenerate"] = OutcomeUnknown("the connection broke")
    async with verbs(world) as open_:
        await open_.act(Verb.REGENERATE, "ci-ingest")
        await open_.driver.press("f10")
        await open_.says("? the connection broke")
        await open_.driver.press("f10")
        assert len(provider.calls) == 1


PASTED = f"{TOKEN_VALUE}-pasted"


def known_by_its_fingerprint(world: World, secret: str) -> None:
    """Let the ledger know ci-ingest with the fingerprint of this secret."""
    old = world.ledger.entries()[0]
    number = world.ledger.plan(replace(old.plan, purpose="later"), world.clock())
    fingerprint = Fingerprints(b"k" * 32)(Secret(secret))
    outlook = Outlook(old.ends_at, EndSource.ANSWER, old.remote_id, fingerprint, old.name)
    world.ledger.issued(number, outlook, world.clock())


async def paste(open_: Verbs, text: str) -> None:
    open_.driver.app.post_message(events.Paste(text))
    await open_.driver.pilot.pause()


async def test_a_pasted_secret_is_tried_and_compared_and_never_shown(tmp_path: Path) -> None:
    world, provider = verb_world(tmp_path)
    known_by_its_fingerprint(world, PASTED)
    tried: list[Issued] = []

    async def verify(issued: Issued) -> Verification:
        tried.append(issued)
        return Verification(True, "ok: 200", timedelta(milliseconds=180))

    provider.verify = verify  # type: ignore[method-assign]  # to see the secret
    async with verbs(world) as open_:
        await open_.act(Verb.VERIFY, "ci-ingest")
        await paste(open_, f" {PASTED}\r\n")
        await open_.says("ok: 200 in 180 ms")
        await open_.says("it is the very one of #2: its fingerprint is the same")
        assert [issued.secret == Secret(PASTED) for issued in tried] == [True]
        assert PASTED not in open_.words
        assert TOKEN_VALUE[:12] not in open_.driver.text
        await open_.driver.press("ctrl+c")
        assert world.clipboard.copies == 0
        assert world.ledger.entries()[0].verified is True


async def test_a_typed_secret_is_tried_too_and_leaves_the_field(tmp_path: Path) -> None:
    world, provider = verb_world(tmp_path)
    known_by_its_fingerprint(world, PASTED)
    provider.verification = Verification(False, "the API answers 401")
    async with verbs(world) as open_:
        await open_.act(Verb.VERIFY, "ci-ingest")
        await open_.driver.type("another")
        assert open_.driver.app.screen.query_one(PasteCheck).value == "another"
        assert "another" not in open_.words
        await open_.driver.press("enter")
        await open_.says("x the API answers 401")
        await open_.says("x it was not recognized as the one of #2")
        assert open_.driver.app.screen.query_one(PasteCheck).value == ""
        await open_.driver.press("escape", "escape")
        await open_.closed()


async def test_what_could_not_be_asked_and_what_is_not_ours_is_said(tmp_path: Path) -> None:
    world, provider = verb_world(tmp_path)
    provider.verification = Verification(None, "the network is down")
    async with verbs(world) as open_:
        await open_.act(Verb.VERIFY, "ci-ingest")
        await paste(open_, PASTED)
        await open_.says("the network is down")
        await open_.says("nobody can tell whether it is the one of #1")
        await open_.driver.press("escape", "escape")
        await open_.closed()
        await open_.act(Verb.VERIFY, "nightly")
        await paste(open_, PASTED)
        await open_.says("not made here, so there is nothing to compare it with")


@pytest.mark.parametrize("verb", [Verb.END, Verb.RENAME, Verb.MOVE_END, Verb.VERIFY], ids=str)
async def test_hostile_names_are_shown_as_they_are(tmp_path: Path, verb: Verb) -> None:
    listed = [
        replace(credential(f"n{place}"), name=clean(name))
        for place, name in enumerate(HOSTILE)
        if name
    ]
    world, _ = verb_world(tmp_path, PROTECTED, (*LISTED, *listed))
    async with verbs(world) as open_:
        for one in listed:
            held = next(h for h in open_.driver.session.helds if h.remote_id == one.id)
            open_.driver.app.flows.act(verb, [held])
            await open_.driver.pilot.pause()
            assert unsafe_characters(open_.driver.app) == set()
            assert set(open_.driver.widths()) == {80}
            await open_.driver.press("escape", *(["escape"] if verb is Verb.VERIFY else []))
            await open_.closed()


async def test_what_is_invalid_is_not_said_to_live_for_ever(tmp_path: Path) -> None:
    dead = replace(LISTED[0], ends_at=None, state=CredentialState.INVALID)
    world, _ = verb_world(tmp_path, listed=(dead,))
    async with verbs(world) as open_:
        await open_.act(Verb.END, dead.name)
        assert "Ends unknown" in open_.words


async def test_a_secret_in_the_profile_s_own_sign_in_is_handed_over(tmp_path: Path) -> None:
    world, provider = verb_world(tmp_path, listed=(replace(LISTED[0], is_own=True),))
    world.connections.own.why_not = ""
    world.clipboard.receipt = replace(world.clipboard.receipt, certainty=Certainty.FAILED)
    async with verbs(world) as open_:
        await open_.act(Verb.REGENERATE, LISTED[0].name)
        await open_.driver.type(LISTED[0].name)
        await open_.driver.press("f10")
        await open_.made()
        assert len(world.connections.own.kept) == 1
        await open_.says("Enter closes it")
        assert "the file /home/anna/token" in world.ledger.entries()[0].delivered_to
        await open_.driver.press("D")
        await open_.says("it was handed over already: Enter closes")
        await open_.driver.press("enter")
        await open_.closed()
        assert [name for name, *_ in provider.calls] == ["regenerate"]
