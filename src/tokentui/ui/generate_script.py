"""The command that does the same as a filled-in generate dialog."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from tokentui.domain.model import Form, Instance
from tokentui.ui import offer_values, result_words
from tokentui.ui.generate_form import COPY, CURRENT, MERGE, SAVE, VERIFY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokentui.domain.model import FieldValue, Offer, OfferField, Target
    from tokentui.ui.generate_form import GenerateForm
    from tokentui.ui.session import Session

ROLES = "roles"
_LIST_SIGN = ","


def neighbours(session: Session, target: Target) -> tuple[Target, ...]:
    """Give what a command could mean in the target's profile."""
    listing = session.listings.get(target.profile)
    return () if listing is None else (*listing.instances, *listing.accounts)


def script(form: GenerateForm, others: Sequence[Target], *, several_profiles: bool) -> str:
    """Write the command; empty where the command line cannot say it.

    `others` are what it could mean in the same profile, and must not.
    """
    fields, ways = _fields(form), _ways(form)
    address = _address(form.offer.target, others)
    if fields is None or ways is None or not address:
        return ""
    target = form.offer.target
    words = [*_verb(form), "--instance" if isinstance(target, Instance) else "--account", address]
    if several_profiles:
        words += ["-p", target.profile]
    words += fields
    if form.takes_custom:
        words += ["-e", form.asked()]
    if form.purpose.strip():
        words += _flag("--purpose", form.purpose.strip())
    return shlex.join(["tokentui", *words, *ways])


def _verb(form: GenerateForm) -> list[str]:
    """Name the kind, unless it is what the command makes without being told."""
    kind = form.offer.kind
    usual = _first(form.offers, kind.form)
    if kind.form is Form.KUBECONFIG and kind.key == usual:
        return ["kubeconfig", "create"]
    if kind.form is Form.TOKEN and kind.key == usual:
        return ["token", "create"]
    return ["token", "create", "--kind", kind.key]


def _first(offers: Sequence[Offer], form: Form) -> str:
    return next(offer.kind.key for offer in offers if offer.kind.form is form)


def _address(target: Target, others: Sequence[Target]) -> str:
    """Give the name, or the id if another one answers to the name."""
    rest = [other for other in others if (other.id, other.noun) != (target.id, target.noun)]
    taken = {word for other in rest for word in (other.name, other.native_id, other.id)}
    words = (target.name, target.native_id, str(target.id))
    return next((w for w in words if w and w not in taken and not w.startswith("-")), "")


def _fields(form: GenerateForm) -> list[str] | None:
    flags: list[str] = []
    for item in form.fields:
        value = form.values[item.key]
        if value != offer_values.first_value(item):
            said = _field(item, value)
            if said is None:
                return None
            flags += said
    return flags


def _field(item: OfferField, value: FieldValue) -> list[str] | None:
    if isinstance(value, bool):
        return ["--set", f"{item.key}={str(value).lower()}"]
    if isinstance(value, str):
        is_name = item.key == offer_values.NAME
        return _flag("--name", value) if is_name and value else ["--set", f"{item.key}={value}"]
    if not value or any(_LIST_SIGN in text for text in value):
        return None
    if item.key == ROLES:
        return [word for text in value for word in _flag("--role", text)]
    return ["--set", f"{item.key}={_LIST_SIGN.join(value)}"]


def _ways(form: GenerateForm) -> list[str] | None:
    """Name the one destination that the command line takes."""
    chosen = form.after & {COPY, MERGE, SAVE}
    if len(chosen) > 1:
        return None
    ways = ["--stdout"]
    if MERGE in chosen:
        ways = ["--kubeconfig", *(["--use"] if CURRENT in form.after else [])]
    elif COPY in chosen:
        ways = ["--copy"]
    elif SAVE in chosen:
        ways = ["--file", result_words.proposal(form.offer.target, form.offer.kind)]
    return ways if VERIFY in form.after else [*ways, "--no-verify"]


def _flag(flag: str, value: str) -> list[str]:
    """Bind a value that looks like a flag to its own."""
    return [f"{flag}={value}"] if value.startswith("-") else [flag, value]
