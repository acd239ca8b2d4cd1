"""What stands in the generate dialog: choices, their meaning, and what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.domain.errors import UsageError
from tokentui.domain.lifetime import (
    Chosen,
    DateChosen,
    Endless,
    Preset,
    default_lifetime,
    parse,
    presets,
    resolve,
    spell_lifetime,
    typed,
    zone_of,
)
from tokentui.domain.model import Form
from tokentui.services.issue import Request
from tokentui.ui import offer_values
from tokentui.ui.generated import After, Wanted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from tokentui.domain.lifetime import Lifetime, LifetimePolicy, Term
    from tokentui.domain.model import FieldValue, KindKey, Offer, OfferField
    from tokentui.domain.profile import Guard

COPY, MERGE, CURRENT, SAVE, VERIFY = "copy", "merge", "current", "save", "verify"

_AFTER = {
    Form.TOKEN: {COPY: "copy", VERIFY: "verify"},
    Form.KUBECONFIG: {
        MERGE: "merge into kubeconfig",
        CURRENT: "make current",
        COPY: "copy",
        VERIFY: "verify",
    },
    Form.KEY_FILE: {SAVE: "save to a file", COPY: "copy", VERIFY: "verify"},
    Form.PASSWORD: {COPY: "copy the password", VERIFY: "verify"},
}
_USUAL = {
    Form.TOKEN: frozenset({COPY, VERIFY}),
    Form.KUBECONFIG: frozenset({MERGE, VERIFY}),
    Form.KEY_FILE: frozenset({SAVE, VERIFY}),
    Form.PASSWORD: frozenset({COPY, VERIFY}),
}


def usually_after(form: Form) -> After:
    """Give what happens to a credential where nobody is asked."""
    return _after(_USUAL[form])


class GenerateForm:
    """The choices of one dialog.

    `step` is the place of the chosen expiration among the presets, the number after them is the
    custom one with `custom` as its text. `asked` is a lifetime in the user's words to begin with.
    """

    def __init__(
        self,
        offers: Sequence[Offer],
        guard: Guard,
        zone: tzinfo,
        kind: KindKey | None = None,
        asked: str = "",
    ) -> None:
        self.offers = offers
        self.guard = guard
        self.zone = zone
        self.purpose = ""
        self.custom = ""
        self.fields: Sequence[OfferField] = ()
        self.values: dict[str, FieldValue] = {}
        self._take(self._first(kind))
        self._begin_with(asked)

    @property
    def presets(self) -> tuple[Preset, ...]:
        """The steps of the chosen offer."""
        return _steps(self.offer.lifetime)

    @property
    def takes_custom(self) -> bool:
        """Whether another expiration than the presets can be typed."""
        return isinstance(self.offer.lifetime, Chosen | DateChosen)

    @property
    def is_custom(self) -> bool:
        """Whether the typed expiration counts."""
        return self.step == len(self.presets)

    @property
    def after_labels(self) -> dict[str, str]:
        """What can happen to the credential afterwards, with the words for it."""
        return _AFTER[self.offer.kind.form]

    def choose_offer(self, place: int) -> str:
        """Choose an offer; gives the reason if it cannot be chosen.

        What was filled in stays where the new one asks for the same.
        """
        offer = self.offers[place]
        if offer.impossible:
            return offer.impossible
        if offer is not self.offer:
            before = "" if self.is_custom else self.asked()
            custom = self.custom if self.is_custom else ""
            self._take(offer)
            is_step = before in {typed(step.lifetime) for step in self.presets}
            self._begin_with(before if is_step else custom)
        return ""

    def choose_step(self, step: int) -> bool:
        """Choose an expiration by its place; False if there is none there."""
        known = 0 <= step < len(self.presets) + self.takes_custom
        if known:
            self.step = step
        return known

    def switch_after(self, key: str) -> None:
        """Turn something on or off; only what is merged can be made current."""
        self.after ^= {key}
        if key == CURRENT and CURRENT in self.after:
            self.after |= {MERGE}
        elif key == MERGE and MERGE not in self.after:
            self.after -= {CURRENT}

    def asked(self) -> str:
        """Give the expiration as text."""
        return self.custom.strip() if self.is_custom else typed(self.presets[self.step].lifetime)

    def lifetime(self) -> Lifetime:
        """Give the chosen lifetime; raises `UsageError` for a text that means none."""
        if not self.is_custom:
            return self.presets[self.step].lifetime
        return parse(self.custom, zone_of(self.offer.lifetime, self.zone))

    def term(self, now: datetime) -> Term:
        """Say when it would end; raises `UsageError` naming the limit that is broken."""
        return resolve(self.lifetime(), self.offer.lifetime, now, self.zone)

    def problem(self, now: datetime) -> str:
        """Say why nothing can be made as it stands; empty: it can."""
        if self.offer.impossible:
            return self.offer.impossible
        try:
            self.term(now)
        except UsageError as error:
            return error.sentence
        if self.guard.purpose_required and not self.purpose.strip():
            return f"profile {self.offer.target.profile} wants a purpose for everything it makes"
        return offer_values.problem(self.offer.kind.noun, self.fields, self.values)

    def misfit(self) -> str:
        """Say what is wrong with what is in the fields so far."""
        return offer_values.misfit(self.offer.kind.noun, self.fields, self.values)

    def wanted(self) -> Wanted:
        """Give what was decided; the form has no problem."""
        request = Request(
            self.offer, self.lifetime(), self.asked(), self.purpose.strip(), dict(self.values)
        )
        return Wanted(request, _after(self.after))

    def _first(self, kind: KindKey | None) -> Offer:
        possible = [offer for offer in self.offers if not offer.impossible]
        wished = [offer for offer in self.offers if offer.kind.key == kind]
        return (*wished, *possible, *self.offers)[0]

    def _take(self, offer: Offer) -> None:
        self.offer = offer
        self.step = 0
        self.after: frozenset[str] = _USUAL[offer.kind.form]
        before, self.fields = self.fields, offer_values.in_order(offer.fields)
        self.values = offer_values.carried_over(self.fields, before, self.values)

    def _begin_with(self, asked: str) -> None:
        """Choose the lifetime in these words, else the profile's or the provider's default."""
        for text in (asked, self._profile_default(), typed(default_lifetime(self.offer.lifetime))):
            if text and self._choose_text(text):
                return

    def _profile_default(self) -> str:
        span = self.guard.default_lifetime
        return "" if span is None else f"{int(span.total_seconds())}s"

    def _choose_text(self, text: str) -> bool:
        try:
            lifetime = parse(text, zone_of(self.offer.lifetime, self.zone))
        except UsageError:
            return False
        known = [preset.lifetime for preset in self.presets]
        if lifetime in known:
            self.step = known.index(lifetime)
        elif self.takes_custom:
            self.step = len(known)
            self.custom = text
        else:
            return False
        return True


def _steps(policy: LifetimePolicy) -> tuple[Preset, ...]:
    steps = presets(policy)
    endless = Endless()
    can_never_end = isinstance(policy, DateChosen) and policy.may_never_end
    if not can_never_end or any(step.lifetime == endless for step in steps):
        return steps
    return (*steps, Preset(spell_lifetime(endless), endless))


def _after(chosen: frozenset[str]) -> After:
    return After(
        copy=COPY in chosen,
        merge=MERGE in chosen,
        make_current=CURRENT in chosen,
        verify=VERIFY in chosen,
        save=SAVE in chosen,
    )
