"""The command line in this process, over invented profiles."""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from command import Done
from tokentui.cli import session
from tokentui.cli.parser import command_of, parse
from tokentui.domain.errors import TokentuiError
from tokentui.domain.model import Issued, Verification
from tokentui.domain.profile import Config, Guard, Settings
from tokentui.domain.secret import Secret
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
from tokentui.storage.ledger import LedgerFile
from tokentui.storage.text_files import TextFiles
from world import (
    OWNER,
    Clock,
    InventedClipboard,
    InventedConnections,
    InventedFiles,
    InventedKubeconfigs,
)
from world_managed import ManagedProvider

BERLIN = ZoneInfo("Europe/Berlin")


def fingerprints(secret: Secret) -> str:
    return f"fingerprint of {secret.reveal()}"


@dataclass
class TriedProvider(ManagedProvider):
    """Remembers which secrets were tried."""

    tried: list[str] = field(default_factory=list)

    async def verify(self, issued: Issued) -> Verification:
        self.tried.append(issued.secret.reveal())
        return await super().verify(issued)


@dataclass
class CliWorld:
    """Everything behind a command; change it before one runs."""

    folder: Path
    guard: Guard | None = None
    clock: Clock = field(default_factory=Clock)
    clipboard: InventedClipboard = field(default_factory=InventedClipboard)
    files: InventedFiles = field(default_factory=InventedFiles)

    def __post_init__(self) -> None:
        self.provider = TriedProvider(self.clock)
        self.connections = InventedConnections(self.provider, self.guard)

    async def open(self) -> Workbench:
        self.ledger = LedgerFile(self.folder / "ledger.db", OWNER)
        connections, ledger, clock = self.connections, self.ledger, self.clock
        issuing = Issuing(connections, ledger, fingerprints, TextFiles(), clock, BERLIN)
        kubeconfigs = InventedKubeconfigs()
        pasting = Pasting(kubeconfigs)
        profiles = tuple(connections.profiles())
        return Workbench(
            config=Config(
                self.folder / "config.yaml", profiles, Settings(clear_after=timedelta(seconds=45))
            ),
            abouts=(self.provider.about,),
            connections=connections,
            ledger=ledger,
            inventory=Inventory(connections, ledger, clock),
            issuing=issuing,
            delivering=Delivering(ledger, clock, self.clipboard, kubeconfigs, self.files),
            managing=Managing(connections, ledger, issuing, pasting, fingerprints, clock, BERLIN),
            accounts=Accounts(connections, ledger, TextFiles(), clock),
            recipes=Recipes(connections),
            pasting=pasting,
            reconciling=Reconciling(connections, ledger, clock),
            journal=Journal(),
            clock=clock,
            zone=BERLIN,
        )

    async def close(self) -> None:
        self.ledger.close()


@dataclass
class Commands:
    """Runs commands as `main` does, but for what that does to the process."""

    world: CliWorld
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *words: str, stdin: str = "") -> Done:
        def wiring(environ: Mapping[str, str]) -> CliWorld:
            return self.world

        self.monkeypatch.setattr(session, "Wiring", wiring)
        self.monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        options = parse(words)
        try:
            code = command_of(options)(options)
        except TokentuiError as error:
            print(f"tokentui: {error.sentence}", file=sys.stderr)
            code = error.exit_code
        said = self.capsys.readouterr()
        return Done(int(code), said.out, said.err)
