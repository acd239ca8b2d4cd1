"""The verbs over a real ledger and an invented provider."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from tokentui.domain.ledger import Entry, EventType, LastKnown, Outlook, Plan
from tokentui.domain.lifetime import parse
from tokentui.domain.model import Credential, EndSource
from tokentui.domain.profile import Guard
from tokentui.domain.secret import Secret
from tokentui.services.held import Held
from tokentui.services.issue import Issuing, Request, Result
from tokentui.services.managing import Managing
from tokentui.services.pasted import Pasting
from tokentui.storage.ledger import LedgerFile
from tokentui.storage.text_files import TextFiles
from world import MONDAY, OWNER, PROFILE, Clock, InventedConnections, InventedKubeconfigs
from world_managed import MANAGED_ABOUT, SERVICE_TOKEN, ManagedProvider, held, robot

BERLIN = ZoneInfo("Europe/Berlin")


def fingerprints(secret: Secret) -> str:
    return f"fingerprint of {secret.reveal()}"


class Bench:
    """The verbs over a real ledger and an invented provider."""

    def __init__(self, folder: Path, guard: Guard | None = None) -> None:
        self.clock = Clock()
        self.provider = ManagedProvider(self.clock)
        self.ledger = LedgerFile(folder / "ledger.db", OWNER)
        self.connections = InventedConnections(self.provider, guard)
        self.issuing = Issuing(
            self.connections, self.ledger, fingerprints, TextFiles(), self.clock, BERLIN
        )
        self.managing = Managing(
            self.connections,
            self.ledger,
            self.issuing,
            Pasting(InventedKubeconfigs()),
            fingerprints,
            self.clock,
            BERLIN,
        )

    @property
    def listed(self) -> Held:
        """The credential that the provider lists and the ledger does not know."""
        return held(self.provider.listed[0])

    async def made(self) -> tuple[Held, Result]:
        """Make one, so that the ledger knows it too."""
        offer = await self.issuing.offer(robot(), SERVICE_TOKEN.key)
        lifetime = parse("30d", BERLIN)
        request = Request(offer, lifetime, "30d", "argo", {"name": "made"})
        result = await self.issuing.issue(request)
        return held(self.provider.listed[-1], self.entry(result)), result

    def entry(self, result: Result) -> Entry:
        entry = self.ledger.entry(result.number)
        assert entry is not None
        return entry

    def recorded(self, listed: Credential, secret: str) -> Held:
        """Let the ledger know a listed credential with the fingerprint of this secret."""
        one = held(listed)
        kind = next(kind for kind in MANAGED_ABOUT.kinds if kind.key == listed.kind)
        number = self.ledger.plan(
            Plan(
                profile=one.profile,
                provider=one.provider,
                kind=kind.key,
                noun=kind.noun,
                form=kind.form,
                target_id=one.target_id,
                target_name=one.target_name,
                scope=one.scope,
                asked="",
                latest_end=None,
                purpose="",
                name=one.name,
            ),
            self.clock(),
        )
        mark = fingerprints(Secret(secret))
        outlook = Outlook(one.ends_at, EndSource.ANSWER, listed.id, mark, one.name)
        self.ledger.issued(number, outlook, self.clock())
        return replace(one, entry=self.ledger.entry(number))

    def remember(self) -> None:
        """Let the robot be known, as a listing before does."""
        self.ledger.remember(LastKnown(PROFILE, MONDAY, accounts=(robot(),)))

    def last_event(self) -> tuple[EventType, str]:
        event = self.ledger.events()[0]
        return event.type, event.detail
