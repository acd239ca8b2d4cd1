"""Make one credential: plan, mint exactly once, record."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tokentui.domain.errors import (
    GuardRail,
    Outcome,
    ProviderError,
    Refused,
    StorageError,
    UsageError,
)
from tokentui.domain.ledger import EntryNumber, Outlook, Plan
from tokentui.domain.lifetime import parse, zone_of
from tokentui.domain.model import FieldValue, Issued, Offer, Order, Verification
from tokentui.services.fields import filled_in
from tokentui.services.limits import require_purpose, term_within, within

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import tzinfo

    from tokentui.domain.lifetime import Lifetime, Term
    from tokentui.domain.model import KindKey, Target
    from tokentui.domain.profile import Profile
    from tokentui.services.ports import Clock, Connections, Documents, Fingerprints, Ledger


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asks for. `asked` is the lifetime in their words, `lifetime` its meaning."""

    offer: Offer
    lifetime: Lifetime
    asked: str
    purpose: str = ""
    values: Mapping[str, FieldValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """A credential in our hands and its entry.

    `warnings` say what could not be recorded or kept, `notes` what was done with it beside.
    `kept_in` is where a profile's sign-in has it already; empty: nowhere.
    """

    issued: Issued
    number: EntryNumber
    purpose: str = ""
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    kept_in: str = ""


class Issuing:
    """The use-case behind every Generate.

    `zone` is the user's time zone: it gives a meaning to dates and calendar months.
    """

    def __init__(
        self,
        connections: Connections,
        ledger: Ledger,
        fingerprints: Fingerprints,
        documents: Documents,
        clock: Clock,
        zone: tzinfo,
    ) -> None:
        self._connections = connections
        self._ledger = ledger
        self._fingerprints = fingerprints
        self._documents = documents
        self._clock = clock
        self._zone = zone

    async def offers(self, target: Target) -> tuple[Offer, ...]:
        """Give what can be made for a target, within the profile's own rules."""
        profile = self._profile(target)
        offers = await self._connections.provider(profile.name).offers(target)
        return tuple(_within(profile, offer) for offer in offers)

    async def offer(self, target: Target, kind: KindKey) -> Offer:
        """Give the offer of one kind; raises `UsageError` where there is none."""
        offers = await self.offers(target)
        for offer in offers:
            if offer.kind.key == kind:
                return offer
        known = ", ".join(offer.kind.key for offer in offers) or "nothing"
        raise UsageError(
            f"{kind!r} cannot be made for {target.noun} {target.name}", f"choose one of: {known}"
        )

    def term(self, offer: Offer, text: str) -> tuple[Lifetime, Term]:
        """Read a lifetime in the user's words and say when it would end from now.

        Raises `UsageError` naming the limit that it breaks.
        """
        lifetime = parse(text, zone_of(offer.lifetime, self._zone))
        return lifetime, self._resolved(lifetime, offer)

    async def issue(self, request: Request) -> Result:
        """Send one request that makes a credential and record what became of it.

        Raises `GuardRail` or `UsageError` before anything is sent, a `ProviderError` after.
        """
        order = await self._order(request)
        provider = self._connections.provider(request.offer.target.profile)
        return await self.mint(self._plan(request, order), lambda: provider.issue(order))

    async def mint(self, plan: Plan, send: Callable[[], Awaitable[Issued]]) -> Result:
        """Write the plan down, call `send` once, and record what became of it.

        Raises the `ProviderError` of `send`, and `StorageError` before it is called.
        """
        number = self._ledger.plan(plan, self._clock())
        try:
            issued = await send()
        except ProviderError as error:
            self._record_failure(number, error)
            raise
        except BaseException as stop:
            told = ("stopped before the answer came", *getattr(stop, "__notes__", ()))
            with suppress(StorageError):
                self._ledger.unknown(number, "; ".join(told), self._clock())
            raise
        return self._record(number, plan, issued)

    async def verify(self, result: Result) -> Verification:
        """Try the new secret once and record what that showed."""
        provider = self._connections.provider(result.issued.target.profile)
        verification = await provider.verify(result.issued)
        if verification.ok is not None:
            with suppress(StorageError):  # the answer is worth more than its record
                self._ledger.verified(
                    result.number,
                    ok=verification.ok,
                    detail=verification.sentence,
                    at=self._clock(),
                )
        return verification

    def _profile(self, target: Target) -> Profile:
        return next(p for p in self._connections.profiles() if p.name == target.profile)

    async def _order(self, request: Request) -> Order:
        offer = request.offer
        profile = self._profile(offer.target)
        within(profile, offer.lifetime)
        if offer.impossible:
            raise Refused(offer.impossible)
        require_purpose(profile, request.purpose)
        values = await filled_in(offer.kind.noun, offer.fields, request.values, self._documents)
        return Order(offer, self._resolved(request.lifetime, offer), values)

    def _resolved(self, lifetime: Lifetime, offer: Offer) -> Term:
        profile = self._profile(offer.target)
        return term_within(profile, lifetime, offer.lifetime, self._clock(), self._zone)

    def _plan(self, request: Request, order: Order) -> Plan:
        target, kind = request.offer.target, request.offer.kind
        return Plan(
            profile=target.profile,
            provider=target.provider,
            kind=kind.key,
            noun=kind.noun,
            form=kind.form,
            target_id=target.id,
            target_name=target.name,
            scope=target.scope,
            asked=request.asked,
            latest_end=order.term.ends_at,
            purpose=request.purpose.strip(),
            name=_name(order.values),
            roles=_roles(order.values),
        )

    def _record_failure(self, number: EntryNumber, error: ProviderError) -> None:
        """Write down what became of it; a full disk must not hide the error itself.

        The entry then stays planned, and counts as unknown once this process has ended.
        """
        with suppress(StorageError):
            if error.outcome is Outcome.REFUSED:
                self._ledger.refused(number, error.message, self._clock())
            else:
                self._ledger.unknown(number, error.message, self._clock())

    def _record(self, number: EntryNumber, plan: Plan, issued: Issued) -> Result:
        """Write the outcome down; a full disk must not cost the secret that was just made."""
        outlook = Outlook(
            ends_at=issued.ends_at,
            end_source=issued.end_source,
            remote_id=issued.remote_id,
            fingerprint=self._fingerprints(issued.secret),
            name=issued.name,
        )
        try:
            self._ledger.issued(number, outlook, self._clock())
        except StorageError as error:
            warning = f"not recorded in the ledger, hand it over now: {error.sentence}"
            return Result(issued, number, plan.purpose, (warning,), issued.notes)
        return Result(issued, number, plan.purpose, notes=issued.notes)


def _name(values: Mapping[str, FieldValue]) -> str:
    """Give the name that was asked for; empty where none was."""
    name = values.get("name", "")
    return name.strip() if isinstance(name, str) else ""


def _roles(values: Mapping[str, FieldValue]) -> tuple[str, ...]:
    """Give the roles that were asked for, of a kind that takes several or one."""
    asked = values.get("roles") or values.get("role") or ()
    several = (asked,) if isinstance(asked, str) else asked
    return several if isinstance(several, tuple) else ()


def _within(profile: Profile, offer: Offer) -> Offer:
    try:
        return replace(offer, lifetime=within(profile, offer.lifetime))
    except GuardRail as rule:
        return replace(offer, impossible=rule.sentence)
