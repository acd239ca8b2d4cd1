"""One credential as far as it is known: from its provider's list, the ledger, or both."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from tokentui.services.listing import credential_key
from tokentui.services.pairing import Listed, Pairs, precedence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from tokentui.domain.about import About
    from tokentui.domain.ledger import Entry, EntryNumber
    from tokentui.domain.model import Credential, KindKey, ProfileName, ProviderKey, Target
    from tokentui.services.listing import Listing
    from tokentui.services.pairing import Place, Shared

    Nouns = Mapping[tuple[ProviderKey, KindKey], str]


@dataclass(frozen=True, slots=True)
class Held:
    """One credential; `key` is unique and stable while the program runs.

    What was ended has no `credential`, whatever an older list says. `is_stale`: its provider has
    not named it this time, and `seen_at` is the age of the list that did.
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


def held(
    listings: Iterable[Listing], entries: Sequence[Entry], abouts: Sequence[About]
) -> tuple[Held, ...]:
    """Merge what is listed with what was made from here: the ledger's first, newest first.

    An entry and a credential are the same where profile, kind, id and target are. Of a shared
    kind several entries may be copies of one credential.
    """
    return Merging().held({one.source.profile: one for one in listings}, entries, abouts)


class _Basis(NamedTuple):
    """All that the credentials of a profile are merged from."""

    listing: Listing | None
    entries: tuple[Entry, ...]
    nouns: Nouns
    shared: Shared


class MergedProfile(NamedTuple):
    """The credentials of one profile: those in the ledger, and the others."""

    basis: _Basis
    ours: tuple[Held, ...]
    others: tuple[Held, ...]


class Merging:
    """Merges as `held` does, and keeps what it made of each profile until that changes.

    What stays as it was stays the same object.
    """

    def __init__(self) -> None:
        self._kept: dict[ProfileName, MergedProfile] = {}

    def ahead(
        self, listing: Listing, entries: Iterable[Entry], abouts: Iterable[About]
    ) -> MergedProfile:
        """Merge one profile before `held` needs it; may be called on any thread."""
        name = listing.source.profile
        of_profile = tuple(entry for entry in entries if entry.plan.profile == name)
        told = tuple(abouts)
        return self._merged(name, _Basis(listing, of_profile, _nouns(told), _shared(told)))

    def take(self, ahead: MergedProfile) -> None:
        """Use what was merged ahead, where it is still what would be merged."""
        if ahead.basis.listing is not None:
            self._kept[ahead.basis.listing.source.profile] = ahead

    def held(
        self,
        listings: Mapping[ProfileName, Listing],
        entries: Sequence[Entry],
        abouts: Sequence[About],
    ) -> tuple[Held, ...]:
        """Merge what has changed since it was called last."""
        nouns, shared = _nouns(abouts), _shared(abouts)
        made: defaultdict[ProfileName, list[Entry]] = defaultdict(list)
        for entry in entries:
            made[entry.plan.profile].append(entry)
        kept: dict[ProfileName, MergedProfile] = {}
        for profile in dict.fromkeys((*listings, *made)):
            basis = _Basis(listings.get(profile), tuple(made[profile]), nouns, shared)
            kept[profile] = self._merged(profile, basis)
        self._kept = kept
        ours = [one for merged in kept.values() for one in merged.ours]
        ours.sort(key=lambda one: -(one.number or 0))
        return (*ours, *(one for merged in kept.values() for one in merged.others))

    def _merged(self, profile: ProfileName, basis: _Basis) -> MergedProfile:
        last = self._kept.get(profile)
        return last if last and _is_same(last.basis, basis) else _merged(basis, last)


def _nouns(abouts: Iterable[About]) -> Nouns:
    return {(about.key, kind.key): kind.noun for about in abouts for kind in about.kinds}


def _shared(abouts: Iterable[About]) -> Shared:
    return frozenset(
        (about.key, kind.key) for about in abouts for kind in about.kinds if kind.shared
    )


def _is_same(last: _Basis, now: _Basis) -> bool:
    """Compare a list by identity: two that are equal by content come seldom, and cost as much."""
    return last.listing is now.listing and last[1:] == now[1:]


def _merged(basis: _Basis, last: MergedProfile | None) -> MergedProfile:
    """Merge one profile, with the objects of the last time where they would be the same."""
    listing, entries, nouns, shared = basis
    known = {}
    if last is not None and last.basis.nouns == nouns:
        known = {one.key: one for one in (*last.ours, *last.others)}
    targets = _target_nouns(listing)
    found = Pairs(_listed(listing), shared)
    ours = [
        _of_entry(entry, found.take(entry), nouns, targets, known)
        for entry in sorted(entries, key=precedence)
    ]
    others = tuple(_of_list(one, nouns, known) for one in found.left())
    return MergedProfile(basis, tuple(ours), others)


def _listed(listing: Listing | None) -> dict[Place, Listed]:
    if listing is None:
        return {}
    seen_at, answered = listing.source.seen_at, listing.answered_credentials
    keyed = ((credential_key(one), one) for one in listing.credentials)
    return {key: Listed(one, seen_at, key not in answered) for key, one in keyed}


def _target_nouns(listing: Listing | None) -> dict[str, str]:
    if listing is None:
        return {}
    targets: tuple[Target, ...] = (*listing.instances, *listing.accounts)
    return {target.id: target.noun for target in targets}


def _of_entry(
    entry: Entry,
    listed: Listed | None,
    nouns: Nouns,
    targets: Mapping[str, str],
    known: Mapping[str, Held],
) -> Held:
    plan = entry.plan
    if listed is not None:
        return _of_list(listed, nouns, known, entry)
    made = Held(
        key=f"#{entry.number}",
        profile=plan.profile,
        provider=plan.provider,
        kind=plan.kind,
        noun=plan.noun,
        name=entry.name or plan.name,
        target_id=plan.target_id,
        target_name=plan.target_name,
        target_noun=targets.get(plan.target_id, ""),
        scope=plan.scope,
        roles=plan.roles,
        begun=entry.issued_at or entry.planned_at,
        ends_at=entry.may_live_until,
        credential=None,
        entry=entry,
        is_stale=False,
    )
    last = known.get(made.key)
    return last if last == made else made


def _of_list(
    listed: Listed, nouns: Nouns, known: Mapping[str, Held], entry: Entry | None = None
) -> Held:
    """Make one of a listed credential; of what both know, its provider's word counts."""
    credential = listed.credential
    place = "/".join((credential.profile, *credential_key(credential)))
    key = f"#{entry.number}" if entry else place
    seen_at = listed.seen_at if listed.is_stale else None
    last = known.get(key)
    if (
        last is not None
        and last.credential is credential
        and last.entry == entry
        and (last.is_stale, last.seen_at) == (listed.is_stale, seen_at)
    ):
        return last
    begun = credential.made_at
    if begun is None and entry is not None:
        begun = entry.issued_at or entry.planned_at
    return Held(
        key=key,
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
        seen_at=seen_at,
    )
