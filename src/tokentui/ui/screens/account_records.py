"""What the list of accounts shows, as rows and as the lines about one of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokentui.domain.account import AccountAbility
from tokentui.domain.model import Ability
from tokentui.services import attention
from tokentui.services.attention import Worry
from tokentui.services.inventory import Phase
from tokentui.ui import account_words as words
from tokentui.ui import present
from tokentui.ui.fitting import cut
from tokentui.ui.screens.texts import no_accounts
from tokentui.ui.screens.token_records import left
from tokentui.ui.widgets.record_filter_terms import APART, exactly
from tokentui.ui.widgets.record_list import Cell, Column, Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tokentui.domain.about import About
    from tokentui.domain.model import Account, Kind
    from tokentui.services.attention import Row
    from tokentui.services.inventory import Listing
    from tokentui.ui.present import When
    from tokentui.ui.session import Session
    from tokentui.ui.widgets.record_list import Tone
    from tokentui.ui.widgets.record_model import SortKey

COLUMNS = (
    Column("provider", "PROVIDER", 9, priority=4),
    Column("profile", "PROFILE", 10, priority=2),
    Column("scope", "PROJECT", 9, grow=True, priority=3),
    Column("name", "NAME", 14, grow=True, priority=9),
    Column("group", "GROUP/ROLE", 10, grow=True, priority=5),
    Column("count", "TOKENS", 6, priority=6, align="right"),
    Column("soonest", "SOONEST", 9, priority=8),
    Column("state", "STATE", 8, priority=7),
)
FIELDS = ("profile", "where", "name", "role", "state")
"""What the list's filter can be asked for by name."""

_NONE = "-"
_STATE_CELL = 7
_LEAST_SHOWN = 3
_NEVER_S = float("inf")
_WORST = (
    Worry.INVALID,
    Worry.EXPIRED,
    Worry.UNKNOWN,
    Worry.LOST,
    Worry.SOON,
    Worry.LATER,
)
_CHANGES = (AccountAbility.RENAME, AccountAbility.REGROUP, AccountAbility.DELETE)
_AFTERWARDS = (
    Ability.REVOKE,
    Ability.SWITCH,
    Ability.RENAME,
    Ability.MOVE_END,
    Ability.REGENERATE,
)


@dataclass(frozen=True, slots=True)
class Owner:
    """An account with its credentials, the soonest end first; `is_stale`: it was not named."""

    account: Account
    rows: tuple[Row, ...]
    is_stale: bool


def key_of(account: Account) -> str:
    """Give what identifies an account among those of all profiles."""
    return f"{account.profile}\n{account.id}"


def owners(session: Session, when: When) -> Mapping[str, Owner]:
    """Give the accounts in the scope with what they own, by their keys, in order."""
    owned: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in attention.rows(session.helds, when.now):
        owned[row.held.profile, row.held.target_id].append(row)
    found = [
        Owner(account, tuple(owned[account.profile, account.id]), _is_stale(listing, account))
        for listing in session.listings.values()
        if session.in_scope(listing.source.profile)
        for account in listing.accounts
    ]
    return {key_of(owner.account): owner for owner in sorted(found, key=_place)}


class Records:
    """Makes the rows of a long list, and keeps those that no time changes."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Owner, Record]] = {}

    def make(self, owner: Owner, when: When) -> Record:
        """Give the row of an account."""
        if owner.rows:
            return record(owner, when)
        key = key_of(owner.account)
        kept = self._kept.get(key)
        if kept is None or kept[0] != owner:
            kept = self._kept[key] = owner, record(owner, when)
        return kept[1]


def record(owner: Owner, when: When) -> Record:
    """Make a list's row of an account."""
    account, rows = owner.account, owner.rows
    worry = _worst(rows)
    sign, tone = present.worry_sign(worry)
    state = account.state_text or worry or "ok"
    texts = (
        account.provider,
        account.profile,
        account.scope or _NONE,
        account.name or account.native_id,
        account.group or _NONE,
        str(len(rows)),
        _left(rows, when),
        state,
    )
    tones: dict[int, Tone] = {_STATE_CELL - 1: tone, _STATE_CELL: tone}
    cells = tuple(
        Cell(text, "muted" if owner.is_stale else tones.get(i, "")) for i, text in enumerate(texts)
    )
    lowered = [text.lower() for text in texts]
    fields = {
        "profile": f"{lowered[1]}{APART}{lowered[0]}",
        "where": lowered[2],
        "name": lowered[3],
        "role": lowered[4],
        "state": lowered[_STATE_CELL],
    }
    haystack = f"{' '.join(lowered)} {account.native_id.lower()} {account.noun.lower()}"
    sort: tuple[SortKey, ...] = (*lowered[:5], len(rows), _soonest(rows), state.lower())
    return Record(key_of(account), cells, haystack, sort, Cell(sign, tone), fields)


def detail(session: Session, owner: Owner, room: int) -> list[str]:
    """Say what is known of an account; of its credentials, as many as there is room for."""
    account, when = owner.account, session.when
    about = words.about_of(session, account)
    facts = [*_identity(session, account)]
    rest = [*_allowed(about, account), *_changes(session, account)]
    if account.also_ends:
        rest.append(("deleting", f"ends {account.also_ends} too"))
    facts += _credentials(owner.rows, when, max(_LEAST_SHOWN, room - len(facts) - len(rest)))
    return [f"   {label:<9} {text}" for label, text in (*facts, *rest)]


def without_accounts(session: Session, width: int) -> list[str]:
    """Say which systems in the scope have no accounts, and why."""
    return [
        cut(f"   {about.without_accounts}", width)
        for about in words.systems(session)
        if not about.account_kinds
    ]


def why_empty(session: Session) -> str:
    """Say why there is no account to show."""
    systems = words.systems(session)
    if systems and not any(about.account_kinds for about in systems):
        return "No system here has accounts: I lists what credentials are made for."
    return no_accounts(session)


def filter_of(account: Account) -> str:
    """Give the filter under which the list of tokens shows what an account owns."""
    name = account.name or account.native_id
    return f"{exactly('profile', account.profile)} {exactly('where', name)}"


def _is_stale(listing: Listing, account: Account) -> bool:
    failed = listing.source.phase in {Phase.FAILED, Phase.PARTLY}
    return failed and account.id not in listing.answered_accounts


def _place(owner: Owner) -> tuple[bool, float, str, str]:
    """Give the place in the list: what ends soonest first, then by project and name."""
    account = owner.account
    return not owner.rows, _soonest(owner.rows), account.scope.lower(), account.name.lower()


def _soonest(rows: Sequence[Row]) -> float:
    end = rows[0].held.ends_at if rows else None
    return _NEVER_S if end is None else end.timestamp()


def _left(rows: Sequence[Row], when: When) -> str:
    """Word the soonest end; what is invalid names none and does not live for ever."""
    known = (row for row in rows if not present.is_end_unknown(row.held))
    soonest = next(known, None)
    return _NONE if soonest is None else left(soonest, when)


def _worst(rows: Sequence[Row]) -> Worry:
    found = {row.worry for row in rows}
    return next((worry for worry in _WORST if worry in found), Worry.NONE)


def _identity(session: Session, account: Account) -> Iterator[tuple[str, str]]:
    rights = f"   {words.rights_label(session, account)}  {account.group}" if account.group else ""
    yield "id", f"{account.native_id}  (c copies it){rights}"
    created = f"   made {session.when.date(account.created_at)}" if account.created_at else ""
    scope = f"   project  {account.scope}" if account.scope else ""
    yield "where", f"profile {account.profile}{scope}{created}"
    if account.is_own:
        yield "own", f"profile {account.profile} is signed in as it"


def _credentials(rows: Sequence[Row], when: When, most: int) -> Iterator[tuple[str, str]]:
    if not rows:
        yield "owns", "nothing that is listed or was made from here"
        return
    shown = rows if len(rows) <= most else rows[: most - 1]
    labels = ("owns", *[""] * len(rows))
    for label, row in zip(labels, shown, strict=False):
        held = row.held
        made = f"made {when.date(held.begun)}" if held.begun else "made at an unknown time"
        number = f"#{held.number}" if held.number is not None else "not from here"
        went = present.note(held.entry) if held.entry else ""
        told = (held.noun, held.name, left(row, when), attention.state_word(row), made, number)
        yield label, "  ".join(filter(None, (*told, went)))
    if len(shown) < len(rows):
        yield "" if shown else "owns", f"{len(rows) - len(shown)} more: Enter shows them all"


def _allowed(about: About | None, account: Account) -> Iterator[tuple[str, str]]:
    """Say what its provider makes for it, and what can be done with that later."""
    kinds = [kind for kind in about.kinds if kind.fits(account)] if about else []
    for label, kind in zip(("makes", *[""] * len(kinds)), kinds, strict=False):
        yield label, f"{kind.noun}: {', '.join(_later(kind)) or 'it can only end by itself'}"


def _later(kind: Kind) -> Iterator[str]:
    for ability in _AFTERWARDS:
        if ability in kind.abilities:
            yield kind.end_verb if ability is Ability.REVOKE else ability.value


def _changes(session: Session, account: Account) -> Iterator[tuple[str, str]]:
    """Say what can be done with the account itself, and why the rest cannot."""
    kind = words.kind_of(session, account)
    if kind is None:
        return
    reasons = {**kind.cannot, **account.cannot}
    can = [one for one in _CHANGES if one in kind.abilities and one not in account.cannot]
    yield "can", ", ".join(can) or "nothing"
    cannot = [(one, reasons[one]) for one in _CHANGES if one not in can and one in reasons]
    for label, (ability, reason) in zip(("cannot", *[""] * len(cannot)), cannot, strict=False):
        yield label, f"{ability}: {reason}"
