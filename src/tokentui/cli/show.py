"""Commands that only show: providers, profiles, instances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.cli.listings import listed_instances, tell_errors
from tokentui.cli.output import Listing, Plain, instant, note, show
from tokentui.cli.session import chosen, run
from tokentui.domain.errors import ExitCode

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from tokentui.domain.model import Instance, Kind
    from tokentui.services.workbench import Workbench


def list_instances(options: argparse.Namespace) -> int:
    """Print the instances of all chosen profiles; say on the side which source failed."""

    async def use(workbench: Workbench) -> ExitCode:
        names = chosen(workbench, options.profile)
        instances, sources = await listed_instances(workbench, names)
        code = tell_errors(sources)
        show(_instances(instances, "" if code else "no instances"), options.output)
        return code

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
        (about.key, about.title, kind.key, kind.noun, _allows(kind))
        for about in abouts
        for kind in about.kinds
    ]
    lines += [(name, "-", "-", "cannot be loaded", reason) for name, reason in broken]
    items: list[dict[str, Plain]] = [
        {
            "key": about.key,
            "title": about.title,
            "kinds": [_kind(kind) for kind in about.kinds],
            "caution": about.caution,
        }
        for about in abouts
    ]
    items += [{"key": name, "error": reason} for name, reason in broken]
    columns = ("PROVIDER", "TITLE", "KEY", "NOUN", "ALLOWS")
    show(Listing("tokentui/providers/v1", columns, lines, items, "no provider"), options.output)
    for about in abouts:
        if about.caution:
            note(f"{about.title}: {about.caution}")
    return ExitCode.FAILED if broken else ExitCode.DONE


def _kind(kind: Kind) -> dict[str, Plain]:
    return {
        "key": kind.key,
        "noun": kind.noun,
        "can": [str(ability) for ability in sorted(kind.abilities)],
        "cannot": {str(ability): reason for ability, reason in kind.cannot.items()},
        "needs": {str(ability): setting for ability, setting in kind.needs.items()},
    }


def _allows(kind: Kind) -> str:
    return ", ".join(
        f"{ability} (needs {kind.needs[ability]})" if ability in kind.needs else ability
        for ability in sorted(kind.abilities)
    )


def _guards(protected: bool, read_only: bool) -> str:
    words = [("protected", protected), ("read only", read_only)]
    return ", ".join(word for word, on in words if on) or "-"


def _instances(instances: Sequence[Instance], nothing: str) -> Listing:
    lines = [
        (i.profile, i.noun, i.name, i.scope, i.region, i.state_text, i.native_id) for i in instances
    ]
    items = [instance_item(instance) for instance in instances]
    columns = ("PROFILE", "KIND", "NAME", "SCOPE", "REGION", "STATE", "ID")
    return Listing("tokentui/instances/v1", columns, lines, items, nothing)


def instance_item(instance: Instance) -> dict[str, Plain]:
    """Give an instance as its JSON form."""
    return {
        "profile": instance.profile,
        "provider": instance.provider,
        "kind": instance.noun,
        "id": instance.native_id,
        "name": instance.name,
        "scope": instance.scope,
        "region": instance.region,
        "state": instance.state,
        "stateText": instance.state_text,
        "plan": instance.plan,
        "description": instance.description,
        "uiUrl": instance.ui_url or None,
        "createdAt": instant(instance.created_at),
    }
