"""A provider in memory, as it should be; tests break it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta

from tokentui.domain.about import About, SignInMethod
from tokentui.domain.errors import OutcomeUnknown, Refused
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
    Order,
    Page,
    ProfileName,
    ProviderKey,
    Target,
    Verification,
)
from tokentui.domain.recipe import Part, Recipe, Slot, Syntax
from tokentui.domain.secret import Secret
from tokentui.providers.base import Connection, Provider

KEY = ProviderKey("fake")
CANNOT: Mapping[Ability, str] = {
    a: "it cannot" for a in Ability if a not in (Ability.VERIFY, Ability.TWO_AT_ONCE)
}
TOKEN = Kind(KindKey("token"), "Token", "token", Form.TOKEN, frozenset({Ability.VERIFY}), CANNOT)
ABOUT = About(
    KEY,
    "Fake",
    "thing",
    (),
    (SignInMethod("env", "a variable", ()),),
    (TOKEN,),
    no_accounts="its tokens belong to nobody",
)
LIFETIME = Chosen(timedelta(minutes=1), timedelta(days=1), timedelta(minutes=10))


class FakeWorld:
    """A system in memory."""

    def __init__(self) -> None:
        self.requests = 0
        self.secrets: list[str] = []
        self.next_mint = ""
        self.lists_held = False
        self.waiting = 0

    def mint_requests(self) -> int:
        return self.requests

    def mints(self) -> int:
        return len(self.secrets)

    def cut_next_mint(self) -> None:
        self.next_mint = "cut"

    def refuse_next_mint(self) -> None:
        self.next_mint = "refuse"

    def change_requests(self) -> int:
        return 0

    def cut_next_change(self) -> None:
        raise NotImplementedError("nothing of the fake can be changed")

    def hold_lists(self) -> None:
        self.lists_held = True

    def held(self) -> int:
        return self.waiting

    async def answer_list(self) -> None:
        if self.lists_held:
            self.waiting += 1
            await asyncio.Event().wait()

    def mint(self) -> Secret:
        self.requests += 1
        what, self.next_mint = self.next_mint, ""
        if what == "refuse":
            raise Refused("the fake says no", "ask again")
        self.secrets.append(f"secret-number-{len(self.secrets):06d}-of-the-fake")
        if what == "cut":
            raise OutcomeUnknown("the answer was lost", "look first")
        return Secret(self.secrets[-1])


def thing(number: int, state: InstanceState = InstanceState.ACTIVE) -> Instance:
    key = InstanceId(f"thing-{number}")
    return Instance(ProfileName("p"), KEY, key, key, f"thing {number}", "thing", state, state)


class Right:
    """A provider as it should be."""

    def __init__(self, world: FakeWorld) -> None:
        self.world = world

    async def identity(self) -> Identity:
        return Identity("me")

    async def instances(self) -> AsyncIterator[Page[Instance]]:
        await self.world.answer_list()
        yield Page((thing(1), thing(2)))
        yield Page((thing(3, InstanceState.BUSY),))

    async def accounts(self) -> AsyncIterator[Page[Account]]:
        yield Page()

    async def credentials(self, of: Target) -> AsyncIterator[Page[Credential]]:
        yield Page()

    async def offers(self, of: Target) -> tuple[Offer, ...]:
        busy = isinstance(of, Instance) and of.state is InstanceState.BUSY
        return (Offer(TOKEN, of, LIFETIME, impossible="it is busy" if busy else ""),)

    async def issue(self, order: Order) -> Issued:
        if order.offer.impossible:
            raise Refused("it is busy", "wait")
        now = datetime.now(UTC)
        secret = self.world.mint()
        assert order.term.duration is not None
        end = now + order.term.duration
        return Issued(TOKEN, order.offer.target, secret, end, EndSource.COMPUTED, now)

    async def verify(self, issued: Issued) -> Verification:
        good = issued.secret.reveal() in self.world.secrets
        return Verification(good, "it is accepted" if good else "it is refused")

    async def recipes(self, kind: Kind, of: Target) -> tuple[Recipe, ...]:
        header = ("Authorization: ", Slot(Part.SECRET))
        return (Recipe("header", "A header", Syntax.TEXT, header),)

    async def aclose(self) -> None:
        return None


class Plugin:
    def __init__(self, about: About = ABOUT) -> None:
        self.about = about

    def connect(self, connection: Connection) -> Provider:
        raise NotImplementedError
