"""An invented provider and its world, for tests of services and the interface."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tokentui.domain.about import About
from tokentui.domain.errors import TokentuiError
from tokentui.domain.kubeconfig import Entry as KubeconfigEntry
from tokentui.domain.ledger import Owner
from tokentui.domain.lifetime import Chosen
from tokentui.domain.model import (
    Ability,
    Account,
    Credential,
    EndSource,
    Form,
    Identity,
    Instance,
    InstanceId,
    InstanceState,
    Issued,
    Kind,
    KindKey,
    Offer,
    OfferField,
    Order,
    Page,
    ProfileName,
    ProviderKey,
    Target,
    Verification,
)
from tokentui.domain.profile import AuthSettings, Guard, Profile
from tokentui.domain.receipt import Certainty, Receipt, Route
from tokentui.domain.recipe import Recipe
from tokentui.domain.secret import Secret

MONDAY = datetime(2026, 10, 5, 12, 22, tzinfo=UTC)
PROVIDER = ProviderKey("invented")
PROFILE = ProfileName("ops-prod")
OWNER = Owner(host="jump1", user="anna", boot="boot-1", pid=4711, started="1")
TOKEN_VALUE = "canary-token-" + "x" * 60 + "-3kQ9"

TOKEN = Kind(
    key=KindKey("token"),
    label="Token",
    noun="edge token",
    form=Form.TOKEN,
    abilities=frozenset({Ability.VERIFY, Ability.TWO_AT_ONCE}),
    cannot={Ability.REVOKE: "nobody can revoke it; it ends by itself"},
)
KUBECONFIG = replace(
    TOKEN,
    key=KindKey("kubeconfig"),
    label="Kubeconfig",
    noun="edge kubeconfig",
    form=Form.KUBECONFIG,
)
ABOUT = About(PROVIDER, "Invented Cloud", "edge", (), (), (TOKEN, KUBECONFIG))
VERIFIED = Verification(ok=True, sentence="ok: 200")
LIFETIME = Chosen(timedelta(seconds=600), timedelta(days=180), timedelta(seconds=600))


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def advance(self, by: timedelta) -> None:
        self.at += by


def instance(name: str = "demo", **changes: object) -> Instance:
    made = Instance(
        profile=PROFILE,
        provider=PROVIDER,
        id=InstanceId(f"ops-prod/eu01/{name}-k3x9q2ab"),
        native_id=f"{name}-k3x9q2ab",
        name=name,
        noun="edge",
        state=InstanceState.ACTIVE,
        state_text="active",
        scope="ops-prod",
        region="eu01",
        ui_url=f"https://{name}.edge.example",
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # tests name real fields


def kubeconfig_document(token: str) -> str:
    """Write a kubeconfig as the provider answers it."""
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "c",
            "clusters": [{"name": "c", "cluster": {"server": "https://demo.edge.example:6443"}}],
            "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
            "users": [{"name": "u", "user": {"token": token}}],
        }
    )


@dataclass
class InventedProvider:
    """A provider whose answers a test sets: pages, refusals, waiting."""

    clock: Callable[[], datetime]
    about: About = ABOUT
    pages: Sequence[Page[Instance]] = (Page((instance(),)),)
    listing_error: TokentuiError | None = None
    issue_error: BaseException | None = None
    hold: asyncio.Event | None = None
    hold_listing: asyncio.Event | None = None
    impossible: str = ""
    fields: tuple[OfferField, ...] = ()
    verification: Verification = VERIFIED
    warnings: tuple[str, ...] = ("cannot be listed or revoked by anyone",)
    ways: tuple[Recipe, ...] = ()
    orders: list[Order] = field(default_factory=list)
    closed: int = 0

    async def identity(self) -> Identity:
        return Identity("anna@example.org")

    async def instances(self) -> AsyncIterator[Page[Instance]]:
        if self.hold_listing is not None:
            await self.hold_listing.wait()
        for page in self.pages:
            yield page
        if self.listing_error is not None:
            raise self.listing_error

    async def accounts(self) -> AsyncIterator[Page[Account]]:
        return
        yield

    async def credentials(self, of: Target) -> AsyncIterator[Page[Credential]]:
        return
        yield

    async def offers(self, of: Target) -> tuple[Offer, ...]:
        return tuple(
            Offer(kind, of, LIFETIME, self.fields, self.warnings, self.impossible)
            for kind in (TOKEN, KUBECONFIG)
        )

    async def issue(self, order: Order) -> Issued:
        self.orders.append(order)
        if self.hold is not None:
            await self.hold.wait()
        if self.issue_error is not None:
            raise self.issue_error
        token = f"{TOKEN_VALUE}{len(self.orders)}"
        is_token = order.offer.kind.form is Form.TOKEN
        return Issued(
            kind=order.offer.kind,
            target=order.offer.target,
            secret=Secret(token if is_token else kubeconfig_document(token)),
            ends_at=order.term.ends_at,
            end_source=EndSource.CREDENTIAL,
            made_at=self.clock(),
        )

    async def verify(self, issued: Issued) -> Verification:
        return self.verification

    async def recipes(self, kind: Kind, of: Target) -> tuple[Recipe, ...]:
        return self.ways

    async def aclose(self) -> None:
        self.closed += 1


@dataclass
class InventedOwnSecret:
    """The secret that a profile signs in with; with an objection none can be put there."""

    title: str = "the file /home/anna/token"
    why_not: str = ""
    kept: list[str] = field(default_factory=list)
    lies_there: Secret = field(default_factory=lambda: Secret("an-old-secret"))

    def objection(self) -> str:
        return self.why_not

    async def current(self) -> Secret:
        return self.lies_there

    async def keep(self, secret: Secret) -> None:
        self.kept.append(secret.reveal())


class InventedConnections:
    """Profiles of the invented provider; a profile can have its own adapter."""

    def __init__(self, provider: InventedProvider, guard: Guard | None = None) -> None:
        self.providers = {PROFILE: provider}
        self._guards = {PROFILE: guard or Guard()}
        self.own = InventedOwnSecret(why_not="its sign-in is a variable of the environment")

    def own_secret(self, profile: ProfileName) -> InventedOwnSecret:
        return self.own

    def add(self, name: str, provider: InventedProvider, guard: Guard | None = None) -> None:
        self.providers[ProfileName(name)] = provider
        self._guards[ProfileName(name)] = guard or Guard()

    def profiles(self) -> Sequence[Profile]:
        return tuple(
            Profile(name, PROVIDER, AuthSettings("env"), guard=self._guards[name])
            for name in self.providers
        )

    def about(self, profile: ProfileName) -> About:
        return self.providers[profile].about

    def provider(self, profile: ProfileName) -> InventedProvider:
        return self.providers[profile]


SENT = Receipt(
    Route.TMUX, Certainty.SENT, "sent through tmux to your terminal; terminals do not confirm"
)


@dataclass
class InventedClipboard:
    """Remembers what it was given."""

    receipt: Receipt = SENT
    held: str = ""
    copies: int = 0

    async def copy(self, secret: Secret) -> Receipt:
        self.copies += 1
        if self.receipt.certainty is not Certainty.FAILED:
            self.held = secret.reveal()
        return self.receipt

    async def clear(self, receipt: Receipt) -> str:
        self.held = ""
        return "overwritten with a blank; terminals do not confirm"


@dataclass(frozen=True)
class InventedMerge:
    path: Path
    context: str
    backup: Path | None = None
    warnings: Sequence[str] = ()


@dataclass
class InventedKubeconfigs:
    """Remembers which entry went into which file."""

    merged: list[tuple[Path, KubeconfigEntry, bool]] = field(default_factory=list)
    error: TokentuiError | None = None

    def default_path(self) -> Path:
        return Path("/home/anna/.kube/config")

    def check(self, path: Path) -> None:
        if self.error is not None:
            raise self.error

    def merge(
        self, entry: KubeconfigEntry, path: Path, *, make_current: bool = False
    ) -> InventedMerge:
        if self.error is not None:
            raise self.error
        self.merged.append((path, entry, make_current))
        return InventedMerge(path, entry.name)

    def as_json(self, kubeconfig: Secret) -> Secret:
        # Imported here: a test of the first frame looks for what is imported before it.
        from tokentui.kubeconfigs.read import as_json

        return as_json(kubeconfig)


@dataclass
class InventedFiles:
    """Remembers what was written where."""

    written: dict[Path, str] = field(default_factory=dict)
    error: TokentuiError | None = None

    def write(self, path: Path, secret: Secret, *, overwrite: bool = False) -> Path:
        if self.error is not None:
            raise self.error
        self.written[path] = secret.reveal()
        return path

    def rescue(self, raw: Secret, name: str) -> Path:
        path = Path("/state/rescued") / name
        self.written[path] = raw.reveal()
        return path
