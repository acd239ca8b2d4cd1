"""Find the instance or account that a command is about."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeVar

from tokentui.cli.listings import last_listings, listed_instances
from tokentui.cli.output import note
from tokentui.domain.errors import NotFound, UsageError
from tokentui.domain.model import Instance, Target
from tokentui.services.listing import Phase, What

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from tokentui.domain.model import Kind, ProfileName
    from tokentui.services.listing import Listing, Source
    from tokentui.services.workbench import Workbench

    Fits = Callable[[Kind], bool]

T = TypeVar("T", bound=Target)

_MOST_NAMED = 8
_ANSWERED = {Phase.PARTLY: "did not answer in full", Phase.FAILED: "did not answer"}


async def find_target(
    workbench: Workbench, names: Sequence[ProfileName], options: argparse.Namespace, fits: Fits
) -> Target:
    """Find what --instance or --account names, or the only place for a kind that `fits`.

    Raises `UsageError` where several are meant and `NotFound` where none is; without a name, also
    a source's own error where that did not answer, because a place may have been there.
    """
    check_kind(workbench, names, options.kind)
    listings = await last_listings(workbench, names, _asked_for(options))
    sources = [listing.source for listing in listings]
    targets = [target for listing in listings for target in answered_targets(listing)]
    fitting = [t for t in targets if any(fits(k) for k in kinds_for(workbench, t, options.kind))]
    wanted = options.instance or options.account
    if wanted is None:
        return _only(fitting, sources)
    noun = "instance" if options.instance else "account"
    same = [target for target in fitting if wanted in _words(target)]
    return named(same or targets, wanted, sources, noun)


async def find_instance(
    workbench: Workbench, names: Sequence[ProfileName], wanted: str
) -> Instance:
    """Find the one instance with this name or id; raises as `find_target`."""
    instances, sources = await listed_instances(workbench, names)
    return named(instances, wanted, sources, "instance")


def check_kind(workbench: Workbench, names: Sequence[ProfileName], wanted: str | None) -> None:
    """Raise `UsageError` for a kind that none of the profiles knows."""
    kinds = [kind for name in names for kind in workbench.connections.about(name).kinds]
    if any(is_called(kind.key, kind.noun, wanted) for kind in kinds):
        return
    known = dict.fromkeys(kind.key for kind in kinds)
    near = get_close_matches(str(wanted), known, n=1)
    raise UsageError(
        f"there is no kind {wanted!r} in the chosen profiles",
        f"did you mean {near[0]}?" if near else f"choose one of: {', '.join(known)}",
    )


def is_called(key: str, noun: str, wanted: str | None) -> bool:
    """Say whether --kind means the kind of this key and noun; without it, every one is meant."""
    return wanted is None or wanted.casefold() in {key.casefold(), noun.casefold()}


def kinds_for(workbench: Workbench, target: Target, wanted: str | None = None) -> tuple[Kind, ...]:
    """Give the kinds that are made for a target; `wanted` leaves that one alone."""
    kinds = workbench.connections.about(target.profile).kinds
    return tuple(k for k in kinds if k.fits(target) and is_called(k.key, k.noun, wanted))


def named(targets: Sequence[T], wanted: str, sources: Sequence[Source], noun: str) -> T:
    """Find the one with this name or id; raises as `find_target`."""
    found = [target for target in targets if wanted in _words(target)]
    if len(found) == 1:
        for error in (error for source in sources for error in source.errors):
            note(f"tokentui: {error.sentence} (another {wanted!r} may be there)")
        return found[0]
    if found:
        listed = ", ".join(map(_told_apart, found[:_MOST_NAMED]))
        raise UsageError(f"{len(found)} {noun}s are called {wanted!r}", f"name one by id: {listed}")
    near = get_close_matches(wanted, [target.name for target in targets], n=1)
    hint = f"did you mean {near[0]}?" if near else f"see 'tokentui {noun} list'"
    raise missing(f"{noun} {wanted!r}", hint, sources)


def missing(what: str, hint: str, sources: Sequence[Source]) -> NotFound:
    """Give the error for what no source named; where one failed, it may be there all the same.

    The exit code is that of a source which did not answer at all.
    """
    silent = [source for source in sources if source.phase is not Phase.OK and source.errors]
    if not silent:
        return NotFound(f"there is no {what} in the chosen profiles", hint)
    told = "; ".join(
        f"profile {source.profile} {_ANSWERED[source.phase]}: {source.errors[0].sentence}"
        for source in silent
    )
    error = NotFound(f"there is no {what} among what was listed ({hint})", f"but {told}")
    dead = [source for source in silent if source.phase is Phase.FAILED]
    if dead:
        error.exit_code = dead[0].errors[0].exit_code
    return error


def _raise_if_silent(sources: Sequence[Source]) -> None:
    """Raise the error of a source that did not answer: what is missing may be there."""
    for source in sources:
        if source.phase is not Phase.OK and source.errors:
            raise source.errors[0]


def _only(fitting: Sequence[Target], sources: Sequence[Source]) -> Target:
    if len(fitting) > 1:
        names = ", ".join(target.name for target in fitting[:_MOST_NAMED])
        more = ", ..." if len(fitting) > _MOST_NAMED else ""
        raise UsageError(
            f"there are {len(fitting)} places for it",
            f"choose one with --instance or --account: {names}{more}",
        )
    _raise_if_silent(sources)
    if not fitting:
        raise NotFound(
            "the chosen profiles have no place for it",
            "see 'tokentui instance list' and 'tokentui account list'",
        )
    target = fitting[0]
    note(f"for {target.noun} {target.name} of profile {target.profile}")
    return target


def _asked_for(options: argparse.Namespace) -> frozenset[What]:
    if options.instance is not None:
        return frozenset({What.INSTANCES})
    if options.account is not None:
        return frozenset({What.ACCOUNTS})
    return frozenset({What.INSTANCES, What.ACCOUNTS})


def answered_targets(listing: Listing) -> tuple[Target, ...]:
    """Give the instances and accounts that the source named this time."""
    instances = (one for one in listing.instances if one.id in listing.answered)
    accounts = (one for one in listing.accounts if one.id in listing.answered_accounts)
    return (*instances, *accounts)


def _words(target: Target) -> set[str]:
    """Give what a person may call it; an account also with the place where it is."""
    words = {target.name, target.native_id, target.id}
    return words if isinstance(target, Instance) else words | {f"{target.scope}/{target.name}"}


def _told_apart(target: Target) -> str:
    where = target.region if isinstance(target, Instance) else target.scope
    return f"{target.native_id} ({', '.join(filter(None, (target.profile, where)))})"
