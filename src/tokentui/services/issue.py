"""Make one credential: plan, mint exactly once, record."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
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
from tokentui.domain.lifetime import (
    DateChosen,
    Lifetime,
    Span,
    capped,
    parse,
    preferring,
    resolve,
    spell_long,
    typed,
    zone_of,
)
from tokentui.domain.model import FieldValue, Issued, Offer, Order, Verification

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from tokentui.domain.lifetime import LifetimePolicy, Term
    from tokentui.domain.model import KindKey, Target
    from tokentui.domain.profile import Guard, Profile
    from tokentui.services.ports import Clock, Connections, Fingerprints, Ledger


ANY_LIFETIME = DateChosen(
    default=None, minimum=timedelta(), maximum=None, whole_days_in=None, may_never_end=True
)


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
    """A credential in our hands and its entry; `warnings` say what could not be recorded."""

    issued: Issued
    number: EntryNumber
    purpose: str = ""
    warnings: tuple[str, ...] = ()


class Issuing:
    """The use-case behind every Generate.

    `zone` is the user's time zone: it gives a meaning to dates and calendar months.
    """

    def __init__(
        self,
        connections: Connections,
        ledger: Ledger,
        fingerprints: Fingerprints,
        clock: Clock,
        zone: tzinfo,
    ) -> None:
        self._connections = connections
        self._ledger = ledger
        self._fingerprints = fingerprints
        self._clock = clock
        self._zone = zone

    async def offers(self, target: Target) -> tuple[Offer, ...]:
        """Give what can be made for a target, within the profile's own rules."""
        profile = self._profile(target)
        offers = await self._connections.provider(profile.name).offers(target)
        return tuple(_within(profile.guard, offer) for offer in offers)

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
        order = self._order(request)
        provider = self._connections.provider(request.offer.target.profile)
        number = self._ledger.plan(self._plan(request, order), self._clock())
        try:
            issued = await provider.issue(order)
        except ProviderError as error:
            self._record_failure(number, error)
            raise
        except BaseException:
            with suppress(StorageError):
                self._ledger.unknown(number, "stopped before the answer came", self._clock())
            raise
        return self._record(number, request, issued)

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

    def _order(self, request: Request) -> Order:
        offer = request.offer
        guard = self._profile(offer.target).guard
        _keep_to(guard, offer)
        if offer.impossible:
            raise Refused(offer.impossible)
        if guard.purpose_required and not request.purpose.strip():
            raise GuardRail(
                f"profile {offer.target.profile} wants a purpose for everything that is made",
                "say what it is for (--purpose on the command line)",
            )
        _check_fields(offer, request.values)
        return Order(offer, self._resolved(request.lifetime, offer), request.values)

    def _resolved(self, lifetime: Lifetime, offer: Offer) -> Term:
        """Say when it would end; raises `GuardRail` before `UsageError` if both forbid it."""
        guard = self._profile(offer.target).guard
        now = self._clock()
        longest = guard.max_lifetime
        if longest is not None:
            asked = resolve(lifetime, ANY_LIFETIME, now, self._zone).duration
            if asked is None or asked > longest:
                raise GuardRail(
                    f"profile {offer.target.profile} allows at most {spell_long(longest)} "
                    "(guard.max_lifetime)",
                    f"ask for {typed(Span(longest))} or less",
                )
        return resolve(lifetime, _keep_to(guard, offer), now, self._zone)

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

    def _record(self, number: EntryNumber, request: Request, issued: Issued) -> Result:
        """Write the outcome down; a full disk must not cost the secret that was just made."""
        outlook = Outlook(
            ends_at=issued.ends_at,
            end_source=issued.end_source,
            remote_id=issued.remote_id,
            fingerprint=self._fingerprints(issued.secret),
        )
        try:
            self._ledger.issued(number, outlook, self._clock())
        except StorageError as error:
            warning = f"not recorded in the ledger, hand it over now: {error.sentence}"
            return Result(issued, number, request.purpose, (warning,))
        return Result(issued, number, request.purpose)


def _within(guard: Guard, offer: Offer) -> Offer:
    try:
        return replace(offer, lifetime=_keep_to(guard, offer))
    except GuardRail as rule:
        return replace(offer, impossible=rule.sentence)


def _keep_to(guard: Guard, offer: Offer) -> LifetimePolicy:
    """Give the lifetimes that the profile allows; raises `GuardRail` where it allows none."""
    if guard.read_only:
        raise GuardRail(f"profile {offer.target.profile} is read only (guard.read_only)")
    return preferring(capped(offer.lifetime, guard.max_lifetime), guard.default_lifetime)


def _check_fields(offer: Offer, values: Mapping[str, FieldValue]) -> None:
    known = {item.key for item in offer.fields}
    for key in values:
        if key not in known:
            listed = ", ".join(sorted(known)) or "none"
            raise UsageError(
                f"{offer.kind.noun} has no field {key!r}", f"fields that can be set: {listed}"
            )
    for item in offer.fields:
        if item.required and not values.get(item.key, item.default):
            raise UsageError(f"{offer.kind.noun} needs {item.label}", f"set the field {item.key!r}")
