"""`profile add`, `show`, `test` and `remove`."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING

from tokentui.cli.output import Listing, Plain, document, note, show
from tokentui.cli.profile_flags import flag_of
from tokentui.cli.profile_values import draft_of
from tokentui.cli.questions import agrees, has_person
from tokentui.cli.session import chosen, run
from tokentui.domain.errors import ExitCode, ProviderError, UsageError
from tokentui.domain.lifetime import Span, typed
from tokentui.domain.model import ProviderKey
from tokentui.domain.profile_draft import ByHand
from tokentui.services.profiles import Incomplete, try_sign_in

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from datetime import timedelta

    from tokentui.domain.about import SettingValue
    from tokentui.domain.model import Identity
    from tokentui.domain.profile import Guard, Profile
    from tokentui.domain.profile_draft import Draft
    from tokentui.services.profiles import Gap, Profiles, Tried
    from tokentui.services.workbench import Workbench

_MOST_CHOICES = 20


def add(options: argparse.Namespace) -> int:
    """Write a new profile; the flags depend on the provider."""
    from tokentui.bootstrap import about_provider

    about = about_provider(ProviderKey(options.provider))
    try:
        draft, test = draft_of(about, options.words)
    except SystemExit as told:  # argparse has shown the help, or said what is wrong
        return ExitCode.DONE if not told.code else ExitCode.USAGE

    async def use(workbench: Workbench) -> ExitCode:
        identity = await _add(_profiles(workbench), draft, test=test)
        note(f"profile {draft.name} is in {workbench.config.path}")
        if about.caution:
            note(f"{about.title}: {about.caution}")
        if identity is not None:
            note(_signed_in(identity))
        return ExitCode.DONE

    return run(use)


def show_profile(options: argparse.Namespace) -> int:
    """Print one profile as it was read; it holds no secret."""

    async def use(workbench: Workbench) -> ExitCode:
        (name,) = chosen(workbench, [options.name])
        profile = next(p for p in workbench.config.profiles if p.name == name)
        if options.output == "text":
            _print_lines(_facts(profile))
        else:
            document({"schema": "tokentui/profile/v1", **_facts(profile)}, options.output)
        return ExitCode.DONE

    return run(use)


def test(options: argparse.Namespace) -> int:
    """Sign in with profiles; the exit code is that of the first failure."""

    async def use(workbench: Workbench) -> ExitCode:
        names = chosen(workbench, options.names)
        tried = await asyncio.gather(*(try_sign_in(workbench.connections, name) for name in names))
        show(_sign_ins(tried), options.output)
        failed = [(one.profile, one.error) for one in tried if one.error]
        for name, error in failed:
            note(f"tokentui: {name}: {error.sentence}")
        return failed[0][1].exit_code if failed else ExitCode.DONE

    return run(use)


def remove(options: argparse.Namespace) -> int:
    """Take a profile out of the configuration; ends nothing."""

    async def use(workbench: Workbench) -> ExitCode:
        profiles = _profiles(workbench)
        if not options.yes and not has_person():
            raise UsageError("nobody can be asked whether to remove it", "say -y")
        question = f"Remove profile {options.name} from {profiles.path}?"
        if not options.yes and not await agrees(question):
            note("nothing was changed")
            return ExitCode.DONE
        await profiles.remove(options.name)
        note(f"profile {options.name} is no longer in {profiles.path}")
        left = sum(e.plan.profile == options.name for e in workbench.ledger.live(workbench.clock()))
        if left:
            note(f"what was made with it is not ended: {left} in the ledger")
        return ExitCode.DONE

    return run(use)


def _profiles(workbench: Workbench) -> Profiles:
    from tokentui.bootstrap.profiles import profiles_for

    return profiles_for(os.environ, workbench)


async def _add(profiles: Profiles, draft: Draft, *, test: bool) -> Identity | None:
    try:
        return await profiles.add(draft, test=test)
    except Incomplete as error:
        raise _in_flags(draft, error.gaps) from None
    except ProviderError:
        note(f"tokentui: profile {draft.name} is not saved (--no-test saves it without asking)")
        raise
    except ByHand as error:
        sys.stdout.write(error.block)
        raise


def _in_flags(draft: Draft, gaps: Sequence[Gap]) -> UsageError:
    needed = " and ".join(f"{flag_of(gap.key)} ({gap.setting.help})" for gap in gaps)
    could_be = "; ".join(
        f"{flag_of(gap.key)} is one of {_choices(gap)}" for gap in gaps if gap.choices
    )
    see = f"see 'tokentui profile add {draft.provider} --help'"
    return UsageError(f"profile {draft.name} needs {needed}", could_be or see)


def _choices(gap: Gap) -> str:
    listed = [f"{choice.value} {choice.label}" for choice in gap.choices[:_MOST_CHOICES]]
    more = len(gap.choices) - len(listed)
    return ", ".join(listed) + (f" and {more} more" if more else "")


def _signed_in(identity: Identity) -> str:
    facts = ", ".join(f"{label} {value}" for label, value in identity.facts)
    warning = ", which may make no credentials" if identity.may_issue is False else ""
    return f"signed in as {identity.name}{warning}{f' ({facts})' if facts else ''}"


def _sign_ins(tried: Sequence[Tried]) -> Listing:
    lines = [(one.profile, *_words(one)) for one in tried]
    items: list[dict[str, Plain]] = [
        {
            "profile": one.profile,
            "signedIn": one.identity is not None,
            "as": one.identity.name if one.identity else None,
            "mayIssue": one.identity.may_issue if one.identity else None,
            "facts": dict(one.identity.facts) if one.identity else {},
            "error": one.error.sentence if one.error else None,
        }
        for one in tried
    ]
    columns = ("PROFILE", "SIGN-IN", "AS")
    return Listing("tokentui/sign-ins/v1", columns, lines, items, "no profile")


def _words(tried: Tried) -> tuple[str, str]:
    return ("works", tried.identity.name) if tried.identity else ("fails", "-")


def _facts(profile: Profile) -> dict[str, Plain]:
    return {
        "name": profile.name,
        "provider": profile.provider,
        "settings": {key: _plain(value) for key, value in profile.settings.items()},
        "auth": {
            "method": profile.auth.method,
            **{key: _plain(value) for key, value in profile.auth.options.items()},
        },
        "guard": _guard(profile.guard),
    }


def _guard(guard: Guard) -> dict[str, Plain]:
    return {
        "protected": guard.protected,
        "readOnly": guard.read_only,
        "purposeRequired": guard.purpose_required,
        "maxLifetime": _span(guard.max_lifetime),
        "defaultLifetime": _span(guard.default_lifetime),
    }


def _span(span: timedelta | None) -> str | None:
    return None if span is None else typed(Span(span))


def _plain(value: SettingValue) -> Plain:
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, dict) else value


def _print_lines(facts: dict[str, Plain]) -> None:
    """Print one line for each value, with the key's whole path."""
    lines = [(key, value) for key, value in _flat("", facts) if value not in (None, {}, [])]
    width = max(len(key) for key, _ in lines)
    for key, value in lines:
        sys.stdout.write(f"{key:<{width}}  {_shown(value)}\n")


def _flat(path: str, facts: dict[str, Plain]) -> list[tuple[str, Plain]]:
    flat: list[tuple[str, Plain]] = []
    for key, value in facts.items():
        inner = f"{path}{key}"
        flat += _flat(f"{inner}.", value) if isinstance(value, dict) else [(inner, value)]
    return flat


def _shown(value: Plain) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
