"""Builds the workbench from the environment, the configuration and the files of this user."""

from __future__ import annotations

import os
import sqlite3
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tzlocal import get_localzone

from tokentui.domain.errors import StorageError
from tokentui.domain.ledger import EntryState
from tokentui.services.overview import MOST_AT_FIRST, first_look
from tokentui.storage import process
from tokentui.storage.ledger import LedgerFile
from tokentui.storage.ledger_file import open_to_look
from tokentui.storage.paths import Paths, ensure

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import tzinfo

    from tokentui.bootstrap.connected import Connected
    from tokentui.domain.about import About
    from tokentui.domain.ledger import Entry, Owner
    from tokentui.domain.model import ProviderKey
    from tokentui.providers.registry import Registry
    from tokentui.services.overview import Overview
    from tokentui.services.ports import Clock
    from tokentui.services.workbench import Workbench

    TerminalWrite = Callable[[bytes], Awaitable[None] | None]


# What a file that nobody has checked can lead to; `open` checks it and has a place to say so.
_UNREADABLE = (
    *(StorageError, sqlite3.Error, OSError),
    *(ArithmeticError, LookupError, TypeError, ValueError),
)

_LEFT_OPEN = frozenset({EntryState.UNKNOWN, EntryState.LOST})


def utc_now() -> datetime:
    """Give the time now."""
    return datetime.now(UTC)


def write_to_terminal(data: bytes) -> None:
    """Write to the terminal that this process was started from; raises `OSError` without one."""
    terminal = os.open("/dev/tty", os.O_WRONLY | os.O_NOCTTY)
    try:
        os.write(terminal, data)
    finally:
        os.close(terminal)


class Wiring:
    """Opens and closes everything; one object for the life of the program."""

    def __init__(
        self,
        environ: Mapping[str, str],
        *,
        clock: Clock = utc_now,
        zone: tzinfo | None = None,
        terminal_write: TerminalWrite = write_to_terminal,
    ) -> None:
        self._environ = environ
        self._terminal_write = terminal_write
        self._paths = Paths.find(environ)
        self._owner = process.this_process()
        self._ledger: LedgerFile | None = None
        self._connected: Connected | None = None
        self.clock = clock
        self.zone = zone or get_localzone()

    def first_look(self, most: int = MOST_AT_FIRST) -> Overview | None:
        """Read what the ledger knows, if there is one that can be read at once.

        Of the credentials that profiles listed, `most`.
        """
        try:
            ledger = LedgerFile(self._paths.ledger_file, self._owner, open_to_look)
        except _UNREADABLE:
            return None
        try:
            return first_look(ledger, self.clock(), most)
        except _UNREADABLE:
            return None
        finally:
            ledger.close()

    async def open(self) -> Workbench:
        """Read the configuration and wire the use-cases; raises `TokentuiError`."""
        # Imported here: these bring in YAML and the HTTP library, which the first frame and
        # the help texts do without.
        from tokentui.bootstrap.connected import Connected
        from tokentui.bootstrap.files import Files, Kubeconfigs
        from tokentui.delivery.clipboard import Clipboard
        from tokentui.providers.auth_sources import take_variables
        from tokentui.providers.registry import Registry
        from tokentui.services.accounts import Accounts
        from tokentui.services.deliver import Delivering
        from tokentui.services.inventory import Inventory
        from tokentui.services.issue import Issuing
        from tokentui.services.journal import Journal
        from tokentui.services.managing import Managing
        from tokentui.services.pasted import Pasting
        from tokentui.services.recipes import Recipes
        from tokentui.services.reconcile import Reconciling
        from tokentui.services.workbench import Workbench
        from tokentui.storage import config as configuration
        from tokentui.storage.fingerprints import Fingerprints, load_key
        from tokentui.storage.secrets_memory import MemorySecrets
        from tokentui.storage.text_files import TextFiles

        registry = Registry()
        config = configuration.load(
            self._paths.config_file, lambda key: _about(registry, key), registry.names()
        )
        take_variables(config.profiles)
        ledger = self._opened_ledger()
        ledger.settle(process.is_alive, self.clock())
        journal = Journal()
        self._connected = connected = Connected(
            config.profiles, registry, MemorySecrets(), journal, self.clock
        )
        clipboard = Clipboard(
            self._environ, setting=config.settings.clipboard, terminal_write=self._terminal_write
        )
        kubeconfigs = Kubeconfigs(self._environ, self._paths.backup_folder)
        files = Files(self._paths.state_folder, self.clock)
        kubeconfigs.tidy()
        files.tidy()
        fingerprints = Fingerprints(load_key(self._paths.fingerprint_key_file))
        documents = TextFiles()
        issuing = Issuing(connected, ledger, fingerprints, documents, self.clock, self.zone)
        pasting = Pasting(kubeconfigs)
        return Workbench(
            config=config,
            abouts=tuple({p.provider: connected.about(p.name) for p in config.profiles}.values()),
            connections=connected,
            ledger=ledger,
            inventory=Inventory(connected, ledger, self.clock),
            issuing=issuing,
            delivering=Delivering(ledger, self.clock, clipboard, kubeconfigs, files),
            managing=Managing(
                connected, ledger, issuing, pasting, fingerprints, self.clock, self.zone
            ),
            accounts=Accounts(connected, ledger, documents, self.clock),
            recipes=Recipes(connected),
            pasting=pasting,
            reconciling=Reconciling(connected, ledger, self.clock),
            journal=journal,
            clock=self.clock,
            zone=self.zone,
        )

    async def close(self, since: datetime | None = None) -> tuple[Entry, ...]:
        """Tell the truth about what this process leaves undone, and close everything.

        Gives this process's entries that became unknown or lost since then; None: no entries.
        """
        if self._connected is not None:
            await self._connected.aclose()
        if self._ledger is None:
            return ()
        self._ledger.settle(self._lives_on, self.clock())
        left = () if since is None else self._left_open(self._ledger, since)
        self._ledger.close()
        return left

    def _left_open(self, ledger: LedgerFile, since: datetime) -> tuple[Entry, ...]:
        numbers = {e.number for e in ledger.events() if e.at >= since and e.number is not None}
        entries = filter(None, map(ledger.entry, sorted(numbers)))
        return tuple(e for e in entries if e.state in _LEFT_OPEN and e.owner == self._owner)

    def _opened_ledger(self) -> LedgerFile:
        """Open the ledger once, so that what was wrong with its file is told by this object."""
        if self._ledger is None:
            ensure(self._paths.state_folder)
            self._ledger = LedgerFile(self._paths.ledger_file, self._owner)
        return self._ledger

    def _lives_on(self, owner: Owner) -> bool:
        return owner != self._owner and process.is_alive(owner)


def _about(registry: Registry, key: ProviderKey) -> About | None:
    """Load a provider's description; None: nobody names it. Raises `ConfigError` if broken."""
    known = key in registry.names() or key in registry.names(third_parties=True)
    return registry.load(key).about if known else None


def known_providers() -> tuple[tuple[About, ...], tuple[tuple[str, str], ...]]:
    """Give what every provider says of itself, and name and reason of those that are broken."""
    from tokentui.providers.registry import Broken, Registry

    found = Registry().survey()
    abouts = tuple(plugin.about for plugin in found if not isinstance(plugin, Broken))
    return abouts, tuple((one.key, one.reason) for one in found if isinstance(one, Broken))


def about_provider(key: ProviderKey) -> About:
    """Give what one provider says of itself. Raises `ConfigError` for one that is not known."""
    from tokentui.providers.registry import Registry

    return Registry().load(key).about
