"""What each system allows, row by row: declared, offered, and seen at the simulated systems."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

import pytest

import cloudfleet_connection
import kubermatic_connection
import kubernetes_connection
import stackit_connection
import stackstate_connection
from documents import README, table, words
from simulator_fixtures import start_simulator
from tokentui.domain.lifetime import (
    Chosen,
    DateChosen,
    Fixed,
    LifetimePolicy,
    Months,
    Never,
    default_lifetime,
    resolve,
    spell_lifetime,
    spell_long,
)
from tokentui.domain.model import (
    Ability,
    Credential,
    EndSource,
    FieldType,
    FieldValue,
    Issued,
    Kind,
    Offer,
    OfferField,
    Order,
    Target,
)
from tokentui.providers.base import CreatesAccounts, Provider
from tokentui.providers.registry import BUILT_IN, Registry
from tokentui.providers.stackit.legacy_tokens import RETIRED
from tokentui.providers.stackstate.offers import DAY_RULE
from tokentui.simulator.server import Simulator
from tokentui.testing.checks import pages_of
from tokentui.ui.modals.offer_fields import LONGEST_LABEL

DAY = timedelta(days=1)
ANY_DATE = DateChosen(90 * DAY, timedelta(seconds=1), None, None, may_never_end=True)
ANY_DAY = DateChosen(90 * DAY, timedelta(), None, UTC, may_never_end=True)
EDGE = Chosen(timedelta(seconds=600), timedelta(seconds=15_552_000), timedelta(minutes=10))
REQUESTED = Chosen(timedelta(seconds=600), timedelta(days=49_710), timedelta(hours=1))
ENDED_ONE_BY_ONE = frozenset({Ability.LIST, Ability.REVOKE, Ability.TWO_AT_ONCE})


class SeenIn(StrEnum):
    """Where an end can be seen after a credential was made, as the README says it."""

    CREDENTIAL = "yes, it holds its end"
    LIST = "yes, in the list"
    NOWHERE = "-"


@dataclass(frozen=True, slots=True)
class Row:
    """One kind that can be made; its abilities are told without whether it can be checked."""

    noun: str
    lifetime: LifetimePolicy
    seen_in: SeenIn
    abilities: frozenset[Ability]
    end_verb: str = "delete"


ROWS = (
    Row("edge token", EDGE, SeenIn.CREDENTIAL, frozenset({Ability.TWO_AT_ONCE})),
    Row("edge kubeconfig", EDGE, SeenIn.CREDENTIAL, frozenset({Ability.TWO_AT_ONCE})),
    Row("obs user", Never(), SeenIn.NOWHERE, ENDED_ONE_BY_ONE),
    Row(
        "sa key",
        ANY_DATE,
        SeenIn.LIST,
        ENDED_ONE_BY_ONE | {Ability.SWITCH, Ability.MOVE_END},
    ),
    Row(
        "sa token",
        Chosen(DAY, 180 * DAY, 90 * DAY, unit=DAY),
        SeenIn.LIST,
        ENDED_ONE_BY_ONE,
        "revoke",
    ),
    Row("service token", ANY_DAY, SeenIn.LIST, ENDED_ONE_BY_ONE),
    Row("ingestion token", ANY_DAY, SeenIn.LIST, ENDED_ONE_BY_ONE),
    Row(
        "API token",
        Never(),
        SeenIn.NOWHERE,
        ENDED_ONE_BY_ONE | {Ability.REGENERATE, Ability.RENAME},
    ),
    Row(
        "project token",
        Fixed(Months(36)),
        SeenIn.LIST,
        ENDED_ONE_BY_ONE | {Ability.REGENERATE, Ability.RENAME},
    ),
    Row(
        "cluster kubeconfig",
        Never(),
        SeenIn.NOWHERE,
        frozenset({Ability.LIST, Ability.REVOKE}),
        "revoke",
    ),
    Row("account kubeconfig", Never(), SeenIn.NOWHERE, frozenset({Ability.LIST})),
    Row("k8s token", REQUESTED, SeenIn.CREDENTIAL, frozenset({Ability.TWO_AT_ONCE})),
    Row("k8s revocable token", REQUESTED, SeenIn.LIST, ENDED_ONE_BY_ONE, "revoke"),
    Row("k8s kubeconfig", REQUESTED, SeenIn.CREDENTIAL, frozenset({Ability.TWO_AT_ONCE})),
)
KINDS = {kind.noun: kind for key in BUILT_IN for kind in Registry().load(key).about.kinds}
NOT_MADE = {"ingestion key", "k8s secret token"}
each_not_made = pytest.mark.parametrize("noun", sorted(NOT_MADE))
each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.noun)


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as sim:
        sim.world.stackit.accounts.legacy_on = True
        yield sim


@pytest.fixture
async def providers(sim: Simulator, tmp_path: Path) -> AsyncIterator[tuple[Provider, ...]]:
    """Connect all systems, with everything that they have."""
    stackit = stackit_connection.connection_to(sim, tmp_path, legacy_tokens=True)
    stackstate = stackstate_connection.connection_to(sim, tmp_path / "tokens")
    cloudfleet = cloudfleet_connection.connection_to(sim, tmp_path / "fleet")
    kubernetes = kubernetes_connection.connection_to(sim, tmp_path / "kube")
    kubermatic = kubermatic_connection.connection_to(sim, tmp_path / "imke")
    async with (
        stackit_connection.connected(stackit) as one,
        stackstate_connection.connected(stackstate) as two,
        cloudfleet_connection.connected(cloudfleet) as three,
        kubernetes_connection.connected(kubernetes) as four,
        kubermatic_connection.connected(kubermatic) as five,
    ):
        yield one, two, three, four, five


def test_every_kind_is_in_the_table() -> None:
    assert {row.noun for row in ROWS} == set(KINDS) - NOT_MADE


@each_row
def test_the_abilities_are_declared(row: Row) -> None:
    kind = KINDS[row.noun]
    assert kind.abilities - {Ability.VERIFY} == row.abilities
    assert Ability.VERIFY in kind.abilities
    assert set(kind.cannot) == set(Ability) - kind.abilities
    if Ability.REVOKE in row.abilities:
        assert kind.end_verb == row.end_verb


@each_not_made
def test_what_is_not_made_can_only_be_listed_and_deleted(noun: str) -> None:
    kind = KINDS[noun]
    assert kind.abilities == {Ability.LIST, Ability.REVOKE}
    assert kind.end_verb == "delete"


def test_a_person_is_told_that_an_edge_token_cannot_be_revoked() -> None:
    for noun in ("edge token", "edge kubeconfig"):
        assert "cannot revoke" in KINDS[noun].cannot[Ability.REVOKE]
        assert "the ledger is the only record" in KINDS[noun].cannot[Ability.LIST]


@each_row
async def test_the_lifetime_is_offered_everywhere(row: Row, providers: Sequence[Provider]) -> None:
    offers = [offer for _, offer in await _offers(providers, row.noun)]
    assert offers
    assert {offer.lifetime for offer in offers} == {row.lifetime}


@each_row
async def test_the_end_is_seen_where_the_table_says(
    row: Row, providers: Sequence[Provider]
) -> None:
    provider, issued = await _issue(providers, row.noun)
    listed = await _listed(provider, issued)
    match row.seen_in:
        case SeenIn.CREDENTIAL:
            assert issued.end_source is EndSource.CREDENTIAL
            assert listed == []
        case SeenIn.LIST:
            assert issued.ends_at is not None
            assert [one.ends_at for one in listed] == [issued.ends_at]
        case SeenIn.NOWHERE:
            assert issued.ends_at is None
            assert [one.ends_at for one in listed] == [None]


@each_row
async def test_two_are_valid_at_once(row: Row, providers: Sequence[Provider]) -> None:
    provider, one = await _issue(providers, row.noun)
    _, other = await _issue(providers, row.noun, "two")
    for issued in (one, other):
        assert (await provider.verify(issued)).ok is True


@each_row
def test_the_readme_tells_lifetime_and_end(row: Row) -> None:
    (told,) = [
        one for one in table(README, "credential") if words(one["credential"])[0] == row.noun
    ]
    assert told["lifetime"] == _in_words(row.lifetime)
    assert told["end seen later"] == row.seen_in


async def test_users_are_listed_by_their_names(providers: Sequence[Provider]) -> None:
    provider, issued = await _issue(providers, "obs user")
    assert issued.name
    assert [one.name for one in await _listed(provider, issued)] == [issued.name]


async def test_service_tokens_are_listed_with_their_roles(providers: Sequence[Provider]) -> None:
    provider, issued = await _issue(providers, "service token")
    assert [one.roles for one in await _listed(provider, issued)] == [("stackstate-guest",)]


async def test_the_end_of_a_service_token_is_the_start_of_a_day(
    providers: Sequence[Provider],
) -> None:
    ((_, offer),) = await _offers(providers, "service token")
    _, issued = await _issue(providers, "service token")
    assert DAY_RULE in offer.warnings
    assert issued.ends_at is not None
    assert issued.ends_at.time() == datetime.min.time()


async def test_an_account_has_ten_keys_at_most(providers: Sequence[Provider]) -> None:
    provider, offer = (await _offers(providers, "sa key"))[0]
    made = 0
    while not offer.impossible:
        await provider.issue(_order(offer, "key"))
        made += 1
        assert made <= 10
        offer = await _same_offer(provider, offer)
    assert "10 is the most" in offer.impossible
    keys = [
        one
        for one in (await pages_of(provider.credentials(offer.target)))[0]
        if one.kind == offer.kind.key
    ]
    assert len(keys) == 10


async def test_retired_tokens_need_a_setting(
    sim: Simulator, tmp_path: Path, providers: Sequence[Provider]
) -> None:
    assert all(RETIRED in offer.warnings for _, offer in await _offers(providers, "sa token"))
    async with stackit_connection.connected(
        stackit_connection.connection_to(sim, tmp_path / "plain")
    ) as plain:
        assert await _offers([plain], "sa token") == []
        kinds = {
            one.kind
            for target in await _targets(plain)
            for one in (await pages_of(plain.credentials(target)))[0]
        }
    assert KINDS["sa key"].key in kinds
    assert KINDS["sa token"].key not in kinds


async def test_the_labels_of_fields_fit_into_the_dialogs(providers: Sequence[Provider]) -> None:
    offers = [offer for kind in KINDS for _, offer in await _offers(providers, kind)]
    fields = [field for offer in offers for field in offer.fields]
    fields += [
        field
        for provider in providers
        if isinstance(provider, CreatesAccounts)
        for offer in await provider.account_offers()
        for field in offer.fields
    ]
    assert {field.key for field in fields} >= {"public_key", "dedicated_subject", "name"}
    assert {field.label for field in fields if len(field.label) > LONGEST_LABEL} == set()


async def _offers(providers: Sequence[Provider], noun: str) -> list[tuple[Provider, Offer]]:
    """Give every offer of a kind that is possible now."""
    return [
        (provider, offer)
        for provider in providers
        for target in await _targets(provider)
        for offer in await provider.offers(target)
        if offer.kind.noun == noun and not offer.impossible
    ]


async def _targets(provider: Provider) -> list[Target]:
    instances, _ = await pages_of(provider.instances())
    accounts, _ = await pages_of(provider.accounts())
    return [*instances, *accounts]


async def _same_offer(provider: Provider, offer: Offer) -> Offer:
    offers = await provider.offers(offer.target)
    return next(one for one in offers if one.kind == offer.kind)


async def _issue(
    providers: Sequence[Provider], noun: str, name: str = "one"
) -> tuple[Provider, Issued]:
    """Make one credential of a kind with the usual lifetime."""
    provider, offer = (await _offers(providers, noun))[0]
    return provider, await provider.issue(_order(offer, name))


def _order(offer: Offer, name: str) -> Order:
    now = datetime.now(UTC)
    term = resolve(default_lifetime(offer.lifetime), offer.lifetime, now, UTC)
    return Order(offer, term, {field.key: _value(field, name) for field in offer.fields})


def _value(field: OfferField, name: str) -> FieldValue:
    if not field.required:
        return field.default
    return ("stackstate-guest",) if field.type is FieldType.TEXTS else name


async def _listed(provider: Provider, issued: Issued) -> list[Credential]:
    """Give what the system lists as this credential, or of its kind where it has no list."""
    listed, failed = await pages_of(provider.credentials(issued.target))
    assert not failed
    of_its_kind = [one for one in listed if one.kind == issued.kind.key]
    return [one for one in of_its_kind if not _is_listed(issued.kind) or one.id == issued.remote_id]


def _is_listed(kind: Kind) -> bool:
    return Ability.LIST in kind.abilities


def _in_words(policy: LifetimePolicy) -> str:
    match policy:
        case Chosen():
            return f"{spell_long(policy.minimum)} to {spell_long(policy.maximum)}"
        case DateChosen():
            return "date or never" if policy.whole_days_in is None else "day or never"
        case Never():
            return "never ends"
        case Fixed():
            return f"always {spell_lifetime(default_lifetime(policy))}"
    raise AssertionError(f"the table has no words for {policy}")
