from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tokentui.domain.errors import Forbidden, OutcomeUnknown, TokentuiError
from tokentui.domain.model import Ability, Credential, ProfileName
from tokentui.domain.text import clean
from tokentui.services.verbs import Verb
from tokentui.ui.modals.preview import PreviewModal
from ui.drivers import unsafe_characters
from ui.drivers_tokens import INGEST, LISTED, second_profile, tokens
from ui.drivers_verbs import PROTECTED, Verbs, slowly, verb_world, verbs
from ui.test_hostile import HOSTILE
from world_managed import ManagedProvider, credential, robot

SIZES = [(80, 24), (60, 24), (60, 15), (120, 40)]
OWN = replace(LISTED[1], is_own=True)
KEPT = replace(LISTED[2], cannot={Ability.REVOKE: "its system keeps it"})
MIXED = (INGEST, OWN, KEPT)
THREE = tuple(one.name for one in MIXED)


def revoked(provider: ManagedProvider) -> list[str]:
    return [name.removeprefix("id-") for verb, name in provider.calls if verb == "revoke"]


def rows(open_: Verbs) -> list[tuple[str, str]]:
    """What stands first and last in each row of the preview."""
    screen = open_.driver.app.screen
    assert isinstance(screen, PreviewModal)
    shown = screen._list._records.shown
    return [(row.cells[0].text, row.cells[-1].text) for row in shown]


async def over(open_: Verbs) -> None:
    await open_.says("[ Enter close ]")


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_it_looks_like_this(
    tmp_path: Path, size: tuple[int, int], snapshot: SnapshotAssertion
) -> None:
    world, provider = verb_world(tmp_path, PROTECTED, MIXED)
    provider.errors["revoke"] = Forbidden("not allowed to revoke")
    async with verbs(world, size) as open_:
        await open_.act(Verb.END, *THREE)
        assert open_.driver.text == snapshot(name="before")
        await open_.driver.press("tab")
        await open_.driver.type("ops-prod")
        await open_.driver.press("f10")
        await over(open_)
        await open_.at_rest()
        assert open_.driver.text == snapshot(name="after")


async def test_it_says_what_happens_to_each_and_does_only_that(tmp_path: Path) -> None:
    world, provider = verb_world(tmp_path, listed=MIXED)
    async with verbs(world) as open_:
        await open_.act(Verb.END, *THREE)
        assert rows(open_) == [
            ("revoke", ""),
            ("revoke", "signed in with it"),
            ("cannot", "its system keeps it"),
        ]
        await open_.says("1 of 3 cannot be changed and stay as they are")
        await open_.driver.press("down")
        await open_.says("Profile ops-prod signs in with it and will be signed out.")
        await open_.says("ops-prod will be signed out: type ops-prod")
        await open_.driver.press("f10")
        await open_.says("x type ops-prod to revoke them")
        assert provider.calls == []
        await open_.driver.type("ops-prod")
        await open_.driver.press("f10")
        await over(open_)
        await open_.says("revoked 2 of 2 credentials")
        assert rows(open_)[0] == ("done", "revoked service token ci-ingest of ops-prod")
        assert rows(open_)[2] == ("cannot", "its system keeps it")
        assert revoked(provider) == ["ci-ingest", "nightly"]
        await open_.driver.press("enter")
        await open_.closed()
        await open_.driver.until(lambda: open_.names() == {"paused"}, "the list follows")


async def test_what_the_profile_is_signed_in_with_is_ended_last(tmp_path: Path) -> None:
    world, provider = verb_world(tmp_path, listed=(OWN, INGEST))
    async with verbs(world) as open_:
        await open_.act(Verb.END, OWN.name, INGEST.name)
        await open_.driver.press("tab", *"ops-prod", "f10")
        await over(open_)
        assert revoked(provider) == [INGEST.name, OWN.name]


@pytest.mark.parametrize("keys", [("escape",), ("q",), ("enter", "escape")], ids=str)
async def test_nothing_is_changed_before_f10(tmp_path: Path, keys: tuple[str, ...]) -> None:
    world, provider = verb_world(tmp_path)
    async with verbs(world) as open_:
        await open_.act(Verb.END, *THREE)
        await open_.driver.press(*keys)
        await open_.closed()
        assert provider.calls == []


async def test_the_name_of_a_protected_profile_is_typed(tmp_path: Path) -> None:
    world, provider = verb_world(tmp_path, PROTECTED)
    async with verbs(world) as open_:
        await open_.act(Verb.END, *THREE)
        await open_.driver.press("f10")
        await open_.says("x type ops-prod to revoke them")
        await open_.driver.type("ops-pro")
        await open_.driver.press("enter", "f10")
        assert provider.calls == []
        await open_.driver.type("d")
        await open_.driver.press("enter")
        assert provider.calls == []
        await open_.driver.press("f10")
        await over(open_)
        assert revoked(provider) == list(THREE)


async def test_only_protected_profiles_are_typed(tmp_path: Path) -> None:
    world, provider = verb_world(tmp_path, PROTECTED)
    lab = robot("lab", profile=ProfileName("ops-dev"))
    other = second_profile(world, credential("lab-token", of=lab))
    async with verbs(world) as open_:
        await open_.act(Verb.END, "ci-ingest", "lab-token")
        await open_.says("ops-prod is protected: type ops-prod")
        await open_.driver.press("tab")
        await open_.driver.type("ops-prod")
        await open_.driver.press("f10")
        await over(open_)
        assert (revoked(provider), revoked(other)) == (["ci-ingest"], ["lab-token"])


@pytest.mark.parametrize(
    ("error", "row", "summary"),
    [
        (Forbidden("not allowed"), ("failed", "not allowed"), "revoked 0 of 3 credentials, 3 f"),
        (
            OutcomeUnknown("cut"),
            ("unknown", "nobody knows whether service token ci-ingest was revoked, as cut"),
            "revoked 0 of 3 credentials, 3 unknown until they are listed again",
        ),
    ],
    ids=["failed", "unknown"],
)
async def test_a_failure_is_told_in_its_row_and_the_others_go_on(
    tmp_path: Path, error: TokentuiError, row: tuple[str, str], summary: str
) -> None:
    world, provider = verb_world(tmp_path)
    provider.errors["revoke"] = error
    async with verbs(world) as open_:
        await open_.act(Verb.END, *THREE)
        await open_.driver.press("f10")
        await over(open_)
        await open_.says(summary)
        what, why = rows(open_)[0]
        assert (what, why.startswith(row[1])) == (row[0], True)
        assert revoked(provider) == list(THREE)


async def test_what_was_changed_is_marked_no_longer(tmp_path: Path) -> None:
    world, provider = verb_world(tmp_path)
    async with verbs(world) as open_:
        await open_.driver.press("T")
        await open_.driver.until(lambda: "paused" in open_.driver.text, "the list is there")
        await open_.driver.press("a", "o")
        await open_.at_rest()
        await open_.driver.press("f10")
        await over(open_)
        await open_.driver.press("enter")
        await open_.closed()
        switched = {name.removeprefix("id-") for verb, name, _ in provider.calls}
        assert switched
        keys = tokens(open_.driver).marked
        marked = {held.name for held in open_.driver.session.helds if held.key in keys}
        assert marked == open_.names() - switched


async def test_closing_it_ends_what_was_sent_and_begins_nothing_more(tmp_path: Path) -> None:
    world, provider = verb_world(tmp_path)
    slow = slowly(world, provider)
    async with verbs(world) as open_:
        await open_.act(Verb.END, *THREE)
        await open_.driver.press("f10")
        await open_.driver.until(lambda: slow.revoking == 1, "the first is asked for")
        await open_.says("revoking.. 1 of 3")
        await open_.driver.press("ctrl+q")
        await open_.says("3 of 3 are not over yet: Esc stops before the next one")
        await open_.driver.press("escape")
        await open_.closed()
        await open_.driver.release(slow.hold_revoke)
        await open_.says("revoked 1 of 3 credentials, 2 not begun")
        await open_.driver.until(lambda: "ci-ingest" not in open_.names(), "the list follows")
        assert slow.revoking == 1


async def test_many_are_switched_on_after_the_same_preview(tmp_path: Path) -> None:
    world, provider = verb_world(tmp_path, PROTECTED)
    async with verbs(world) as open_:
        await open_.act(Verb.SWITCH_ON, *THREE)
        assert [what for what, _ in rows(open_)] == ["cannot", "cannot", "switch on"]
        await open_.driver.press("f10")
        await over(open_)
        assert provider.calls == [("set_active", "id-paused", "True")]


async def test_where_nothing_can_be_done_f10_says_so(tmp_path: Path) -> None:
    world, provider = verb_world(tmp_path)
    async with verbs(world) as open_:
        await open_.act(Verb.SWITCH_ON, "ci-ingest", "nightly")
        await open_.driver.press("f10")
        await open_.says("x none of these can be changed")
        assert provider.calls == []


async def test_hostile_names_are_shown_as_they_are(tmp_path: Path) -> None:
    listed: list[Credential] = [
        replace(credential(f"n{place}"), name=clean(name)) for place, name in enumerate(HOSTILE)
    ]
    world, _ = verb_world(tmp_path, listed=(*LISTED, *listed))
    async with verbs(world) as open_:
        helds = [held for held in open_.driver.session.helds if held.remote_id.startswith("id-n")]
        open_.driver.app.flows.act(Verb.END, helds)
        await open_.at_rest()
        for _ in helds:
            assert unsafe_characters(open_.driver.app) == set()
            assert set(open_.driver.widths()) == {80}
            await open_.driver.press("down")
        await open_.driver.press("f10")
        await over(open_)
        assert unsafe_characters(open_.driver.app) == set()
