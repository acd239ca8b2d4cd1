"""Replacing the secret that a profile signs in with."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from managing_bench import Bench
from tokentui.bootstrap.own_secret import own_secret
from tokentui.domain.errors import GuardRail, StorageError, Unreachable
from tokentui.domain.ledger import EntryState
from tokentui.domain.model import Credential, Issued
from tokentui.domain.profile import AuthSettings
from tokentui.domain.secret import Secret
from tokentui.services.managing import Verb
from tokentui.storage.secrets_memory import MemorySecrets
from world_managed import MANAGED_ABOUT, credential

NEW = Secret("a-new-secret")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    made.provider.listed = [credential(is_own=True)]
    made.remember()
    yield made
    made.ledger.close()


async def test_the_new_secret_takes_the_old_ones_place_before_it_is_handed_over(
    bench: Bench,
) -> None:
    bench.connections.own.why_not = ""
    said = bench.managing.consequence(bench.listed, Verb.REGENERATE)
    assert said[-1].endswith("the new secret goes into the file /home/anna/token at once.")

    result = await bench.managing.regenerate(bench.listed, typed="deploy")

    assert bench.connections.own.kept == [result.issued.secret.reveal()]
    assert result.notes[-1].endswith("from now on: it is in the file /home/anna/token")
    assert result.warnings == ()


async def test_it_is_said_beforehand_that_the_new_secret_cannot_be_put_there(bench: Bench) -> None:
    said = bench.managing.consequence(bench.listed, Verb.REGENERATE)
    assert said[-1] == (
        "Profile ops-prod signs in with it and will be signed out until you put the new secret "
        "in its place: its sign-in is a variable of the environment."
    )


async def test_a_place_that_fails_does_not_cost_the_secret(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(_: Secret) -> None:
        raise StorageError("the disk is full", "make room")

    bench.connections.own.why_not = ""
    monkeypatch.setattr(bench.connections.own, "keep", full)
    result = await bench.managing.regenerate(bench.listed, typed="deploy")
    assert result.issued.secret
    assert result.warnings[-1].endswith("cannot sign in with it yet: the disk is full: make room")


STAYS = (
    "the file /home/anna/token stays as it is, as it does not surely hold the old secret: if "
    "profile ops-prod signs in with this one, put it there"
)


async def test_what_a_colleague_put_there_since_the_list_stays(bench: Bench) -> None:
    """The list says that the profile signs in with it; by now it signs in with another one."""
    bench.connections.own.why_not = ""
    old_list = bench.listed
    bench.provider.listed = [credential(), credential("other", is_own=True)]

    result = await bench.managing.regenerate(old_list, typed="deploy")

    assert bench.connections.own.kept == []
    assert (result.warnings, result.notes) == ((STAYS,), ())


async def test_what_a_colleague_puts_there_during_the_request_stays(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.connections.own.why_not = ""
    regenerate = bench.provider.regenerate

    async def slowly(one: Credential) -> Issued:
        bench.connections.own.lies_there = Secret("put there meanwhile")
        return await regenerate(one)

    monkeypatch.setattr(bench.provider, "regenerate", slowly)
    result = await bench.managing.regenerate(bench.listed, typed="deploy")
    assert bench.connections.own.kept == []
    assert result.warnings == (STAYS,)


async def test_a_provider_that_cannot_tell_any_more_changes_no_sign_in(bench: Bench) -> None:
    bench.connections.own.why_not = ""
    bench.provider.errors["credentials"] = Unreachable("no answer")
    result = await bench.managing.regenerate(bench.listed, typed="deploy")
    assert bench.connections.own.kept == []
    assert result.warnings == (STAYS,)


async def test_a_stop_while_the_new_secret_is_kept_loses_neither(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old secret is dead by then, and the new one comes once."""
    bench.connections.own.why_not = ""
    keep, keeping, go_on = bench.connections.own.keep, asyncio.Event(), asyncio.Event()

    async def slowly(secret: Secret) -> None:
        keeping.set()
        await go_on.wait()
        await keep(secret)

    monkeypatch.setattr(bench.connections.own, "keep", slowly)
    run = asyncio.create_task(bench.managing.regenerate(bench.listed, typed="deploy"))
    async with asyncio.timeout(20):
        await keeping.wait()
        run.cancel()
        await asyncio.sleep(0)
        go_on.set()
        result = await run
    assert bench.connections.own.kept == [result.issued.secret.reveal()]


async def test_its_name_is_typed_all_the_same(bench: Bench) -> None:
    bench.connections.own.why_not = ""
    with pytest.raises(GuardRail, match="signs in with it, and 'x' was typed for 'deploy'"):
        await bench.managing.regenerate(bench.listed, typed="x")
    assert bench.connections.own.kept == []


async def test_what_others_regenerate_stays_out_of_the_sign_in(bench: Bench) -> None:
    bench.provider.listed = [credential()]
    await bench.managing.regenerate(bench.listed)
    assert bench.connections.own.kept == []


async def test_ending_what_all_share_ends_every_copy(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.provider.listed = [credential()]
    shared = tuple(replace(kind, shared=True) for kind in MANAGED_ABOUT.kinds)
    monkeypatch.setattr(bench.provider, "about", replace(MANAGED_ABOUT, kinds=shared))
    first, second = (bench.recorded(bench.provider.listed[0], word) for word in ("one", "two"))
    other = bench.recorded(replace(bench.provider.listed[0], target_id="another"), "three")

    await bench.managing.end(second)

    ends = {one.number: one.state for one in bench.ledger.entries()}
    assert [ends[one.number] for one in (first, second, other) if one.number] == [
        EntryState.ENDED,
        EntryState.ENDED,
        EntryState.ISSUED,
    ]


async def test_a_file_keeps_the_secret_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("old\n")
    file.chmod(0o600)
    place = own_secret(AuthSettings("file", {"path": str(file)}), MemorySecrets())
    assert place.objection() == ""
    old = await place.current()
    assert old is not None
    await place.keep(NEW)
    assert await place.current() not in (None, old)
    assert file.read_text() == "a-new-secret\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_that_cannot_be_replaced_is_an_objection(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old\n")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    for name, words in (("nothing", "does not exist"), ("link", "is a symbolic link")):
        options = {"path": str(tmp_path / name)}
        place = own_secret(AuthSettings("file", options), MemorySecrets())
        assert words in place.objection()


async def test_the_secret_store_keeps_it_under_its_name() -> None:
    store = MemorySecrets()
    place = own_secret(AuthSettings("keyring", {"name": "cf"}), store)
    assert (place.objection(), await place.current()) == ("", None)
    await place.keep(NEW)
    assert await place.current() == NEW
    assert await store.get("cf") == NEW


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("env", "a variable of the environment"),
        ("command", "what a command prints"),
        ("kubeconfig", "its sign-in kubeconfig is not a secret that is kept for it"),
    ],
)
async def test_other_sign_ins_cannot_be_changed_from_here(method: str, words: str) -> None:
    place = own_secret(AuthSettings(method), MemorySecrets())
    assert words in place.objection()
    assert await place.current() is None
    with pytest.raises(StorageError, match="put it there yourself"):
        await place.keep(NEW)
