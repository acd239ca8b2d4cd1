"""Compare the ledger with what a provider lists, and write down what differs."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from tokentui.domain.ledger import EntryState
from tokentui.domain.model import Ability
from tokentui.services.listing import What, credential_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from tokentui.domain.ledger import Entry
    from tokentui.domain.model import Credential, KindKey
    from tokentui.services.listing import Listing
    from tokentui.services.ports import Clock, Connections, Ledger

MAY_BE_LISTED = "one of that name was listed later, which may be this one or an older one"

_MARGIN = timedelta(minutes=1)
"""How far clocks may differ, and how long a list may lag behind what was made."""
_LONGEST_MAKING = timedelta(minutes=15)
"""How long after its request a credential may be made, with all waiting and clocks that differ."""
_EXISTED = frozenset({EntryState.ISSUED, EntryState.LOST})
_MAY_EXIST = _EXISTED | {EntryState.UNKNOWN}


class Reconciling:
    """Settles what became of credentials outside of this program."""

    def __init__(self, connections: Connections, ledger: Ledger, clock: Clock) -> None:
        self._connections = connections
        self._ledger = ledger
        self._clock = clock

    async def settle(self, listing: Listing) -> None:
        """Learn from a complete list: what is gone has ended, what was in doubt may be found.

        A list that is not complete, or in which no credentials were asked for, proves nothing.
        Raises `StorageError`.
        """
        begun = _begun(listing)
        if begun is None:
            return
        now, about = self._clock(), self._connections.about(listing.source.profile)
        listable = frozenset(kind.key for kind in about.kinds if Ability.LIST in kind.abilities)
        live = self._ledger.live(now)
        entries = [
            entry
            for entry in live
            if entry.plan.profile == listing.source.profile
            and entry.plan.provider == about.key
            and entry.plan.kind in listable
            and entry.planned_at <= begun
        ]
        shared = frozenset(kind.key for kind in about.kinds if kind.shared)
        replaced = _replaced(entry for entry in entries if entry.plan.kind not in shared)
        for entry, newer in replaced:
            self._ledger.ended(entry.number, f"replaced by #{newer.number}", now)
        over = {entry.number for entry, _ in replaced}
        rest = [entry for entry in entries if entry.number not in over]
        for entry in _gone(rest, listing, begun):
            self._ledger.ended(entry.number, "deleted elsewhere", now)
        doubtful = [
            entry for entry in rest if entry.state is EntryState.UNKNOWN and not entry.remote_id
        ]
        if doubtful:
            self._find(doubtful, _Claims(listing, live, self._ledger.entries()), now)

    def _find(self, doubtful: Sequence[Entry], claims: _Claims, now: datetime) -> None:
        for entry in doubtful:
            may_be = claims.of(entry)
            found = claims.surely(entry)
            if found is not None:
                self._ledger.found(entry.number, found.id, found.name, now)
            elif may_be and entry.plan.name and not entry.note.endswith(MAY_BE_LISTED):
                why = f"{entry.note}; {MAY_BE_LISTED}" if entry.note else MAY_BE_LISTED
                self._ledger.unknown(entry.number, why, now)


def _begun(listing: Listing) -> datetime | None:
    """Say when a list that proves something was asked for; None: it proves nothing."""
    source = listing.source
    if not listing.complete or What.CREDENTIALS not in listing.what:
        return None
    if source.seen_at is None or source.took is None:
        return None
    return source.seen_at - source.took


def _replaced(entries: Iterable[Entry]) -> list[tuple[Entry, Entry]]:
    """Give what was regenerated, with what is in its place: an id has one secret, the newest.

    Both are there only if the program ended between the two records, or an answer was lost.
    """
    newest: dict[tuple[str, str, str], Entry] = {}
    found: list[tuple[Entry, Entry]] = []
    for entry in sorted(entries, key=lambda one: -one.number):
        if entry.state not in _MAY_EXIST or not entry.remote_id:
            continue
        place = entry.plan.kind, entry.plan.target_id, entry.remote_id
        if place in newest:
            found.append((entry, newest[place]))
        elif entry.state in _EXISTED:
            newest[place] = entry
    return found


def _gone(entries: Iterable[Entry], listing: Listing, begun: datetime) -> Iterator[Entry]:
    """Give what existed well before the list was asked for, and is not in its target's whole one.

    A target that is not listed may be gone, or out of sight since the profile was changed.
    """
    named = {(one.target_id, str(one.id)) for one in listing.credentials}
    for entry in entries:
        target_id, kind = entry.plan.target_id, entry.plan.kind
        made_at = entry.issued_at or entry.planned_at
        if entry.state not in _MAY_EXIST or not entry.remote_id or made_at > begun - _MARGIN:
            continue
        is_told = target_id in listing.answered_targets and (target_id, kind) not in listing.silent
        if is_told and (target_id, entry.remote_id) not in named:
            yield entry


class _Place(NamedTuple):
    kind: KindKey
    target_id: str


class _Claims:
    """Which listed credentials each entry without an id may be; names may repeat."""

    def __init__(self, listing: Listing, live: Iterable[Entry], newest: Iterable[Entry]) -> None:
        live = tuple(live)
        known = {(e.plan.target_id, e.remote_id) for e in (*live, *newest) if e.remote_id}
        self._free: defaultdict[_Place, list[Credential]] = defaultdict(list)
        for one in listing.credentials:
            if (one.target_id, one.id) not in known:
                self._free[_Place(one.kind, one.target_id)].append(one)
        self._claimants = Counter(
            credential_key(one) for entry in live if not entry.remote_id for one in self.of(entry)
        )

    def of(self, entry: Entry) -> list[Credential]:
        """Give what no entry is known to be and this one may be."""
        place = _Place(entry.plan.kind, entry.plan.target_id)
        return [one for one in self._free.get(place, ()) if _may_be(entry, one)]

    def surely(self, entry: Entry) -> Credential | None:
        """Give what only this entry can be, if it can be nothing else."""
        may_be = self.of(entry)
        if len(may_be) != 1 or may_be[0].made_at is None:
            return None
        return may_be[0] if self._claimants[credential_key(may_be[0])] == 1 else None


def _may_be(entry: Entry, credential: Credential) -> bool:
    """Compare the name, where one was asked for, and the time, where it is known."""
    name, made_at = entry.plan.name, credential.made_at
    if name and credential.name != name:
        return False
    if made_at is None:
        return bool(name)
    return entry.planned_at - _MARGIN <= made_at <= entry.planned_at + _LONGEST_MAKING
