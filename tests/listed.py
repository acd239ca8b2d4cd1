"""Listed credentials and ledger entries, for tests of what merges and judges them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tokentui.domain.errors import TokentuiError
from tokentui.domain.ledger import Entry, EntryNumber, EntryState, Plan
from tokentui.domain.model import (
    Ability,
    Account,
    AccountId,
    Credential,
    CredentialId,
    CredentialState,
    Form,
    Kind,
    KindKey,
    Page,
    Target,
)
from tokentui.services.listing import Listing, Phase, Source, credential_key
from world import MONDAY, OWNER, PROFILE, PROVIDER, TOKEN, InventedProvider

DAY = timedelta(days=1)
SEEN = MONDAY - timedelta(hours=3)

KEY = Kind(
    key=KindKey("key"),
    label="Key",
    noun="account key",
    form=Form.KEY_FILE,
    abilities=frozenset({Ability.LIST, Ability.REVOKE, Ability.SWITCH, Ability.RENAME}),
)


CI = Account(PROFILE, PROVIDER, AccountId("ops-prod/ci@sa"), "ci@sa", "ci", "service account")


@dataclass
class OwningProvider(InventedProvider):
    """A provider with accounts, which lists credentials of targets."""

    account_pages: Sequence[Page[Account]] = (Page((CI,)),)
    account_error: TokentuiError | None = None
    credential_pages: Mapping[str, Sequence[Page[Credential]]] = field(default_factory=dict)
    credential_errors: Mapping[str, Exception] = field(default_factory=dict)
    holds: Mapping[str, asyncio.Event] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    async def accounts(self) -> AsyncIterator[Page[Account]]:
        for page in self.account_pages:
            yield page
        if self.account_error is not None:
            raise self.account_error

    async def credentials(self, of: Target) -> AsyncIterator[Page[Credential]]:
        self.asked.append(of.id)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(0)
            if of.id in self.holds:
                await self.holds[of.id].wait()
            for page in self.credential_pages.get(of.id, ()):
                yield page
            if of.id in self.credential_errors:
                raise self.credential_errors[of.id]
        finally:
            self.at_once -= 1


def listed(
    id_: str = "k-1",
    life: timedelta | None = 90 * DAY,
    age: timedelta | None = DAY,
    **changes: object,
) -> Credential:
    """Give a credential that a provider lists, made `age` ago; None: it does not say when."""
    begun = MONDAY - (age or timedelta())
    credential = Credential(
        profile=PROFILE,
        provider=PROVIDER,
        kind=KEY.key,
        id=CredentialId(id_),
        name=f"name of {id_}",
        state=CredentialState.ACTIVE,
        made_at=None if age is None else begun,
        ends_at=None if life is None else begun + life,
        target_id="ops-prod/ci@sa",
        target_name="ci",
        target_noun="service account",
        scope="ops-prod",
    )
    return replace(credential, **changes)  # type: ignore[arg-type]  # tests name real fields


def listing(
    *credentials: Credential, seen_at: datetime = SEEN, is_fresh: bool = True, **changes: object
) -> Listing:
    """Give a profile's list; fresh: its provider has just named all of it."""
    keys = frozenset(map(credential_key, credentials)) if is_fresh else frozenset()
    source = Source(PROFILE, Phase.OK if is_fresh else Phase.LOADING, seen_at)
    made = Listing(source, (), (), credentials, answered_credentials=keys)
    return replace(made, **changes)  # type: ignore[arg-type]  # tests name real fields


def entry(
    life: timedelta | None = DAY,
    age: timedelta = timedelta(),
    state: EntryState = EntryState.ISSUED,
    number: int = 1,
    kind: Kind = TOKEN,
    **changes: object,
) -> Entry:
    """Make an entry issued `age` ago that lives `life` in all; None: for ever."""
    begun = MONDAY - age
    end: datetime | None = None if life is None else begun + life
    plan = Plan(
        profile=PROFILE,
        provider=PROVIDER,
        kind=kind.key,
        noun=kind.noun,
        form=kind.form,
        target_id="ops-prod/eu01/demo" if kind is TOKEN else "ops-prod/ci@sa",
        target_name="demo" if kind is TOKEN else "ci",
        scope="ops-prod",
        asked="10m",
        latest_end=end,
        purpose="argo test",
    )
    issued = state in {EntryState.ISSUED, EntryState.LOST}
    made = Entry(
        number=EntryNumber(number),
        plan=plan,
        owner=OWNER,
        planned_at=begun,
        state=state,
        issued_at=begun if issued else None,
        ends_at=end if issued else None,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # tests name real fields
