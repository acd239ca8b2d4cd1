"""One profile's lists while they arrive, over what was remembered of them."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

from tokentui.domain.ledger import LastKnown
from tokentui.services.listing import Listing, Phase, Source, What, credential_key

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from tokentui.domain.errors import TokentuiError
    from tokentui.domain.model import (
        Account,
        AccountId,
        Credential,
        Instance,
        InstanceId,
        KindKey,
        Page,
        ProfileName,
        Target,
    )
    from tokentui.services.listing import CredentialKey
    from tokentui.services.ports import Clock

T = TypeVar("T")
K = TypeVar("K", bound="Hashable")

_BATCH_S = 0.1


class Growing(Generic[K, T]):
    """A list that arrives in pages over what was remembered of it."""

    def __init__(self, key: Callable[[T], K], remembered: Sequence[T]) -> None:
        self._key = key
        self._known = {key(item): item for item in remembered}
        self._fresh: dict[K, T] = {}

    @property
    def items(self) -> tuple[T, ...]:
        """All that is known, what was remembered first."""
        return tuple(self._known.values())

    @property
    def answered(self) -> frozenset[K]:
        """The keys of what was named this time."""
        return frozenset(self._fresh)

    def take(self, items: Sequence[T]) -> None:
        """Add what was answered; what is as it was stays the same object, which is quick to see."""
        arrived: dict[K, T] = {}
        for item in items:
            key = self._key(item)
            known = self._known.get(key)
            arrived[key] = known if known is not None and known == item else item
        self._fresh.update(arrived)
        self._known.update(arrived)

    def keep(self, may_be_there: Callable[[T], bool]) -> None:
        """Drop what was not named this time, but for what may be there nevertheless."""
        rest = {
            key: item
            for key, item in self._known.items()
            if key not in self._fresh and may_be_there(item)
        }
        self._known = rest | self._fresh


class Asking:
    """What one profile is asked for and has answered; each change goes into `updates`."""

    def __init__(
        self,
        name: ProfileName,
        what: frozenset[What],
        last: LastKnown | None,
        clock: Clock,
        updates: asyncio.Queue[Listing | None],
    ) -> None:
        known = last or LastKnown(name, clock())
        self.name = name
        self.what = what
        self.phase = Phase.LOADING
        self._instances: Growing[InstanceId, Instance] = Growing(lambda i: i.id, known.instances)
        self._accounts: Growing[AccountId, Account] = Growing(lambda a: a.id, known.accounts)
        self._credentials: Growing[CredentialKey, Credential] = Growing(
            credential_key, known.credentials
        )
        self._asked: set[str] = set()
        self._whole: set[str] = set()
        self._whole_parts: frozenset[tuple[str, str]] = frozenset()
        self._whole_targets: set[str] = set()
        self._gone_targets: set[str] = set()
        self._silent: set[tuple[str, KindKey]] = set()
        self._errors: dict[str, TokentuiError] = {}
        self._last = last
        self._seen_at = last.seen_at if last else None
        self._credentials_at = last.credentials_at if last else None
        self._clock = clock
        self._begun = clock()
        self._updates = updates
        self._batch: asyncio.TimerHandle | None = None

    def take_instances(self, page: Page[Instance]) -> None:
        """Add a page of instances."""
        self._instances.take(page.items)
        self._whole_parts |= page.whole_of
        self.tell()

    def take_accounts(self, page: Page[Account]) -> None:
        """Add a page of accounts."""
        self._accounts.take(page.items)
        self._whole_parts |= page.whole_of
        self.tell()

    def take_credentials(self, target: Target, page: Page[Credential]) -> None:
        """Add a page of credentials; there may be thousands, so they are told in batches."""
        self._credentials.take(page.items)
        self._silent.update((target.id, kind) for kind in page.silent)
        if self._batch is None:
            self._batch = asyncio.get_running_loop().call_later(_BATCH_S, self.tell)

    def is_new(self, target: Target) -> bool:
        """Say whether its credentials were not asked for yet, and remember that they are now."""
        is_new = target.id not in self._asked
        self._asked.add(target.id)
        return is_new

    def fail(self, error: TokentuiError) -> None:
        """Add an error; the same words are told once."""
        self._errors.setdefault(error.sentence, error)

    def came_whole(self, what: What) -> None:
        """Take note that a list of instances or accounts ended without an error."""
        self._whole.add(what)

    def came_whole_of(self, target: Target) -> None:
        """Take note that a target's list of credentials ended without an error."""
        self._whole_targets.add(target.id)

    def conclude(self) -> None:
        """Drop what is no longer there; what a failed list may still hold stays remembered."""
        before = self._target_ids()
        self._instances.keep(partial(self._may_remain, What.INSTANCES))
        self._accounts.keep(partial(self._may_remain, What.ACCOUNTS))
        self._gone_targets = before - self._target_ids()
        self._credentials.keep(self._may_be_there)
        has_answered = self._instances.answered or self._accounts.answered
        if not self._errors:
            self.phase = Phase.OK
            if self._last is None or self._asked_for_all():
                self._seen_at = self._clock()
            if What.CREDENTIALS in self.what:
                self._credentials_at = self._clock()
        else:
            self.phase = Phase.PARTLY if has_answered else Phase.FAILED
        self.tell()

    def tell(self) -> None:
        """Give the state of things to whoever listens."""
        self.close()
        self._updates.put_nowait(self._listing())

    def close(self) -> None:
        """Forget the batch that waits to be told."""
        if self._batch is not None:
            self._batch.cancel()
            self._batch = None

    def known(self) -> LastKnown:
        """Give what to remember, as old as the oldest part of it."""
        return LastKnown(
            self.name,
            self._seen_at or self._clock(),
            self._instances.items,
            self._accounts.items,
            self._credentials.items,
            self._credentials_at,
        )

    def _target_ids(self) -> set[str]:
        targets: tuple[Target, ...] = (*self._instances.items, *self._accounts.items)
        return {target.id for target in targets}

    def _may_remain(self, what: What, target: Target) -> bool:
        """Say whether a target that was not named may exist: its own list did not come whole."""
        return what not in self._whole and (target.noun, target.scope) not in self._whole_parts

    def _may_be_there(self, credential: Credential) -> bool:
        """Say whether a credential that was not named may exist: nobody asked, or got no answer."""
        if What.CREDENTIALS not in self.what:
            return True
        target = credential.target_id
        if target in self._gone_targets:
            return False
        all_targets = self._whole >= {What.INSTANCES, What.ACCOUNTS}
        return target not in self._whole_targets and (target in self._asked or not all_targets)

    def _asked_for_all(self) -> bool:
        """Say whether nothing is remembered that was not asked for this time."""
        lists = {
            What.INSTANCES: self._instances.items,
            What.ACCOUNTS: self._accounts.items,
            What.CREDENTIALS: self._credentials.items,
        }
        return not any(items for what, items in lists.items() if what not in self.what)

    def _listing(self) -> Listing:
        took = self._clock() - self._begun
        errors = tuple(self._errors.values())
        return Listing(
            source=Source(self.name, self.phase, self._seen_at, took, errors),
            instances=self._instances.items,
            accounts=self._accounts.items,
            credentials=self._credentials.items,
            answered=self._instances.answered,
            answered_accounts=self._accounts.answered,
            answered_credentials=self._credentials.answered,
            answered_targets=frozenset(self._whole_targets),
            silent=frozenset(self._silent),
            what=self.what,
            complete=self.phase is Phase.OK,
        )
