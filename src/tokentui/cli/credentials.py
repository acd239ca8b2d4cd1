"""Find the credentials that a command is about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from tokentui.cli.listings import last_listings
from tokentui.cli.output import Plain, note
from tokentui.cli.session import chosen
from tokentui.cli.targets import check_kind, is_called, missing
from tokentui.cli.token_list import answered, is_listed_or_lives, merged
from tokentui.domain.errors import UsageError
from tokentui.services.listing import Phase
from tokentui.services.verbs import title

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from datetime import datetime

    from tokentui.domain.model import Kind, Target
    from tokentui.services.held import Held
    from tokentui.services.listing import Listing, Source
    from tokentui.services.workbench import Workbench

_MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class Known:
    """The credentials among which one is looked for, and how their sources are doing."""

    helds: Sequence[Held]
    sources: Sequence[Source]
    now: datetime

    def find(self, word: str) -> Held:
        """Find the one with this name, id or number in the ledger; what is over comes last.

        Raises `UsageError` where several are meant, `NotFound` where none is, which also tells
        of a source that did not answer, because it may be there.
        """
        matched = self._matched(word)
        alive = [one for one in matched if is_listed_or_lives(one, self.now)]
        found = _without_shadows(alive) or matched[:1]
        if found and (len(found) == 1 or _are_copies(found)):
            if word == found[0].name:
                self._warn(word)
            return found[0]
        if found:
            listed = "; ".join(map(_told_apart, found[:_MOST_NAMED]))
            raise UsageError(
                f"{len(found)} credentials are called {word!r}",
                f"name one by id, or choose with --instance, --account, --kind or -p: {listed}",
            )
        near = get_close_matches(word, {one.name for one in self.helds if one.name}, n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else "see 'tokentui token list --all'"
        raise missing(f"credential {word!r}", hint, self.sources)

    def _matched(self, word: str) -> list[Held]:
        """Give what a word means: `#12` is a number alone, whatever a name looks like."""
        number = word.removeprefix("#")
        numbered = [one for one in self.helds if number.isdecimal() and one.number == int(number)]
        if number != word and number.isdecimal():
            return numbered
        named = [one for one in self.helds if word and word in {one.name, one.remote_id}]
        return named or numbered

    def _warn(self, word: str) -> None:
        for error in (error for source in self.sources for error in source.errors):
            note(f"tokentui: {error.sentence} (another {word!r} may be there)")


async def known_credentials(workbench: Workbench, options: argparse.Namespace) -> Known:
    """List everything in the chosen profiles, and keep what the flags leave."""
    names = chosen(workbench, options.profile)
    check_kind(workbench, names, options.kind)
    listings = [answered(listing) for listing in await last_listings(workbench, names)]
    helds = merged(workbench, listings, names if options.profile else None)
    helds = tuple(one for one in helds if is_called(one.kind, one.noun, options.kind))
    if options.instance is not None or options.account is not None:
        helds = _in_place(helds, listings, options)
    return Known(helds, list(map(_source, listings)), workbench.clock())


def place_of(held: Held) -> str:
    """Say where it is: the end of a sentence about it."""
    of = f" of {held.target_name}" if held.name else ""
    return f"{title(held)}{of} ({held.profile})"


def held_facts(held: Held) -> dict[str, Plain]:
    """Give what tells it from others, for JSON."""
    return {
        "number": held.number,
        "id": held.remote_id or None,
        "name": held.name,
        "profile": held.profile,
        "kind": held.kind,
        "where": held.target_name,
    }


def kind_of(workbench: Workbench, held: Held) -> Kind | None:
    """Find what its provider says of its kind; None: it no longer knows it."""
    kinds = (
        kind for about in workbench.abouts if about.key == held.provider for kind in about.kinds
    )
    return next((kind for kind in kinds if kind.key == held.kind), None)


def _source(listing: Listing) -> Source:
    """Say how a source is doing with credentials: without one list of them it did not answer."""
    source = listing.source
    if source.phase is Phase.PARTLY and not listing.answered_targets:
        return replace(source, phase=Phase.FAILED)
    return source


def _in_place(
    helds: Sequence[Held], listings: Sequence[Listing], options: argparse.Namespace
) -> tuple[Held, ...]:
    """Keep those of one instance or account; of what is no longer listed the ledger has names."""
    word = options.instance or options.account
    wanted: set[tuple[str, str]] = set()
    others: set[tuple[str, str]] = set()
    for listing in listings:
        is_chosen = options.instance is not None
        for targets, may_be in ((listing.instances, is_chosen), (listing.accounts, not is_chosen)):
            for target in targets:
                is_it = may_be and word in _words(target)
                (wanted if is_it else others).add((target.profile, target.id))
    kept = (
        one
        for one in helds
        if (place := (one.profile, one.target_id)) in wanted
        or (place not in others and word in {one.target_name, one.target_id})
    )
    return tuple(kept)


def _words(target: Target) -> set[str]:
    return {target.name, target.native_id, target.id}


def _are_copies(helds: Sequence[Held]) -> bool:
    """Say whether all are copies of one listed credential: what is done to one is done to all."""
    places = {_place(one) for one in helds}
    return len(places) == 1 and all(one.credential is not None for one in helds)


def _without_shadows(helds: Sequence[Held]) -> list[Held]:
    """Leave out what only the ledger knows where the same id is listed: the listed one counts."""
    listed = {_place(one) for one in helds if one.credential is not None}
    return [one for one in helds if one.credential is not None or _place(one) not in listed]


def _place(held: Held) -> tuple[str, str, str, str]:
    return held.profile, held.target_id, held.kind, held.remote_id


def _told_apart(held: Held) -> str:
    words = held.remote_id or (f"#{held.number}" if held.number else "no id")
    return f"{words} ({held.noun} of {held.target_name}, {held.profile})"
