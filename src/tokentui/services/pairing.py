"""Finds for what the ledger knows what its provider lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tokentui.domain.ledger import EntryState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from tokentui.domain.ledger import Entry
    from tokentui.domain.model import Credential, KindKey, ProviderKey

    Place = tuple[KindKey, str, str]
    Shared = frozenset[tuple[ProviderKey, KindKey]]


_NEVER_LISTED = frozenset({EntryState.PLANNED, EntryState.REFUSED})
"""States of what was to take another one's place and has not: the other one is listed."""


class Listed(NamedTuple):  # a data class is three times as slow to make
    """A credential in the list of its profile."""

    credential: Credential
    seen_at: datetime | None
    is_stale: bool


class Pairs:
    """Finds the listed credential of an entry of the same profile.

    Each one is found once, but those of a shared kind by all of their copies.
    """

    def __init__(self, listed: Mapping[Place, Listed], shared: Shared) -> None:
        self._listed = listed
        self._left = dict(listed)
        self._shared = shared

    def take(self, entry: Entry) -> Listed | None:
        """Give the credential of an entry and count it as found.

        An entry that was ended takes one that was listed before, which is then gone; what is
        listed later under its id is another credential.
        """
        if entry.state in _NEVER_LISTED:
            return None
        place = entry.plan.kind, entry.plan.target_id, entry.remote_id
        if (entry.plan.provider, entry.plan.kind) in self._shared:
            return self._take_copy(entry, place)
        listed = self._left.get(place) if entry.remote_id else None
        if listed is None or _is_newer(listed, entry):
            return None
        del self._left[place]
        return None if entry.state is EntryState.ENDED else listed

    def _take_copy(self, entry: Entry, place: Place) -> Listed | None:
        """What was ended has another one in its place, which is not what its copies were of."""
        if not entry.remote_id or entry.state is EntryState.ENDED:
            return None
        self._left.pop(place, None)
        return self._listed.get(place)

    def left(self) -> Iterator[Listed]:
        """Give what no entry has taken."""
        yield from self._left.values()


def precedence(entry: Entry) -> tuple[bool, bool, int]:
    """Sort by this what may be the same credential: what surely lives first, then the newest."""
    return entry.state is EntryState.ENDED, entry.state is EntryState.UNKNOWN, -entry.number


def _is_newer(listed: Listed, entry: Entry) -> bool:
    return (
        entry.ended_at is not None
        and listed.seen_at is not None
        and listed.seen_at > entry.ended_at
    )
