"""`token list`: every credential, listed by its provider or made from here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tokentui.cli.listings import last_listings, tell_errors
from tokentui.cli.output import Listing, Plain, instant, note, show
from tokentui.cli.session import chosen, run
from tokentui.domain.errors import ExitCode
from tokentui.domain.ledger import EntryState
from tokentui.domain.lifetime import spell
from tokentui.services.attention import Row, Worry, in_sight, rows, state_word
from tokentui.services.held import held
from tokentui.services.listing import credential_key, remembered

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from tokentui.domain.about import About
    from tokentui.domain.ledger import Entry
    from tokentui.domain.model import ProfileName
    from tokentui.services.held import Held
    from tokentui.services.listing import Listing as Listed
    from tokentui.services.workbench import Workbench

_OVER = frozenset({EntryState.REFUSED, EntryState.ENDED})


def list_tokens(options: argparse.Namespace) -> int:
    """Print every credential; without `--all` only what is listed, lives or may live."""

    async def use(workbench: Workbench) -> ExitCode:
        names = chosen(workbench, options.profile)
        if options.offline:
            listings, code = last_known(workbench, names), ExitCode.DONE
        else:
            asked = await last_listings(workbench, names)
            code = tell_errors(listing.source for listing in asked)
            listings = tuple(map(answered, asked))
        now = workbench.clock()
        found = merged(workbench, listings, names if options.profile else None)
        shown = found if options.all else [one for one in found if is_listed_or_lives(one, now)]
        nothing = "no token (--all shows what is over)" if code is ExitCode.DONE else ""
        placed = rows(shown, now, everything=True)
        show(_tokens(placed, workbench.abouts, nothing), options.output)
        if not placed and code is not ExitCode.DONE:
            note("tokentui: 'tokentui token list --offline' shows what was listed last")
        return code

    return run(use)


def last_known(workbench: Workbench, names: Sequence[ProfileName]) -> tuple[Listed, ...]:
    """Give what profiles listed when they were last asked; asks nobody."""
    known = workbench.ledger.last_known()
    return tuple(remembered(last) for last in known if last.profile in names)


def merged(
    workbench: Workbench, listings: Sequence[Listed], names: Sequence[ProfileName] | None
) -> tuple[Held, ...]:
    """Merge lists with the ledger's entries of some profiles; None: of all."""
    entries: Iterable[Entry] = in_sight(workbench.ledger, workbench.clock())
    kept = [entry for entry in entries if names is None or entry.plan.profile in names]
    return held(listings, kept, workbench.abouts)


def token_item(row: Row, abouts: Sequence[About]) -> dict[str, Plain]:
    """Give a credential as its JSON form."""
    one, entry = row.held, row.held.entry
    return {
        "number": one.number,
        "id": one.remote_id or None,
        "name": one.name,
        "state": state_word(row),
        "profile": one.profile,
        "provider": one.provider,
        "kind": one.kind,
        "noun": one.noun,
        "where": one.target_name,
        "scope": one.scope,
        "roles": list(one.roles),
        "purpose": one.purpose,
        "madeAt": instant(one.begun),
        "plannedAt": instant(entry.planned_at) if entry else None,
        "issuedAt": instant(entry.issued_at) if entry else None,
        "endsAt": instant(one.ends_at),
        "endSource": str(entry.end_source) if entry and entry.end_source else None,
        "secondsLeft": None if row.left is None else int(row.left.total_seconds()),
        "listed": one.credential is not None,
        "can": _abilities(one, abouts),
        "verified": entry.verified if entry else None,
        "deliveredTo": list(entry.delivered_to) if entry else [],
        "fingerprint": (entry.fingerprint or None) if entry else None,
        "note": entry.note if entry else "",
    }


def answered(listing: Listed) -> Listed:
    """Leave out credentials that the source did not name this time."""
    fresh = (c for c in listing.credentials if credential_key(c) in listing.answered_credentials)
    return replace(listing, credentials=tuple(fresh))


def is_listed_or_lives(one: Held, now: datetime) -> bool:
    """Say whether its provider names it, or it lives or may live."""
    if one.credential is not None:
        return True
    if one.entry is not None and one.entry.state in _OVER:
        return False
    return one.ends_at is None or one.ends_at > now


def _abilities(one: Held, abouts: Sequence[About]) -> list[Plain]:
    """Give what its provider lets one do with it, by the words of `provider list`."""
    kinds = (kind for about in abouts if about.key == one.provider for kind in about.kinds)
    kind = next((kind for kind in kinds if kind.key == one.kind), None)
    if kind is None or (one.entry is not None and one.entry.state in _OVER):
        return []
    cannot = one.credential.cannot if one.credential else {}
    return [str(ability) for ability in sorted(kind.abilities) if ability not in cannot]


def _no_end(row: Row) -> str:
    """Word that no end is known; what is not valid any more does not live for ever."""
    return "-" if row.worry is Worry.INVALID else "never"


def _tokens(placed: Sequence[Row], abouts: Sequence[About], nothing: str) -> Listing:
    lines = [
        (
            "-" if row.held.number is None else f"#{row.held.number}",
            state_word(row),
            _no_end(row) if row.left is None else spell(row.left),
            row.held.noun,
            row.held.name or "-",
            row.held.target_name,
            row.held.profile,
            instant(row.held.ends_at) or _no_end(row),
            row.held.purpose or "-",
            ", ".join(row.held.entry.delivered_to if row.held.entry else ()) or "-",
        )
        for row in placed
    ]
    columns = (
        *("#", "STATE", "LEFT", "KIND", "NAME", "WHERE", "PROFILE", "ENDS"),
        *("PURPOSE", "WENT TO"),
    )
    items = [token_item(row, abouts) for row in placed]
    return Listing("tokentui/tokens/v1", columns, lines, items, nothing)
