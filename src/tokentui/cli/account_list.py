"""`account list`: the identities that own credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.cli.listings import last_listings, tell_errors
from tokentui.cli.output import Listing, Plain, instant, show
from tokentui.cli.session import chosen, run

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from tokentui.domain.errors import ExitCode
    from tokentui.domain.model import Account, Credential
    from tokentui.services.listing import Listing as Listed
    from tokentui.services.workbench import Workbench

_Owned = tuple["Account", "Sequence[Credential] | None"]


def list_accounts(options: argparse.Namespace) -> int:
    """Print the accounts of all chosen profiles; say on the side which source failed."""

    async def use(workbench: Workbench) -> ExitCode:
        names = chosen(workbench, options.profile)
        listings = await last_listings(workbench, names)
        code = tell_errors(listing.source for listing in listings)
        owned = sorted((pair for listing in listings for pair in _owned(listing)), key=_order)
        show(_accounts(owned, "" if code else "no account"), options.output)
        return code

    return run(use)


def _owned(listing: Listed) -> Iterable[_Owned]:
    """Give each account that was named, with its credentials; None: their list did not come."""
    by_target: dict[str, list[Credential]] = {}
    for credential in listing.credentials:
        by_target.setdefault(credential.target_id, []).append(credential)
    for account in listing.accounts:
        if account.id in listing.answered_accounts:
            is_whole = account.id in listing.answered_targets
            yield account, by_target.get(account.id, []) if is_whole else None


def _order(owned: _Owned) -> tuple[str, str, str, str]:
    account, _ = owned
    return account.profile, account.noun, account.scope, account.name


def _accounts(owned: Sequence[_Owned], nothing: str) -> Listing:
    lines = [
        (
            account.profile,
            account.noun,
            account.name,
            account.scope,
            account.group or "-",
            "?" if credentials is None else str(len(credentials)),
            instant(_soonest(credentials)) or "-",
            account.state_text or "-",
            account.native_id,
        )
        for account, credentials in owned
    ]
    columns = (
        *("PROFILE", "KIND", "NAME", "SCOPE", "GROUP", "CREDENTIALS", "SOONEST END"),
        *("STATE", "ID"),
    )
    items = [account_item(account, credentials) for account, credentials in owned]
    return Listing("tokentui/accounts/v1", columns, lines, items, nothing)


def account_item(account: Account, credentials: Sequence[Credential] | None) -> dict[str, Plain]:
    """Give an account as its JSON form; `credentials` None: nobody asked, or got an answer."""
    return {
        "profile": account.profile,
        "provider": account.provider,
        "kind": account.noun,
        "id": account.native_id,
        "name": account.name,
        "scope": account.scope,
        "group": account.group,
        "credentials": None if credentials is None else len(credentials),
        "soonestEnd": instant(_soonest(credentials)),
        "state": account.state_text,
        "own": account.is_own,
        "createdAt": instant(account.created_at),
    }


def _soonest(credentials: Sequence[Credential] | None) -> datetime | None:
    ends = (credential.ends_at for credential in credentials or ())
    return min((end for end in ends if end is not None), default=None)
