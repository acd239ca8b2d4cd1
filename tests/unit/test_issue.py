from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tokentui.domain.errors import GuardRail, OutcomeUnknown, Refused, StorageError, UsageError
from tokentui.domain.ledger import EntryNumber, EntryState, Outlook
from tokentui.domain.lifetime import Chosen, Span, default_lifetime
from tokentui.domain.model import FieldType, FieldValue, Issued, OfferField, Order
from tokentui.domain.profile import Guard
from tokentui.domain.secret import Secret
from tokentui.services.issue import Issuing, Request
from tokentui.storage.ledger import LedgerFile
from tokentui.storage.text_files import TextFiles
from world import (
    MONDAY,
    OWNER,
    TOKEN,
    TOKEN_VALUE,
    Clock,
    InventedConnections,
    InventedProvider,
    instance,
)

BERLIN = ZoneInfo("Europe/Berlin")
TEN_MINUTES = Span(timedelta(minutes=10))


def fingerprints(secret: Secret) -> str:
    return f"fingerprint of {len(secret)} characters"


class Bench:
    """The use-case over a real ledger and an invented provider."""

    def __init__(self, folder: Path, guard: Guard | None = None) -> None:
        self.clock = Clock()
        self.provider = InventedProvider(self.clock)
        self.ledger = LedgerFile(folder / "ledger.db", OWNER)
        connections = InventedConnections(self.provider, guard)
        self.issuing = Issuing(
            connections, self.ledger, fingerprints, TextFiles(), self.clock, BERLIN
        )

    async def request(self, lifetime: Span = TEN_MINUTES, **changes: object) -> Request:
        offer = await self.issuing.offer(instance(), TOKEN.key)
        return Request(offer, lifetime, "10m", **changes)  # type: ignore[arg-type]  # tests name real fields

    def states(self) -> list[EntryState]:
        return [entry.state for entry in self.ledger.entries()]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.ledger.close()


async def test_issue_records_the_credential_without_its_secret(
    bench: Bench, tmp_path: Path
) -> None:
    result = await bench.issuing.issue(await bench.request(purpose=" argo test "))

    assert result.issued.secret.reveal().startswith(TOKEN_VALUE)
    entry = bench.ledger.entry(result.number)
    assert entry is not None
    assert entry.state is EntryState.ISSUED
    assert entry.ends_at == MONDAY + timedelta(minutes=10)
    assert entry.plan.purpose == "argo test"
    assert entry.fingerprint == f"fingerprint of {len(result.issued.secret)} characters"
    assert not any(b"canary" in path.read_bytes() for path in tmp_path.iterdir())


async def test_what_the_system_made_otherwise_is_told(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A short life alone is no reason: our clock may be off. Who made it knows."""
    issue = bench.provider.issue
    notes: tuple[str, ...] = ()

    async def otherwise(order: Order) -> Issued:
        return replace(await issue(order), ends_at=MONDAY + timedelta(minutes=2), notes=notes)

    monkeypatch.setattr(bench.provider, "issue", otherwise)
    assert (await bench.issuing.issue(await bench.request())).notes == ()
    notes = ("its life was shortened",)
    assert (await bench.issuing.issue(await bench.request())).notes == notes


async def test_the_plan_is_on_disk_before_the_request_leaves(bench: Bench) -> None:
    bench.provider.hold = asyncio.Event()
    issuing = asyncio.create_task(bench.issuing.issue(await bench.request()))
    while not bench.provider.orders:
        await asyncio.sleep(0)

    assert bench.states() == [EntryState.PLANNED]

    bench.provider.hold.set()
    await issuing
    assert bench.states() == [EntryState.ISSUED]


async def test_a_refusal_leaves_a_refused_entry(bench: Bench) -> None:
    bench.provider.issue_error = Refused("no such plan")

    with pytest.raises(Refused):
        await bench.issuing.issue(await bench.request())

    assert bench.states() == [EntryState.REFUSED]


async def test_a_lost_answer_leaves_an_unknown_entry_with_its_latest_end(bench: Bench) -> None:
    bench.provider.issue_error = OutcomeUnknown("the answer was lost")

    with pytest.raises(OutcomeUnknown):
        await bench.issuing.issue(await bench.request())

    (entry,) = bench.ledger.entries()
    assert entry.state is EntryState.UNKNOWN
    assert entry.may_live_until == MONDAY + timedelta(minutes=10)
    assert len(bench.provider.orders) == 1


async def test_being_stopped_while_waiting_leaves_an_unknown_entry(bench: Bench) -> None:
    bench.provider.hold = asyncio.Event()
    issuing = asyncio.create_task(bench.issuing.issue(await bench.request()))
    while not bench.provider.orders:
        await asyncio.sleep(0)

    issuing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await issuing

    assert bench.states() == [EntryState.UNKNOWN]


async def test_what_a_stop_left_behind_is_recorded(bench: Bench) -> None:
    """An adapter notes on the way out what it could not take back."""
    stop = asyncio.CancelledError()
    stop.add_note("there may still be the role edge-7")

    async def stopped(order: Order) -> Issued:
        raise stop

    bench.provider.issue = stopped  # type: ignore[method-assign]
    with pytest.raises(asyncio.CancelledError):
        await bench.issuing.issue(await bench.request())

    (entry,) = bench.ledger.entries()
    assert entry.state is EntryState.UNKNOWN
    assert entry.note == "stopped before the answer came; there may still be the role edge-7"


async def test_a_secret_survives_a_ledger_that_cannot_record_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(number: EntryNumber, outlook: Outlook, at: object) -> None:
        raise StorageError("the disk is full")

    monkeypatch.setattr(bench.ledger, "issued", full)

    result = await bench.issuing.issue(await bench.request())

    assert result.issued.secret
    assert result.warnings == ("not recorded in the ledger, hand it over now: the disk is full",)


@pytest.mark.parametrize(
    ("guard", "purpose", "words"),
    [
        (Guard(purpose_required=True), "  ", "wants a purpose"),
        (Guard(read_only=True), "x", "read only"),
        (Guard(max_lifetime=timedelta(minutes=1)), "x", "1 min"),
    ],
)
async def test_guard_rails_stop_a_request_before_it_is_planned(
    tmp_path: Path, guard: Guard, purpose: str, words: str
) -> None:
    bench = Bench(tmp_path, guard)

    with pytest.raises(GuardRail, match=words):
        await bench.issuing.issue(await bench.request(purpose=purpose))

    assert bench.states() == []
    assert bench.provider.orders == []
    bench.ledger.close()


async def test_the_longest_lifetime_of_a_profile_caps_the_offer(tmp_path: Path) -> None:
    bench = Bench(tmp_path, Guard(max_lifetime=timedelta(days=1)))

    offer = await bench.issuing.offer(instance(), TOKEN.key)

    assert isinstance(offer.lifetime, Chosen)
    assert offer.lifetime.maximum == timedelta(days=1)
    with pytest.raises(GuardRail, match="at most 1 d"):
        await bench.issuing.issue(await bench.request(Span(timedelta(days=2))))
    with pytest.raises(GuardRail, match="at most 1 d"):
        bench.issuing.term(offer, "never")
    assert bench.provider.orders == []
    bench.ledger.close()


async def test_the_usual_lifetime_of_a_profile_is_the_default(tmp_path: Path) -> None:
    bench = Bench(tmp_path, Guard(default_lifetime=timedelta(hours=2)))

    offer = await bench.issuing.offer(instance(), TOKEN.key)

    assert default_lifetime(offer.lifetime) == Span(timedelta(hours=2))
    bench.ledger.close()


async def test_fields_are_checked_against_the_offer(bench: Bench) -> None:
    bench.provider.fields = (OfferField("role", "Role", FieldType.TEXT, required=True),)

    with pytest.raises(UsageError, match="needs Role"):
        await bench.issuing.issue(await bench.request())
    with pytest.raises(UsageError, match="no field 'rôle'.*role"):
        await bench.issuing.issue(await bench.request(values={"rôle": "admin"}))

    await bench.issuing.issue(await bench.request(values={"role": "admin"}))
    assert [order.values for order in bench.provider.orders] == [{"role": "admin"}]


async def test_a_kind_that_is_not_offered_is_named_with_those_that_are(bench: Bench) -> None:
    with pytest.raises(UsageError, match="'key' cannot be made for edge demo.*token, kubeconfig"):
        await bench.issuing.offer(instance(), "key")  # type: ignore[arg-type]  # a wrong word


async def test_verification_is_recorded(bench: Bench) -> None:
    result = await bench.issuing.issue(await bench.request())

    await bench.issuing.verify(result)

    entry = bench.ledger.entry(result.number)
    assert entry is not None
    assert entry.verified is True


async def test_the_name_that_was_asked_for_and_the_one_it_got_are_recorded(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.provider.fields = (OfferField("name", "Name", FieldType.TEXT),)
    issue = bench.provider.issue

    async def renamed(order: Order) -> Issued:
        (entry,) = bench.ledger.entries()
        assert (entry.plan.name, entry.name) == ("ci", "")
        return replace(await issue(order), name="ci-1")

    monkeypatch.setattr(bench.provider, "issue", renamed)
    result = await bench.issuing.issue(await bench.request(values={"name": " ci "}))

    entry = bench.ledger.entry(result.number)
    assert entry is not None
    assert (entry.plan.name, entry.name) == ("ci", "ci-1")


@pytest.mark.parametrize(
    ("field", "value", "roles"),
    [
        (OfferField("roles", "Roles", FieldType.TEXTS), ("b", "a"), ("b", "a")),
        (OfferField("role", "Role", FieldType.CHOICE, choices=("b", "a")), "a", ("a",)),
        (OfferField("group", "Group", FieldType.TEXT), "a", ()),
    ],
)
async def test_the_roles_that_were_asked_for_are_recorded(
    bench: Bench, field: OfferField, value: FieldValue, roles: tuple[str, ...]
) -> None:
    bench.provider.fields = (field,)

    result = await bench.issuing.issue(await bench.request(values={field.key: value}))

    entry = bench.ledger.entry(result.number)
    assert entry is not None
    assert entry.plan.roles == roles
