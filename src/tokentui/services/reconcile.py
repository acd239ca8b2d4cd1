"""Compare the ledger with what a provider lists, and write down what differs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tokentui.domain.ledger import EntryState
from tokentui.domain.model import Ability
from tokentui.services.listing import What

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from tokentui.domain.ledger import Entry
    from tokentui.domain.model import Credential, KindKey, Target
    from tokentui.services.listing import Listing
    from tokentui.services.ports import Clock, Connections, Ledger

_MARGIN = timedelta(minutes=1)
"""How far clocks may differ, and how long a list may lag behind what was made."""
_EXISTED = frozenset({EntryState.ISSUED, EntryState.LOST})


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
        now, profile = self._clock(), listing.source.profile
        kinds = self._connections.about(profile).kinds
        listable = frozenset(kind.key for kind in kinds if Ability.LIST in kind.abilities)
        entries = [
            entry
            for entry in self._ledger.live(now)
            if entry.plan.profile == profile and entry.plan.kind in listable
        ]
        for entry in _gone(entries, listing, begun):
            self._ledger.ended(entry.number, "deleted elsewhere", now)
        for entry, credential in _found(entries, listing.credentials):
            self._ledger.found(entry.number, credential.id, credential.name, now)


def _begun(listing: Listing) -> datetime | None:
    """Say when a list that proves something was asked for; None: it proves nothing."""
    source = listing.source
    if not listing.complete or What.CREDENTIALS not in listing.what:
        return None
    if source.seen_at is None or source.took is None:
        return None
    return source.seen_at - source.took


def _gone(entries: Iterable[Entry], listing: Listing, begun: datetime) -> Iterator[Entry]:
    """Give what existed well before the list was asked for and is not in it.

    A target that is not listed may be gone, or out of sight since the profile was changed: it
    counts as gone only if something else of its scope was listed.
    """
    named = {(one.kind, one.target_id, one.id) for one in listing.credentials}
    targets: tuple[Target, ...] = (*listing.instances, *listing.accounts)
    scopes = {target.scope for target in targets}
    for entry in entries:
        plan, made_at = entry.plan, entry.issued_at or entry.planned_at
        if entry.state not in _EXISTED or not entry.remote_id or made_at > begun - _MARGIN:
            continue
        is_named = (plan.kind, plan.target_id, entry.remote_id) in named
        if not is_named and (plan.target_id in listing.answered_targets or plan.scope in scopes):
            yield entry


def _found(
    entries: Sequence[Entry], credentials: Iterable[Credential]
) -> Iterator[tuple[Entry, Credential]]:
    """Match what may exist, by its name, with what is listed and belongs to no entry."""
    owned = {(one.plan.kind, one.plan.target_id, one.remote_id) for one in entries}
    free: dict[tuple[KindKey, str, str], list[Credential]] = {}
    for credential in credentials:
        if (credential.kind, credential.target_id, credential.id) not in owned:
            place = (credential.kind, credential.target_id, credential.name)
            free.setdefault(place, []).append(credential)
    for entry in sorted(entries, key=lambda one: one.number):
        plan = entry.plan
        candidates = free.get((plan.kind, plan.target_id, plan.name), [])
        if entry.state is not EntryState.UNKNOWN or not plan.name:
            continue
        for credential in candidates:
            if credential.made_at is None or credential.made_at > entry.planned_at - _MARGIN:
                candidates.remove(credential)
                yield entry, credential
                break
