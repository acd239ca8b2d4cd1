"""Sentences of the places: how things are, and what to do where there is nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.services.inventory import Phase
from tokentui.ui.fitting import wrapped
from tokentui.ui.present import counted

if TYPE_CHECKING:
    from tokentui.ui.session import Session

_MARGIN = "   "
_MOST_LINES_OF_A_PATH = 4
_EXAMPLE = (
    "",
    "     profiles:",
    "       ops-prod:",
    "         provider: stackit",
    "         project_id: <the project's id>",
    "         region: eu01",
    "         auth: {method: service-account-key, path: ~/.stackit/key.json}",
)


def status(session: Session) -> str:
    """Say in one line how the ledger and the sources are."""
    listings = [x for x in session.listings.values() if session.in_scope(x.source.profile)]
    parts: list[str] = []
    failed = sum(listing.source.phase is Phase.FAILED for listing in listings)
    if failed:
        others = "; the others go on" if failed < len(listings) else ""
        parts.append(f"{failed} of {counted(len(listings), 'profile')} failed{others}")
    parts.append(_ledger(session))
    seen = [listing.source.seen_at for listing in listings if listing.source.seen_at is not None]
    if any(listing.source.phase is Phase.LOADING for listing in listings):
        parts.append("asking")
    elif seen:
        parts.append(f"data of {session.when.moment(min(seen))}")
    return " - ".join(parts)


def counts(session: Session) -> str:
    """Say how much there is in the scope."""
    found = [x for x in session.listings.values() if session.in_scope(x.source.profile)]
    total = sum(len(listing.instances) for listing in found)
    scope = session.scope or ("all profiles" if len(found) > 1 else "")
    return " - ".join(part for part in (scope, counted(total, "instance")) if part)


def welcome(session: Session, width: int, *, with_example: bool) -> list[str]:
    """Say what to do while no profile can be used; no line: there is one, or nothing is known yet.

    The path of the configuration has lines of its own, so that all of it can be read.
    """
    if session.workbench is None or session.profiles:
        return []
    config = session.workbench.config
    found = "No profile can be used" if config.problems else "No profile is set up"
    path = wrapped(str(config.path), width - 2 * len(_MARGIN), _MOST_LINES_OF_A_PATH)
    return [
        "",
        f"{_MARGIN}{found} on this host. Profiles stand in",
        *(f"{_MARGIN}{line}" for line in path),
        *(_EXAMPLE if with_example else ()),
        "",
        f"{_MARGIN}tokentui demo  shows everything with play data and no network.",
    ]


def nothing_known(session: Session) -> str:
    """Say why there is no credential to show."""
    if session.overview is None:
        return "The ledger cannot be read: ! says why." if session.last_error else "Reading."
    if session.scope is not None:
        return f"Nothing of {session.scope} is live or ended lately."
    return (
        "Nothing issued from this host is live."
        if session.overview.count
        else ("Nothing issued from this host yet.")
    )


def asking(session: Session) -> str:
    """Say which profiles have not answered yet, and how old what they show is."""
    when = session.when
    return ", ".join(
        f"asking {source.profile}"
        + (f", data {when.age(source.seen_at)} old" if source.seen_at else "")
        for listing in session.listings.values()
        if (source := listing.source).phase is Phase.LOADING and session.in_scope(source.profile)
    )


def no_instances(session: Session) -> str:
    """Say why there is no instance to show."""
    return _not_listed(session, "instances") or (
        "There is no instance here: make one in the provider's portal, then F5."
    )


def no_accounts(session: Session) -> str:
    """Say why there is no account to show."""
    return _not_listed(session, "accounts") or "There is no account here: n makes one."


def no_tokens(session: Session) -> str:
    """Say why there is no credential to show."""
    return _not_listed(session, "credentials") or (
        "There is no credential here: choose an instance (I) or an account (A), g makes one."
    )


def _not_listed(session: Session, what: str) -> str:
    """Say why a list may be empty though there is something; empty: it is what there is."""
    if session.problem is not None:
        return "The configuration cannot be used: ! says why."
    if session.workbench is None:
        return "Reading the configuration."
    if not session.profiles:
        return "No profile is set up: H says how."
    phases = {
        listing.source.phase
        for listing in session.listings.values()
        if session.in_scope(listing.source.profile)
    }
    if Phase.LOADING in phases:
        return f"Asking for {what}."
    if Phase.FAILED in phases:
        return "Nothing is known: ! says why, F5 asks again."
    if Phase.PARTLY in phases:
        return f"No {what} came, but a part did not answer: ! says why, F5 asks again."
    return ""


def _ledger(session: Session) -> str:
    overview = session.overview
    if overview is None:
        return "ledger not read"
    if overview.damage:
        return f"ledger: {overview.damage}"
    return f"ledger ok - {overview.count} recorded, {overview.undelivered} undelivered"
