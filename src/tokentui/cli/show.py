"""Commands that only show: providers, profiles, instances, what was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.cli.output import Listing, Plain, instant, note, show
from tokentui.cli.session import chosen, run
from tokentui.domain.errors import ExitCode
from tokentui.domain.lifetime import spell
from tokentui.services.attention import Row, rows, state_word

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from tokentui.domain.ledger import Entry
    from tokentui.domain.model import Instance, Kind, ProfileName
    from tokentui.services.inventory import Source
    from tokentui.services.workbench import Workbench


def list_instances(options: argparse.Namespace) -> int:
    """Print the instances of all chosen profiles; say on the side which source failed."""

    async def use(workbench: Workbench) -> ExitCode:
        names = chosen(workbench, options.profile)
        instances, sources = await last_listings(workbench, names)
        for source in sources:
            for error in source.errors:
                note(f"tokentui: {source.profile}: {error.sentence}")
        errors = [error for source in sources for error in source.errors]
        show(_instances(instances, "" if errors else "no instances"), options.output)
        return errors[0].exit_code if errors else ExitCode.DONE

    return run(use)


async def last_listings(
    workbench: Workbench, names: Sequence[ProfileName]
) -> tuple[tuple[Instance, ...], tuple[Source, ...]]:
    """Ask all profiles side by side and wait for them; what did not answer is left out."""
    final = {}
    async for listing in workbench.inventory.refresh(names):
        final[listing.source.profile] = listing
    instances = tuple(
        instance
        for listing in final.values()
        for instance in listing.instances
        if instance.id in listing.answered
    )
    return instances, tuple(listing.source for listing in final.values())


def list_tokens(options: argparse.Namespace) -> int:
    """Print what the ledger knows; without `--all` only what lives or may live."""

    async def use(workbench: Workbench) -> ExitCode:
        names = chosen(workbench, options.profile)
        entries = (
            workbench.ledger.entries() if options.all else workbench.ledger.live(workbench.clock())
        )
        kept = [entry for entry in entries if entry.plan.profile in names or not options.profile]
        placed = rows(kept, workbench.clock(), everything=True)
        show(_tokens(placed), options.output)
        return ExitCode.DONE

    return run(use)


def list_profiles(options: argparse.Namespace) -> int:
    """Print the profiles; problems of the configuration go to standard error."""

    async def use(workbench: Workbench) -> ExitCode:
        config = workbench.config
        items: list[dict[str, Plain]] = [
            {
                "name": profile.name,
                "provider": profile.provider,
                "signIn": profile.auth.method,
                "protected": profile.guard.protected,
                "readOnly": profile.guard.read_only,
            }
            for profile in config.profiles
        ]
        lines = [
            (p.name, p.provider, p.auth.method, _guards(p.guard.protected, p.guard.read_only))
            for p in config.profiles
        ]
        nothing = f"no profile is configured: write one into {config.path}"
        columns = ("NAME", "PROVIDER", "SIGN-IN", "GUARD")
        show(Listing("tokentui/profiles/v1", columns, lines, items, nothing), options.output)
        return ExitCode.USAGE if config.problems else ExitCode.DONE

    return run(use)


def list_providers(options: argparse.Namespace) -> int:
    """Print each known system and what it allows; a plug-in that fails to load is a row too."""
    from tokentui.bootstrap import known_providers

    abouts, broken = known_providers()
    lines: list[tuple[str, ...]] = [
        (about.key, kind.label, kind.noun, ", ".join(sorted(kind.abilities)))
        for about in abouts
        for kind in about.kinds
    ]
    lines += [(name, "-", "cannot be loaded", reason) for name, reason in broken]
    items: list[dict[str, Plain]] = [
        {"key": about.key, "title": about.title, "kinds": [_kind(kind) for kind in about.kinds]}
        for about in abouts
    ]
    items += [{"key": name, "error": reason} for name, reason in broken]
    columns = ("PROVIDER", "KIND", "NOUN", "ALLOWS")
    show(Listing("tokentui/providers/v1", columns, lines, items, "no provider"), options.output)
    return ExitCode.FAILED if broken else ExitCode.DONE


def _kind(kind: Kind) -> dict[str, Plain]:
    return {
        "key": kind.key,
        "noun": kind.noun,
        "can": [str(ability) for ability in sorted(kind.abilities)],
        "cannot": {str(ability): reason for ability, reason in kind.cannot.items()},
    }


def _guards(protected: bool, read_only: bool) -> str:
    words = [("protected", protected), ("read only", read_only)]
    return ", ".join(word for word, on in words if on) or "-"


def _instances(instances: Sequence[Instance], nothing: str) -> Listing:
    lines = [
        (i.profile, i.noun, i.name, i.scope, i.region, i.state_text, i.native_id) for i in instances
    ]
    items: list[dict[str, Plain]] = [
        {
            "profile": i.profile,
            "provider": i.provider,
            "kind": i.noun,
            "id": i.native_id,
            "name": i.name,
            "scope": i.scope,
            "region": i.region,
            "state": i.state,
            "stateText": i.state_text,
            "plan": i.plan,
            "description": i.description,
            "uiUrl": i.ui_url or None,
            "createdAt": instant(i.created_at),
        }
        for i in instances
    ]
    columns = ("PROFILE", "KIND", "NAME", "SCOPE", "REGION", "STATE", "ID")
    return Listing("tokentui/instances/v1", columns, lines, items, nothing)


def _tokens(placed: Sequence[Row]) -> Listing:
    lines = [
        (
            f"#{row.entry.number}",
            state_word(row),
            "never" if row.left is None else spell(row.left),
            row.entry.plan.noun,
            row.entry.plan.target_name,
            row.entry.plan.profile,
            instant(row.entry.may_live_until) or "never",
            row.entry.plan.purpose,
            ", ".join(row.entry.delivered_to) or "-",
        )
        for row in placed
    ]
    columns = ("#", "STATE", "LEFT", "KIND", "WHERE", "PROFILE", "ENDS", "PURPOSE", "WENT TO")
    items = [entry_item(row) for row in placed]
    nothing = "nothing made from this host is alive (--all shows what was)"
    return Listing("tokentui/tokens/v1", columns, lines, items, nothing)


def entry_item(row: Row) -> dict[str, Plain]:
    """Give a ledger entry as its JSON form."""
    entry: Entry = row.entry
    return {
        "number": entry.number,
        "state": state_word(row),
        "profile": entry.plan.profile,
        "provider": entry.plan.provider,
        "kind": entry.plan.kind,
        "noun": entry.plan.noun,
        "where": entry.plan.target_name,
        "scope": entry.plan.scope,
        "purpose": entry.plan.purpose,
        "plannedAt": instant(entry.planned_at),
        "issuedAt": instant(entry.issued_at),
        "endsAt": instant(entry.may_live_until),
        "endSource": str(entry.end_source) if entry.end_source else None,
        "secondsLeft": None if row.left is None else int(row.left.total_seconds()),
        "verified": entry.verified,
        "deliveredTo": list(entry.delivered_to),
        "fingerprint": entry.fingerprint or None,
        "note": entry.note,
    }
