"""Everything that is done with a credential after it was made, each verb once and recorded."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tokentui.domain.errors import NotFound, Refused, StorageError, UsageError
from tokentui.domain.ledger import EventType
from tokentui.domain.lifetime import parse, zone_of
from tokentui.domain.model import EndSource, Form, Issued
from tokentui.providers.base import MovesEnds, Regenerates, Renames, Revokes, Switches
from tokentui.services.gone import surely_gone
from tokentui.services.judging import Step
from tokentui.services.limits import require_purpose, term_within, within
from tokentui.services.listing import credential_key
from tokentui.services.outcomes import is_lost
from tokentui.services.own import old_secret, own_place, with_own_kept
from tokentui.services.recording import Recording
from tokentui.services.verb_records import checked_name, deed_of, plan_anew
from tokentui.services.verbs import Verb, done, ends_sooner, title

if TYPE_CHECKING:
    from datetime import tzinfo

    from tokentui.domain.lifetime import LifetimePolicy, Term
    from tokentui.domain.model import Credential, Kind, Target, Verification
    from tokentui.domain.profile import Profile
    from tokentui.domain.secret import Secret
    from tokentui.providers.base import Provider
    from tokentui.services.held import Held
    from tokentui.services.issue import Issuing, Result
    from tokentui.services.pasted import Pasting
    from tokentui.services.ports import Clock, Connections, Fingerprints, Ledger

__all__ = ["Managing", "Step", "Tried", "Verb"]


@dataclass(frozen=True, slots=True)
class Tried:
    """What trying a secret showed.

    `is_ours`: it is the one that the ledger knows; None: nobody can tell.
    """

    verification: Verification
    is_ours: bool | None


class Managing(Recording):
    """The use-cases behind the verbs.

    Each raises `GuardRail`, `Refused` or `UsageError` before anything is sent, a `ProviderError`
    if it was not done or nobody knows, and `StorageError` if it was done and not recorded.
    """

    def __init__(
        self,
        connections: Connections,
        ledger: Ledger,
        issuing: Issuing,
        pasting: Pasting,
        fingerprints: Fingerprints,
        clock: Clock,
        zone: tzinfo,
    ) -> None:
        super().__init__(connections, ledger, clock)
        self._issuing = issuing
        self._pasting = pasting
        self._fingerprints = fingerprints
        self._zone = zone

    async def end(self, held: Held, typed: str = "") -> str:
        """End it in its provider's way and say how: "revoked", or that it was gone already.

        What the server does not know has ended only if it is not listed either.
        """
        provider, _, credential = self._ready(held, Verb.END, typed)
        if not isinstance(provider, Revokes):
            raise _unable(held, Verb.END)
        how = done(self._kind(held), Verb.END)
        try:
            await self._send(held, Verb.END, provider.revoke(credential))
        except NotFound as error:
            how = await self._gone(held, provider, credential, error)
        self._record_end(held, Verb.END, how)
        return how

    async def rename(self, held: Held, name: str) -> None:
        """Give it another name."""
        provider, _, credential = self._ready(held, Verb.RENAME)
        if not isinstance(provider, Renames):
            raise _unable(held, Verb.RENAME)
        name = checked_name(held, name)
        await self._send(held, Verb.RENAME, provider.rename(credential, name))
        self._record(
            held,
            Verb.RENAME,
            deed_of(held, EventType.RENAMED, name),
            lambda number, at: self._ledger.renamed(number, name, at),
        )

    async def switch(self, held: Held, *, active: bool, typed: str = "") -> None:
        """Switch it off, or on again."""
        verb = Verb.SWITCH_ON if active else Verb.SWITCH_OFF
        provider, _, credential = self._ready(held, verb, typed)
        if not isinstance(provider, Switches):
            raise _unable(held, verb)
        await self._send(held, verb, provider.set_active(credential, active))
        self._record(
            held,
            verb,
            deed_of(held, EventType.SWITCHED_ON if active else EventType.SWITCHED_OFF),
            lambda number, at: self._ledger.switched(number, active=active, at=at),
        )

    def new_ends(self, held: Held) -> LifetimePolicy:
        """Say which ends it can be given, within the profile's own rules."""
        provider, profile, credential = self._ready(held, Verb.MOVE_END)
        if not isinstance(provider, MovesEnds):
            raise _unable(held, Verb.MOVE_END)
        return within(profile, provider.new_ends(credential))

    def new_end(self, held: Held, asked: str) -> Term:
        """Say what a lifetime in the user's words, counted from now, would mean for it."""
        provider, profile, credential = self._ready(held, Verb.MOVE_END)
        if not isinstance(provider, MovesEnds):
            raise _unable(held, Verb.MOVE_END)
        policy = provider.new_ends(credential)
        lifetime = parse(asked, zone_of(policy, self._zone))
        return term_within(profile, lifetime, policy, self._clock(), self._zone)

    async def move_end(self, held: Held, asked: str, typed: str = "") -> Term:
        """Give it the end that `new_end` says; an earlier one is guarded like switching it off."""
        term = self.new_end(held, asked)
        sooner = ends_sooner(held, term.ends_at)
        provider, _, credential = self._ready(held, Verb.MOVE_END, typed, sooner=sooner)
        if not isinstance(provider, MovesEnds):
            raise _unable(held, Verb.MOVE_END)
        await self._send(held, Verb.MOVE_END, provider.move_end(credential, term))
        end = "never ends" if term.ends_at is None else f"ends {term.ends_at:%Y-%m-%d %H:%M:%S} UTC"
        self._record(
            held,
            Verb.MOVE_END,
            deed_of(held, EventType.END_MOVED, end),
            lambda number, at: self._ledger.end_moved(number, term.ends_at, at),
        )
        return term

    async def regenerate(self, held: Held, purpose: str = "", typed: str = "") -> Result:
        """Make a new secret in its place; the old one dies at once.

        Without a purpose it keeps the old one's. What cannot be recorded after the secret came
        is among the result's warnings. Where the profile signs in with it, the new secret takes
        the old one's place before anything else is done.
        """
        provider, profile, credential = self._ready(held, Verb.REGENERATE, typed)
        place = own_place(self._connections, held, Verb.REGENERATE)
        kind = self._kind(held)
        if kind is None or not isinstance(provider, Regenerates):
            raise _unable(held, Verb.REGENERATE)
        plan = plan_anew(held, kind, purpose.strip() or held.purpose)
        require_purpose(profile, plan.purpose)
        old = (
            await old_secret(place, provider, self.known_target(held), credential)
            if place
            else None
        )
        try:
            result = await self._issuing.mint(plan, lambda: provider.regenerate(credential))
        except BaseException as error:
            if is_lost(error):
                self._note_doubt(held)
            raise
        if old is not None:
            result = self._noted(await with_own_kept(result, old))
        try:
            self._record_end(held, Verb.REGENERATE, f"replaced by #{result.number}")
        except StorageError as error:
            return replace(result, warnings=(*result.warnings, error.sentence))
        return result

    async def verify(self, held: Held, pasted: Secret) -> Tried:
        """Try a secret once that the user gives; recorded if it is the one in the ledger.

        Raises `DeliveryError` for what cannot be a secret of its kind.
        """
        self._allow(held, Verb.VERIFY)
        kind = self._kind(held)
        if kind is None:
            raise _unable(held, Verb.VERIFY)
        secret = await self._pasting.secret(kind, pasted, held.name)
        issued = Issued(
            kind=kind,
            target=self._target(held),
            secret=secret,
            ends_at=held.ends_at,
            end_source=EndSource.ANSWER,
            made_at=held.begun or self._clock(),
            remote_id=_remote_id(held),
            name=held.name,
        )
        verification = await self._connections.provider(held.profile).verify(issued)
        is_ours = self._is_ours(held, kind, secret)
        if held.entry and is_ours and verification.ok is not None:
            with suppress(StorageError):  # the answer is worth more than its record
                self._ledger.verified(
                    held.entry.number,
                    ok=verification.ok,
                    detail=verification.sentence,
                    at=self._clock(),
                )
        return Tried(verification, is_ours)

    def known_target(self, held: Held) -> Target | None:
        """Find what it was made for among what was listed last."""
        for known in self._ledger.last_known():
            targets: tuple[Target, ...] = (*known.instances, *known.accounts)
            for target in targets if known.profile == held.profile else ():
                if target.id == held.target_id:
                    return target
        return None

    def _noted(self, result: Result) -> Result:
        """Write down that the profile's own sign-in has the new secret."""
        if not result.kept_in:
            return result
        try:
            self._ledger.delivered(result.number, result.kept_in, self._clock())
        except StorageError as error:
            return replace(result, warnings=(*result.warnings, error.sentence))
        return result

    def _is_ours(self, held: Held, kind: Kind, secret: Secret) -> bool | None:
        """Compare it with the ledger's; a kubeconfig is written anew when it is handed over."""
        if held.entry is None or not held.entry.fingerprint:
            return None
        if self._fingerprints(secret) == held.entry.fingerprint:
            return True
        return None if kind.form is Form.KUBECONFIG else False

    def _ready(
        self, held: Held, verb: Verb, typed: str = "", *, sooner: bool = False
    ) -> tuple[Provider, Profile, Credential]:
        """Give what a verb acts on; raises the error of whatever stands in the way."""
        self._allow(held, verb, typed, sooner=sooner)
        profile = self._profile(held)
        if profile is None or held.credential is None:
            raise _unable(held, verb)
        return self._connections.provider(held.profile), profile, held.credential

    def _target(self, held: Held) -> Target:
        target = self.known_target(held)
        if target is not None:
            return target
        raise UsageError(
            f"{title(held)} cannot be tried: {held.target_noun} {held.target_name} of profile "
            f"{held.profile} was not listed yet",
            "list it first",
        )

    async def _gone(
        self, held: Held, provider: Provider, credential: Credential, error: NotFound
    ) -> str:
        """Say that it was gone; raises `NotFound` if it is listed or nobody can tell."""
        target = self.known_target(held)
        if target is None:
            raise error
        key = credential_key(credential)
        pages = provider.credentials(target)
        return await surely_gone(error, pages, lambda one: credential_key(one) == key, held.kind)


def _remote_id(held: Held) -> str:
    """Give its id at the system, also of what is not listed any more; empty: not known."""
    if held.credential is not None:
        return held.credential.id
    return held.entry.remote_id if held.entry else ""


def _unable(held: Held, verb: Verb) -> Refused:
    """A kind promises an ability that its adapter has not."""
    return Refused(f"the provider of {title(held)} has no way to {verb}", "update its plug-in")
