"""One credential as far as it is known: from its provider's list, the ledger, or both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokentui.domain.ledger import EntryState
from tokentui.services.listing import credential_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from tokentui.domain.about import About
    from tokentui.domain.ledger import Entry, EntryNumber
    from tokentui.domain.model import Credential, KindKey, ProfileName, ProviderKey, Target
    from tokentui.services.listing import Listing

    Place = tuple[ProfileName, KindKey, str, str]
    Nouns = Mapping[tuple[ProviderKey, KindKey], str]


@dataclass(frozen=True, slots=True)
class Held:
    """One credential; `key` is unique and stable while the program runs.

    What was ended has no `credential`, whatever an older list says. `is_stale`: its provider has
    not named it this time. `seen_at` is the age of the list that names it.
    """

    key: str
    profile: ProfileName
    provider: ProviderKey
    kind: KindKey
    noun: str
    name: str
    target_id: str
    target_name: str
    target_noun: str
    scope: str
    roles: tuple[str, ...]
    begun: datetime | None
    ends_at: datetime | None
    credential: Credential | None
    entry: Entry | None
    is_stale: bool
    seen_at: datetime | None = None

    @property
    def purpose(self) -> str:
        """What it was made for, as far as the ledger knows."""
        return self.entry.plan.purpose if self.entry else ""

    @property
    def remote_id(self) -> str:
        """Its provider's id for it; empty where nobody knows it."""
        if self.credential is not None:
            return self.credential.id
        return self.entry.remote_id if self.entry else ""

    @property
    def number(self) -> EntryNumber | None:
        """Its number in the ledger; None: it was not made here."""
        return self.entry.number if self.entry else None


@dataclass(frozen=True, slots=True)
class _Listed:
    """A credential in the list of its profile."""

    credential: Credential
    seen_at: datetime | None
    is_stale: bool


def held(
    listings: Iterable[Listing], entries: Sequence[Entry], abouts: Sequence[About]
) -> tuple[Held, ...]:
    """Merge what is listed with what was made from here: the ledger's first, newest first.

    An entry and a credential are the same where profile, kind, id and target are. Where only the
    target differs they are too, if no other credential has that id.
    """
    listings = tuple(listings)
    nouns = {(about.key, kind.key): kind.noun for about in abouts for kind in about.kinds}
    targets = _target_nouns(listings)
    listed = _listed(listings)
    found = _Pairs(listed)
    ours = [
        _of_entry(entry, found.take(entry), nouns, targets)
        for entry in sorted(entries, key=lambda e: (e.state is EntryState.ENDED, -e.number))
    ]
    ours.sort(key=lambda one: -(one.number or 0))
    return (*ours, *(_of_list(one, nouns) for one in found.left()))


class _Pairs:
    """Finds the listed credential of an entry, each one once."""

    def __init__(self, listed: Mapping[Place, _Listed]) -> None:
        self._left = dict(listed)
        self._alone: dict[tuple[ProfileName, KindKey, str], Place | None] = {}
        for place in listed:
            profile, kind, _, remote_id = place
            short = profile, kind, remote_id
            self._alone[short] = None if short in self._alone else place

    def take(self, entry: Entry) -> _Listed | None:
        """Give the credential of an entry and count it as found.

        An entry that was ended takes one that was listed before, which is then gone; what is
        listed later under its id is another credential.
        """
        place = self._place(entry)
        listed = self._left.get(place) if place else None
        if place is None or listed is None or _is_newer(listed, entry):
            return None
        del self._left[place]
        return None if entry.state is EntryState.ENDED else listed

    def left(self) -> Iterator[_Listed]:
        """Give what no entry has taken."""
        yield from self._left.values()

    def _place(self, entry: Entry) -> Place | None:
        plan = entry.plan
        if not entry.remote_id:
            return None
        exact = plan.profile, plan.kind, plan.target_id, entry.remote_id
        if exact in self._left:
            return exact
        return self._alone.get((plan.profile, plan.kind, entry.remote_id))


def _is_newer(listed: _Listed, entry: Entry) -> bool:
    return (
        entry.ended_at is not None
        and listed.seen_at is not None
        and listed.seen_at > entry.ended_at
    )


def _listed(listings: Iterable[Listing]) -> dict[Place, _Listed]:
    found: dict[Place, _Listed] = {}
    for listing in listings:
        profile, seen_at = listing.source.profile, listing.source.seen_at
        for credential in listing.credentials:
            key = credential_key(credential)
            is_stale = key not in listing.answered_credentials
            found[(profile, *key)] = _Listed(credential, seen_at, is_stale)
    return found


def _target_nouns(listings: Iterable[Listing]) -> dict[tuple[ProfileName, str], str]:
    nouns: dict[tuple[ProfileName, str], str] = {}
    for listing in listings:
        targets: tuple[Target, ...] = (*listing.instances, *listing.accounts)
        nouns.update({(target.profile, target.id): target.noun for target in targets})
    return nouns


def _of_entry(
    entry: Entry,
    listed: _Listed | None,
    nouns: Nouns,
    targets: Mapping[tuple[ProfileName, str], str],
) -> Held:
    plan = entry.plan
    if listed is not None:
        return _of_list(listed, nouns, entry)
    return Held(
        key=f"#{entry.number}",
        profile=plan.profile,
        provider=plan.provider,
        kind=plan.kind,
        noun=plan.noun,
        name=entry.name or plan.name,
        target_id=plan.target_id,
        target_name=plan.target_name,
        target_noun=targets.get((plan.profile, plan.target_id), ""),
        scope=plan.scope,
        roles=(),
        begun=entry.issued_at or entry.planned_at,
        ends_at=entry.may_live_until,
        credential=None,
        entry=entry,
        is_stale=False,
    )


def _of_list(listed: _Listed, nouns: Nouns, entry: Entry | None = None) -> Held:
    """Make one of a listed credential; of what both know, its provider's word counts."""
    credential = listed.credential
    begun = credential.made_at
    if begun is None and entry is not None:
        begun = entry.issued_at or entry.planned_at
    place = "/".join((credential.profile, *credential_key(credential)))
    return Held(
        key=f"#{entry.number}" if entry else place,
        profile=credential.profile,
        provider=credential.provider,
        kind=credential.kind,
        noun=nouns.get((credential.provider, credential.kind), str(credential.kind)),
        name=credential.name,
        target_id=credential.target_id,
        target_name=credential.target_name,
        target_noun=credential.target_noun,
        scope=credential.scope,
        roles=credential.roles,
        begun=begun,
        ends_at=credential.ends_at,
        credential=credential,
        entry=entry,
        is_stale=listed.is_stale,
        seen_at=listed.seen_at,
    )
