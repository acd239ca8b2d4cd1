"""What the use-cases need of the outside world."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from tokentui.domain.about import About
    from tokentui.domain.kubeconfig import Entry as KubeconfigEntry
    from tokentui.domain.ledger import (
        Deed,
        Entry,
        EntryNumber,
        Event,
        Glance,
        LastKnown,
        Outlook,
        Owner,
        Plan,
    )
    from tokentui.domain.model import ProfileName
    from tokentui.domain.profile import Profile
    from tokentui.domain.receipt import Receipt
    from tokentui.domain.secret import Secret
    from tokentui.providers.base import Provider


class Clock(Protocol):
    """The time now."""

    def __call__(self) -> datetime:
        """Give an aware UTC instant."""


class Ledger(Protocol):
    """The local record of everything issued; each call is one committed transaction.

    Every method may raise `StorageError`.
    """

    def plan(self, plan: Plan, at: datetime) -> EntryNumber:
        """Write down a request before it leaves."""

    def issued(self, number: EntryNumber, outlook: Outlook, at: datetime) -> None:
        """Record that the credential exists and its secret was received."""

    def refused(self, number: EntryNumber, why: str, at: datetime) -> None:
        """Record that certainly nothing was made."""

    def unknown(self, number: EntryNumber, why: str, at: datetime) -> None:
        """Record that a credential may exist that nobody has."""

    def verified(self, number: EntryNumber, *, ok: bool, detail: str, at: datetime) -> None:
        """Record what a call with the new secret showed."""

    def delivered(self, number: EntryNumber, destination: str, at: datetime) -> None:
        """Record where the secret went."""

    def discarded(self, number: EntryNumber, at: datetime) -> None:
        """Record that the secret was thrown away on purpose."""

    def lost(self, number: EntryNumber, why: str, at: datetime) -> None:
        """Record that the secret is gone though the credential lives."""

    def ended(self, number: EntryNumber, how: str, at: datetime) -> None:
        """Record that the credential is over before its time; `how` says by what."""

    def found(self, number: EntryNumber, remote_id: str, name: str, at: datetime) -> None:
        """Record that a credential whose answer was lost exists after all; its secret is lost."""

    def renamed(self, number: EntryNumber, name: str, at: datetime) -> None:
        """Record the credential's new name."""

    def switched(self, number: EntryNumber, *, active: bool, at: datetime) -> None:
        """Record that the credential was switched off or on."""

    def end_moved(self, number: EntryNumber, ends_at: datetime | None, at: datetime) -> None:
        """Record the credential's new end; None: it never ends."""

    def did(self, deed: Deed, at: datetime) -> None:
        """Record what was done to something that has no entry."""

    def settle(self, is_alive: Callable[[Owner], bool], at: datetime) -> tuple[Entry, ...]:
        """Tell the truth about entries of processes that died; gives those that changed."""

    def entries(self, limit: int = 500) -> tuple[Entry, ...]:
        """Give the newest entries, newest first."""

    def entry(self, number: EntryNumber) -> Entry | None:
        """Give one entry."""

    def live(self, now: datetime) -> tuple[Entry, ...]:
        """Give what is or may be valid at `now`, the soonest end first."""

    def in_sight(self, since: datetime, limit: int = 500) -> tuple[Entry, ...]:
        """Give what is or may be valid after `since`, and the newest entries, newest first."""

    def events(self, limit: int = 20) -> tuple[Event, ...]:
        """Give the newest events, newest first."""

    def glance(self, limit: int = 9) -> Glance:
        """Count the entries, and give what was issued most often of late, most used first."""

    def remember(self, known: LastKnown) -> None:
        """Keep a profile's lists as last seen."""

    def last_known(self) -> tuple[LastKnown, ...]:
        """Give all profiles' lists as last seen."""

    def soonest_known(self, since: datetime, most: int) -> tuple[tuple[LastKnown, ...], int]:
        """Give the lists with the credentials that end next after `since`, and the number left."""

    def verify_chain(self) -> int | None:
        """Give the number of the first event that was changed or is missing; None: all fit."""

    def damage(self) -> str:
        """Say what was wrong with the ledger's file when it was opened; empty: nothing."""

    def close(self) -> None:
        """Close the file."""


class SecretStore(Protocol):
    """Keeps secrets by name. `title` is the word for it that a person is told."""

    @property
    def title(self) -> str: ...

    async def get(self, name: str) -> Secret | None:
        """Give a secret, None if there is none. Raises `StorageError`."""

    async def set(self, name: str, secret: Secret) -> None:
        """Keep a secret. Raises `StorageError`."""

    async def delete(self, name: str) -> None:
        """Forget a secret; one that is not there is no error. Raises `StorageError`."""


class Clipboard(Protocol):
    """The operator's clipboard, by whatever route reaches it from here."""

    async def copy(self, secret: Secret) -> Receipt:
        """Send a secret; a failure is a receipt too."""

    async def clear(self, receipt: Receipt) -> str:
        """Take it out again; the answer says what is known of that."""


class Merged(Protocol):
    """What a merge did: the file, the context's name, the backup, what the user should know."""

    @property
    def path(self) -> Path: ...
    @property
    def context(self) -> str: ...
    @property
    def backup(self) -> Path | None: ...
    @property
    def warnings(self) -> Sequence[str]: ...


class KubeconfigStore(Protocol):
    """Kubeconfig files, by kubectl's rules. Blocking: call it in a thread."""

    def default_path(self) -> Path:
        """Give the file that kubectl would write a new entry to."""

    def check(self, path: Path) -> None:
        """Raise `DeliveryError` if nothing could be merged into this file; changes nothing."""

    def merge(self, entry: KubeconfigEntry, path: Path, *, make_current: bool = False) -> Merged:
        """Add one entry. Raises `DeliveryError`; the file is then as it was."""

    def as_json(self, kubeconfig: Secret) -> Secret:
        """Give one that stands as YAML or JSON as JSON, as servers answer it.

        Raises `DeliveryError` for what is none.
        """


class SecretFiles(Protocol):
    """Files of ours that nobody else can read. Blocking: call it in a thread."""

    def write(self, path: Path, secret: Secret, *, overwrite: bool = False) -> Path:
        """Write a new file. Raises `DeliveryError`."""

    def rescue(self, raw: Secret, name: str) -> Path:
        """Write into the state folder under a free name. Raises `DeliveryError`."""


class Documents(Protocol):
    """Text files that a person names. Blocking: call it in a thread."""

    def read(self, path: str) -> str:
        """Give a file's text. Raises `UsageError` naming the file."""


class Fingerprints(Protocol):
    """Recognises a secret later without keeping it."""

    def __call__(self, secret: Secret) -> str:
        """Give the keyed fingerprint of a secret, as hexadecimal text."""


class OwnSecret(Protocol):
    """Where the secret lies that a profile signs in with."""

    @property
    def title(self) -> str:
        """The place in words: "the file /home/anna/token"."""

    def objection(self) -> str:
        """Say why no other secret can be put there; empty: it can."""

    async def current(self) -> Secret | None:
        """Give what lies there now; None: nothing that could be read."""

    async def keep(self, secret: Secret) -> None:
        """Put another secret there. Raises `StorageError`; then the old one is still there."""


class Connections(Protocol):
    """The configured profiles and their providers."""

    def profiles(self) -> Sequence[Profile]:
        """Give the profiles that can be used."""

    def about(self, profile: ProfileName) -> About:
        """Give what the profile's provider says of itself."""

    def provider(self, profile: ProfileName) -> Provider:
        """Give the connected provider of a profile. Raises `TokentuiError`."""

    def own_secret(self, profile: ProfileName) -> OwnSecret:
        """Give the place of the secret that a profile signs in with."""
