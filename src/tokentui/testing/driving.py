"""What all parts of the contract suite do with a provider."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tokentui.domain.lifetime import default_lifetime, resolve
from tokentui.domain.model import Ability, Order
from tokentui.testing.checks import pages_of, spoiled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tokentui.domain.account import AccountOffer
    from tokentui.domain.lifetime import Term
    from tokentui.domain.model import Credential, FieldValue, Issued, Offer, Target
    from tokentui.providers.base import Provider

SECOND = timedelta(seconds=1)


class Driving:
    """The choices that a subclass of the suite may override, and the way to offers and lists."""

    new_name = "contract-two"
    """A name that credentials and accounts can be given."""

    def values(self, offer: Offer) -> Mapping[str, FieldValue]:
        """Fill in an offer's fields; override it if one is required."""
        return {field.key: field.default for field in offer.fields}

    def account_values(self, offer: AccountOffer) -> Mapping[str, FieldValue]:
        """Fill in what an account is asked for; override it if more than the name is required."""
        return {field.key: field.default for field in offer.fields} | {"name": "contract"}

    def spoiled(self, issued: Issued) -> Issued:
        """Give a credential like this one whose secret its system has never seen."""
        return spoiled(issued)

    async def _targets(self, provider: Provider) -> list[Target]:
        instances, _ = await pages_of(provider.instances())
        accounts, _ = await pages_of(provider.accounts())
        return [*instances, *accounts]

    async def _possible(self, provider: Provider, ability: Ability | None = None) -> list[Offer]:
        """Give one offer of each kind that can be made, of those with an ability."""
        found: dict[str, Offer] = {}
        for target in await self._targets(provider):
            for offer in await provider.offers(target):
                fits = ability is None or ability in offer.kind.abilities
                if fits and not offer.impossible:
                    found.setdefault(offer.kind.key, offer)
        return list(found.values())

    def _order(self, offer: Offer) -> Order:
        return Order(offer, default_term(offer), self.values(offer))

    async def _issued(self, provider: Provider, ability: Ability) -> list[Issued]:
        """Make one credential of each kind with an ability."""
        offers = await self._possible(provider, ability)
        return [await provider.issue(self._order(offer)) for offer in offers]

    async def _listed(self, provider: Provider, issued: Issued) -> Credential | None:
        """Find a credential in its target's list by what `issue` said of it."""
        assert issued.remote_id, f"a {issued.kind.noun} that can be listed has an id"
        credentials, failed = await pages_of(provider.credentials(issued.target))
        assert not failed, f"a healthy system failed: {failed}"
        found = [
            one for one in credentials if one.kind == issued.kind.key and one.id == issued.remote_id
        ]
        assert len(found) < 2, f"a {issued.kind.noun} is listed twice"
        return found[0] if found else None

    async def _listed_ids(self, provider: Provider, offer: Offer) -> set[str]:
        """Give the ids of what is listed of an offer's kind for its target."""
        credentials, _ = await pages_of(provider.credentials(offer.target))
        return {one.id for one in credentials if one.kind == offer.kind.key}

    async def _surely_listed(self, provider: Provider, issued: Issued) -> Credential:
        credential = await self._listed(provider, issued)
        assert credential is not None, f"a new {issued.kind.noun} is not listed"
        return credential

    async def _assert_accepted(
        self, provider: Provider, issued: Issued, accepted: bool, why: str
    ) -> None:
        """Check what the system says of a secret, if it can be asked."""
        if Ability.VERIFY in issued.kind.abilities:
            checked = await provider.verify(issued)
            assert checked.ok is accepted, f"{issued.kind.noun}, {why}: {checked.sentence}"


def default_term(offer: Offer) -> Term:
    """Give what is asked for when the user says nothing."""
    return resolve(default_lifetime(offer.lifetime), offer.lifetime, datetime.now(UTC), UTC)


def same_end(one: datetime | None, other: datetime | None) -> bool:
    """Whether two ends are the same to the second."""
    if one is None or other is None:
        return one is other
    return abs(one - other) <= SECOND
