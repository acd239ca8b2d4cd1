"""Requests tokens for service accounts.

Sources: kubernetes/kubernetes 0411cc70 pkg/registry/core/serviceaccount/storage/token.go and
pkg/apis/authentication/validation; a kube-apiserver v1.20.2, measured.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from tokentui.domain.errors import Forbidden, NotFound, Outcome, ProviderError, Refused
from tokentui.domain.jwt import claims, end_of
from tokentui.domain.lifetime import spell
from tokentui.domain.model import EndSource, Issued
from tokentui.domain.text import clean
from tokentui.providers.kubernetes import about, wire
from tokentui.providers.kubernetes.offers import AUDIENCES, BOUND_TO, LIFETIME

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from tokentui.domain.model import Facts, FieldValue, Order
    from tokentui.domain.secret import Secret
    from tokentui.providers.http_call import Answer
    from tokentui.providers.kubernetes.api import Api
    from tokentui.providers.kubernetes.ids import AccountRef
    from tokentui.providers.kubernetes.wire import Requested

FOR_AUDIENCES = "for audiences"
"""The label of the fact that a token is for other audiences than the API server."""

_CODE = "299 - "
"""What goes before the words of a Warning (RFC 7234 section 5.5), which stand in quotes."""

_LOST = "no list shows it: if it was made it lives on unused until its end, so make another one"
_SECOND = timedelta(seconds=1)
_CLOCKS_DIFFER = timedelta(minutes=1)
_HIDDEN_YEAR_S = 3607
"""With a Pod and exactly these seconds a server makes a token that is valid for a year."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a token is to be. `bound_to` is the reference to an object; empty: none."""

    seconds: int
    audiences: tuple[str, ...]
    bound_to: Mapping[str, str]

    def spec(self) -> dict[str, object]:
        """Give the request; without audiences it is for the API server."""
        spec: dict[str, object] = {"expirationSeconds": self.seconds}
        if self.audiences:
            spec["audiences"] = list(self.audiences)
        if self.bound_to:
            spec["boundObjectRef"] = dict(self.bound_to)
        return spec


def wish_of(order: Order) -> Wish:
    """Read what was filled in. Raises `Refused`."""
    bound_to = _bound_to(order.values.get(BOUND_TO, ""))
    seconds = (order.term.duration or LIFETIME.default) // _SECOND
    if bound_to.get("kind") == "Pod" and seconds == _HIDDEN_YEAR_S:
        seconds -= 1
    return Wish(seconds, _texts(order.values.get(AUDIENCES, ())), bound_to)


class Minting:
    """Sends the one request that makes a token."""

    def __init__(self, api: Api, clock: Callable[[], datetime]) -> None:
        self._api = api
        self._clock = clock

    async def mint(self, order: Order, ref: AccountRef, wish: Wish) -> Issued:
        """Make one token; a life that the server shortens is a success. Raises `ProviderError`."""
        await self._check_account(ref)
        made_at = self._clock()
        try:
            reply = await self._api.request_token(ref.namespace, ref.name, wish.spec())
            requested = wire.requested(reply)
        except ProviderError as error:
            if error.outcome is not Outcome.REFUSED:
                error.next_step = _LOST
            raise
        ends_at, source = _end(requested, made_at + (requested.seconds or wish.seconds) * _SECOND)
        return Issued(
            kind=order.offer.kind,
            target=order.offer.target,
            secret=requested.secret,
            ends_at=ends_at,
            end_source=source,
            made_at=made_at,
            facts=_facts(wish, reply.answer),
            notes=_notes(wish, requested, ref),
        )

    async def _check_account(self, ref: AccountRef) -> None:
        """Make nothing for an account that only has the name. Raises `ProviderError`.

        A TokenRequest goes by the name alone (Kubernetes v1.20.2, measured). Who may not look at
        accounts sees it by the token.
        """
        with suppress(Forbidden):
            row = wire.found(await self._api.account(ref.namespace, ref.name))
            if row.uid != ref.uid:
                raise NotFound(
                    f"the service account {ref.namespace}/{ref.name} was deleted and made anew "
                    "since it was listed; no token was asked for",
                    "refresh the list, then make one for the new account if you want that",
                )


def _end(requested: Requested, computed: datetime) -> tuple[datetime, EndSource]:
    """Believe the server before the token, and the token before our own sum."""
    told = end_of(requested.secret.reveal())
    if told is not None and requested.ends_at in (None, told):
        return told, EndSource.CREDENTIAL
    if requested.ends_at is not None:
        return requested.ends_at, EndSource.ANSWER
    return computed, EndSource.COMPUTED


def _notes(wish: Wish, requested: Requested, ref: AccountRef) -> tuple[str, ...]:
    """Say what the server made otherwise; its seconds are exact, whatever the clocks say."""
    notes: list[str] = []
    if 0 < requested.seconds < wish.seconds:
        asked, granted = (spell(n * _SECOND, 5) for n in (wish.seconds, requested.seconds))
        notes.append(f"its life was shortened: asked for {asked}, granted {granted}")
    uid = requested.account_uid or account_uid(requested.secret)
    if uid not in ("", ref.uid):
        notes.append(
            f"it is for a new account of this name: {ref.namespace}/{ref.name} was deleted and "
            f"made anew, and has the uid {uid} now"
        )
    return tuple(notes)


def account_uid(token: Secret) -> str:
    """Read whose a token is, empty if it does not say; v1.20.2 says it nowhere else (measured)."""
    about = (claims(token.reveal()) or {}).get("kubernetes.io")
    return wire.uid_in(about.get("serviceaccount")) if isinstance(about, dict) else ""


def _facts(wish: Wish, answer: Answer) -> Facts:
    facts: list[tuple[str, str]] = []
    if warning := answer.headers.get("warning", ""):
        facts.append(("server warns", clean(warning.removeprefix(_CODE).strip('"'), 200)))
    if wish.audiences:
        facts.append((FOR_AUDIENCES, clean(", ".join(wish.audiences), 300)))
    if wish.bound_to:
        kind, name = wish.bound_to["kind"], wish.bound_to["name"]
        facts.append(("bound to", f"{kind} {clean(name, 253)}"))
    if answer.clock_off is not None and abs(answer.clock_off) > _CLOCKS_DIFFER:
        side = "ahead of" if answer.clock_off > timedelta() else "behind"
        differs = spell(abs(answer.clock_off))
        facts.append(("clocks", f"the server's, which counts, is {differs} {side} ours"))
    return tuple(facts)


def _bound_to(value: FieldValue) -> Mapping[str, str]:
    if not isinstance(value, str) or not value.strip():
        return {}
    kind, _, name = value.strip().partition("/")
    if kind.lower() not in about.BINDABLE or not name:
        raise Refused(
            f"a token cannot be bound to {clean(value, 80)!r}", "write it like Secret/name"
        )
    return {"apiVersion": "v1", "kind": kind.capitalize(), "name": name}


def _texts(value: FieldValue) -> tuple[str, ...]:
    given = (value,) if isinstance(value, str) else value
    if isinstance(given, bool):
        return ()
    return tuple(dict.fromkeys(filter(None, (one.strip() for one in given))))
