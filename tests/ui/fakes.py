"""The invented Monday of the drawings: a ledger, an inventory and a start-up for the interface."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tokentui.domain.errors import TokentuiError
from tokentui.domain.ledger import Entry, EntryNumber, LastKnown, Outlook, Plan
from tokentui.domain.model import EndSource, Form, Instance, InstanceState, Kind, Page
from tokentui.domain.profile import Config, Guard, Settings
from tokentui.services.accounts import Accounts
from tokentui.services.deliver import Delivering
from tokentui.services.inventory import Inventory
from tokentui.services.issue import Issuing
from tokentui.services.journal import Journal
from tokentui.services.managing import Managing
from tokentui.services.overview import MOST_AT_FIRST, Overview, first_look
from tokentui.services.pasted import Pasting
from tokentui.services.recipes import Recipes
from tokentui.services.reconcile import Reconciling
from tokentui.services.workbench import Workbench
from tokentui.storage.fingerprints import Fingerprints
from tokentui.storage.ledger import LedgerFile
from tokentui.storage.text_files import TextFiles
from world import (
    KUBECONFIG,
    OWNER,
    TOKEN,
    Clock,
    InventedClipboard,
    InventedConnections,
    InventedFiles,
    InventedKubeconfigs,
    InventedProvider,
    instance,
)

BERLIN = ZoneInfo("Europe/Berlin")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

DEMO = instance("demo", plan="small")
MUC = instance("edge-muc-01", plan="medium")
HAM = instance(
    "edge-ham-02", region="eu02", state=InstanceState.BUSY, state_text="reconciling", ui_url=""
)
INSTANCES = (DEMO, MUC, HAM)


@dataclass
class World:
    """Everything behind the interface; change it before the session is opened."""

    folder: Path
    clock: Clock = field(default_factory=Clock)
    guard: Guard = field(default_factory=lambda: Guard(protected=True))
    settings: Settings = field(default_factory=lambda: Settings(clear_after=timedelta(seconds=45)))
    problems: tuple[TokentuiError, ...] = ()
    opening_error: TokentuiError | None = None
    hold_opening: asyncio.Event | None = None
    configured: bool = True
    config_path: Path = Path("/home/anna/.config/tokentui/config.yaml")

    def __post_init__(self) -> None:
        self.ledger = LedgerFile(self.folder / "ledger.db", OWNER)
        self.provider = InventedProvider(self.clock, pages=(Page(INSTANCES),))
        self.connections = InventedConnections(self.provider, self.guard)
        self.clipboard = InventedClipboard()
        self.kubeconfigs = InventedKubeconfigs()
        self.files = InventedFiles()
        self.journal = Journal()
        self.closed = 0

    def first_look(self, most: int = MOST_AT_FIRST) -> Overview | None:
        return first_look(self.ledger, self.clock(), most)

    async def open(self) -> Workbench:
        if self.hold_opening is not None:
            await self.hold_opening.wait()
        if self.opening_error is not None:
            raise self.opening_error
        return self._workbench()

    async def close(self, since: datetime) -> tuple[Entry, ...]:
        self.closed += 1
        return self.ledger.settle(lambda owner: False, self.clock())

    def made(
        self,
        target: Instance,
        kind: Kind,
        ago: timedelta,
        life: timedelta | None,
        asked: str = "10m",
        to: str = "clipboard (tmux)",
        purpose: str = "",
    ) -> EntryNumber:
        """Write a credential of the past into the ledger."""
        at = self.clock() - ago
        ends_at = None if life is None else at + life
        number = self.ledger.plan(plan_of(target, kind, asked, ends_at, purpose), at)
        self.ledger.issued(number, Outlook(ends_at, EndSource.CREDENTIAL, "", ""), at)
        if to:
            self.ledger.delivered(number, to, at)
        return number

    def asked_without_answer(self, target: Instance, ago: timedelta, life: timedelta) -> None:
        """Write a request into the ledger whose answer was lost."""
        at = self.clock() - ago
        number = self.ledger.plan(plan_of(target, TOKEN, "10m", at + life), at)
        self.ledger.unknown(number, "the answer was lost", at)

    def remember(self, *instances: Instance, ago: timedelta = 3 * HOUR) -> None:
        """Let the ledger know instances from an earlier run."""
        names = {instance.profile for instance in instances}
        for name in names:
            known = tuple(i for i in instances if i.profile == name)
            self.ledger.remember(LastKnown(name, self.clock() - ago, known))

    def _workbench(self) -> Workbench:
        zone = BERLIN
        connections = self.connections
        if not self.configured:
            connections.providers.clear()
        config = Config(
            path=self.config_path,
            profiles=tuple(connections.profiles()),
            settings=self.settings,
            problems=self.problems,  # type: ignore[arg-type]  # any error of ours will do
        )
        fingerprints = Fingerprints(b"k" * 32)
        issuing = Issuing(connections, self.ledger, fingerprints, TextFiles(), self.clock, zone)
        pasting = Pasting(self.kubeconfigs)
        return Workbench(
            config=config,
            abouts=(self.provider.about,) if self.configured else (),
            connections=connections,
            ledger=self.ledger,
            inventory=Inventory(connections, self.ledger, self.clock),
            issuing=issuing,
            delivering=Delivering(
                self.ledger, self.clock, self.clipboard, self.kubeconfigs, self.files
            ),
            managing=Managing(
                connections, self.ledger, issuing, pasting, fingerprints, self.clock, zone
            ),
            accounts=Accounts(connections, self.ledger, TextFiles(), self.clock),
            recipes=Recipes(connections),
            pasting=pasting,
            reconciling=Reconciling(connections, self.ledger, self.clock),
            journal=self.journal,
            clock=self.clock,
            zone=zone,
        )


def plan_of(target: Instance, kind: Kind, asked: str, ends_at: object, purpose: str = "") -> Plan:
    """Give the plan of a credential for an instance."""
    made = Plan(
        profile=target.profile,
        provider=target.provider,
        kind=kind.key,
        noun=kind.noun,
        form=Form.TOKEN,
        target_id=target.id,
        target_name=target.name,
        scope=target.scope,
        asked=asked,
        latest_end=None,
        purpose=purpose,
    )
    return replace(made, form=kind.form, latest_end=ends_at)  # type: ignore[arg-type]


def busy_monday(folder: Path) -> World:
    """Give a world with a history: something expired, soon, later, lost, often made."""
    world = World(folder)
    for days in (40, 41, 42, 43):
        world.made(DEMO, TOKEN, days * DAY, 10 * MINUTE)
    for days in (50, 51):
        world.made(MUC, KUBECONFIG, days * DAY, HOUR, "1h", "~/.kube/config")
    world.made(MUC, TOKEN, 18 * DAY, 30 * DAY, "30d", "~/argo.token", "argo cluster")
    world.made(DEMO, KUBECONFIG, 32 * DAY, 30 * DAY, "30d", "~/.kube/config", "ci ingest")
    world.made(DEMO, KUBECONFIG, 26 * DAY + 20 * HOUR, 30 * DAY, "30d", "~/.kube/config", "deploy")
    world.made(MUC, KUBECONFIG, 20 * DAY, 90 * DAY, "90d", "~/.kube/config", "backup")
    world.asked_without_answer(MUC, 3 * MINUTE, 10 * MINUTE)
    world.made(
        DEMO, TOKEN, 3 * MINUTE + 48 * timedelta(seconds=1), 10 * MINUTE, purpose="argo test"
    )
    world.remember(*INSTANCES)
    return world
