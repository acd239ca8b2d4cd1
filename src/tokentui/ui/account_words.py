"""Sentences about accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.domain.account import AccountAbility
from tokentui.domain.profile import Guard
from tokentui.services import attention
from tokentui.ui.present import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tokentui.domain.about import About, AccountKind
    from tokentui.domain.account import AccountOffer
    from tokentui.domain.model import Account, Target
    from tokentui.services.held import Held
    from tokentui.ui.session import Session

_MOST_NAMES = 5
VERBS = {
    AccountAbility.CREATE: "make",
    AccountAbility.RENAME: "rename",
    AccountAbility.REGROUP: "give other rights to",
    AccountAbility.DELETE: "delete",
}


def title(account: Account) -> str:
    """Name an account in a sentence."""
    return f"{account.noun} {account.name}"


def systems(session: Session) -> tuple[About, ...]:
    """Give what the providers in the scope say of themselves, each once."""
    bench = session.workbench
    names = [p.name for p in session.profiles if session.in_scope(p.name)]
    abouts = [] if bench is None else [bench.connections.about(name) for name in names]
    return tuple({about.key: about for about in abouts}.values())


def about_of(session: Session, target: Target) -> About | None:
    """Give what a target's provider says of itself; None before the workbench is open."""
    abouts = () if session.workbench is None else session.workbench.abouts
    return next((about for about in abouts if about.key == target.provider), None)


def guard_of(session: Session, target: Target) -> Guard:
    """Give the rules of a target's profile."""
    return next((p.guard for p in session.profiles if p.name == target.profile), Guard())


def nothing_for(session: Session, target: Target) -> str:
    """Say that nothing can be made for a target, and for which accounts it can."""
    about = about_of(session, target)
    kinds = () if about is None else about.account_kinds
    made_for = {noun for kind in (about.kinds if about else ()) for noun in kind.made_for}
    owners = " or ".join(kind.noun for kind in kinds if kind.noun in made_for - {target.noun})
    told = f"nothing can be made for {target.noun} {target.name}"
    return f"{told}: choose a {owners} (A Accounts)" if owners else told


def kind_of(session: Session, account: Account) -> AccountKind | None:
    """Give the kind of an account; None: its provider does not name it."""
    about = about_of(session, account)
    kinds = () if about is None else about.account_kinds
    return next((kind for kind in kinds if kind.noun == account.noun), None)


def rights_label(session: Session, account: Account) -> str:
    """Give the provider's word for what gives an account its rights."""
    kind = kind_of(session, account)
    return (kind.group_label if kind else "") or "group"


def living(session: Session, account: Account) -> tuple[Held, ...]:
    """Give the credentials of an account that live or may live."""
    owner = (account.profile, account.id)
    owned = (held for held in session.helds if (held.profile, held.target_id) == owner)
    return attention.living(owned, session.now())


def facts(session: Session, account: Account) -> Iterator[tuple[str, str]]:
    """Tell which account it is: its place, its rights, what it owns."""
    yield "Where", " - ".join(filter(None, (f"profile {account.profile}", account.scope)))
    if account.group:
        yield rights_label(session, account).capitalize(), account.group
    names = [held.name or held.noun for held in living(session, account)]
    named = ", ".join(names[:_MOST_NAMES]) + (", .." if len(names) > _MOST_NAMES else "")
    yield "Owns", f"{counted(len(names), 'credential')}{': ' if names else ''}{named}"


def handed_over(session: Session, account: Account) -> Iterator[str]:
    """Say where its credentials went that live or may live; nothing: to no known place."""
    entries = (held.entry for held in living(session, account))
    went = dict.fromkeys(place for entry in entries if entry for place in entry.delivered_to)
    if went:
        yield f"What it owns was handed over to: {'; '.join(went)}."


def place(offer: AccountOffer, *, several_profiles: bool) -> str:
    """Name where an account can be made."""
    scope = offer.scope or offer.profile
    return f"{scope} ({offer.profile})" if several_profiles and offer.scope else scope


def target(offer: AccountOffer) -> str:
    """Word what would be made, and where that is."""
    return " - ".join(filter(None, (f"{offer.noun} of profile {offer.profile}", offer.scope)))


def why_none(session: Session) -> str:
    """Say why no account can be made in any profile of the scope."""
    reasons = [reason for about in systems(session) for reason in _why_not(about)]
    return "; ".join(reasons) or "no system here says where accounts can be made"


def _why_not(about: About) -> Sequence[str]:
    if not about.account_kinds:
        return (about.without_accounts,)
    create = AccountAbility.CREATE
    return [
        f"{about.title}: {kind.cannot.get(create, f'no {kind.noun} can be made')}"
        for kind in about.account_kinds
        if create not in kind.abilities
    ]
