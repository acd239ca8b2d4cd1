"""What is done with accounts: create, rename, regroup, delete."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tokentui.cli.account_list import account_item
from tokentui.cli.fields import values_of
from tokentui.cli.jobs import Job, agreed, need_answers, run_jobs
from tokentui.cli.listings import listed_accounts
from tokentui.cli.output import document, note
from tokentui.cli.session import UnderWay, chosen, run
from tokentui.cli.targets import named
from tokentui.domain.account import AccountAbility
from tokentui.domain.errors import ExitCode, NotFound, Refused, TokentuiError, UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from tokentui.domain.account import AccountOffer
    from tokentui.domain.model import Account, FieldValue, ProfileName
    from tokentui.services.workbench import Workbench

    Act = Callable[[Workbench, Account, str], Awaitable[str]]

_MOST_NAMED = 8


def create(options: argparse.Namespace) -> int:
    """Make one account; its id is the data."""
    under_way = UnderWay()

    async def use(workbench: Workbench) -> ExitCode:
        offer = await _offer(workbench, chosen(workbench, options.profile), options.scope)
        values = values_of(offer.noun, offer.fields, options)
        with under_way.sending():
            account = await workbench.accounts.create(offer, values)
        for warning in offer.warnings:
            note(f"tokentui: {warning}")
        note(f"{_what(account)}: {_created(account, offer, values)}")
        if options.output == "text":
            sys.stdout.write(f"{account.native_id}\n")
        else:
            facts = account_item(account, None)
            document({"schema": "tokentui/account/v1", **facts}, options.output)
        return ExitCode.DONE

    return run(use, under_way)


def rename(options: argparse.Namespace) -> int:
    """Give one account another name."""

    async def act(workbench: Workbench, account: Account, _typed: str) -> str:
        await workbench.accounts.rename(account, options.to)
        return f"renamed, it is {options.to.strip()} now"

    return _change(options, [options.object], AccountAbility.RENAME, act)


def regroup(options: argparse.Namespace) -> int:
    """Give one account other rights."""

    async def act(workbench: Workbench, account: Account, _typed: str) -> str:
        await workbench.accounts.regroup(account, options.to)
        return f"regrouped, it is in {options.to} now"

    return _change(options, [options.object], AccountAbility.REGROUP, act)


def delete(options: argparse.Namespace) -> int:
    """Delete accounts with all that they own."""
    need_answers(options)

    async def act(workbench: Workbench, account: Account, typed: str) -> str:
        return await workbench.accounts.delete(account, typed)

    return _change(options, options.objects, AccountAbility.DELETE, act)


def _change(
    options: argparse.Namespace, words: Sequence[str], ability: AccountAbility, act: Act
) -> int:
    under_way = UnderWay()

    async def use(workbench: Workbench) -> ExitCode:
        names = chosen(workbench, options.profile)
        accounts, failed = await _found(workbench, names, words)
        jobs = [_job(workbench, account, ability, act) for account in accounts]
        if ability is AccountAbility.DELETE and not await agreed(jobs, options):
            return ExitCode.FAILED
        return await run_jobs(jobs, failed, options.output, under_way)

    return run(use, under_way)


def _job(workbench: Workbench, account: Account, ability: AccountAbility, act: Act) -> Job:
    accounts = workbench.accounts
    is_end = ability is AccountAbility.DELETE
    return Job(
        word=ability.value,
        order=f"{ability.value} it",
        what=_what(account),
        do=lambda typed: act(workbench, account, typed),
        objection=accounts.objection(account, ability),
        consequence=accounts.consequence(account) if is_end else (),
        must_type=accounts.must_type(account) if is_end else "",
        why_type=accounts.why_type(account) if is_end else "",
        facts={
            "id": account.native_id,
            "name": account.name,
            "profile": account.profile,
            "kind": account.noun,
            "where": account.scope,
        },
    )


async def _found(
    workbench: Workbench, names: Sequence[ProfileName], words: Sequence[str]
) -> tuple[list[Account], list[TokentuiError]]:
    """Find each account once. One alone has to be there; of many, the others go without it."""
    accounts, sources = await listed_accounts(workbench, names)
    found: dict[tuple[str, str], Account] = {}
    failed: list[TokentuiError] = []
    for word in words:
        try:
            account = named(accounts, word, sources, "account")
        except NotFound as error:
            if len(words) == 1:
                raise
            note(f"tokentui: {error.sentence}")
            failed.append(error)
        else:
            found.setdefault((account.profile, account.id), account)
    return list(found.values()), failed


async def _offer(
    workbench: Workbench, names: Sequence[ProfileName], scope: str | None
) -> AccountOffer:
    """Choose the place: the one that --scope names, or the only one."""
    places = await workbench.accounts.offers(names)
    offers = [one for one in places.offers if scope in (None, one.scope, one.scope_id)]
    if len(offers) == 1 and (scope is not None or not places.failed):
        offer = offers[0]
        if scope is None:
            note(f"in {offer.scope} of profile {offer.profile}")
        return offer
    if len(offers) > 1:
        listed = ", ".join(f"{one.scope} ({one.profile})" for one in offers[:_MOST_NAMED])
        raise UsageError(
            f"an account can be made in {len(offers)} places",
            f"choose one with --scope, or a profile with -p: {listed}",
        )
    for error in places.failed.values():
        raise error
    if places.offers:
        known = ", ".join(one.scope for one in places.offers[:_MOST_NAMED])
        raise NotFound(f"there is no place {scope!r} for an account", f"choose one of: {known}")
    raise Refused(_why_none(workbench, names))


def _why_none(workbench: Workbench, names: Sequence[ProfileName]) -> str:
    abouts = [workbench.connections.about(name) for name in names]
    reasons = dict.fromkeys(about.without_accounts for about in abouts if not about.account_kinds)
    return "; ".join(reasons) or "no account can be made in the chosen profiles"


def _created(account: Account, offer: AccountOffer, values: Mapping[str, FieldValue]) -> str:
    """Say where it was made and what was chosen for it, though a default did."""
    place = account.scope or offer.scope
    chosen_values = ((one.label.lower(), values.get(one.key, one.default)) for one in offer.fields)
    choices = [
        f"{label} {value}"
        for label, value in chosen_values
        if isinstance(value, str) and value not in {"", place, account.name}
    ]
    return ", ".join((f"created in {place}", *choices))


def _what(account: Account) -> str:
    return f"{account.noun} {account.name} ({account.profile})"
