"""Sentences about what is done with a credential after it was made."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tokentui.services.verbs import Verb, done, title
from tokentui.ui.present import counted, is_end_unknown
from tokentui.ui.wishes import DONE, Fate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from tokentui.domain.model import Kind
    from tokentui.services.held import Held
    from tokentui.ui.present import When
    from tokentui.ui.session import Session
    from tokentui.ui.wishes import Report, Wish

_DOING = {
    Verb.RENAME: "renaming",
    Verb.MOVE_END: "moving its end",
    Verb.SWITCH_OFF: "switching off",
    Verb.SWITCH_ON: "switching on",
    Verb.REGENERATE: "regenerating",
    Verb.VERIFY: "trying",
}


def kind_of(session: Session, held: Held) -> Kind | None:
    """Find the kind of a credential; None: its profile or its kind is gone."""
    if session.workbench is None or held.profile not in {p.name for p in session.profiles}:
        return None
    kinds = session.workbench.connections.about(held.profile).kinds
    return next((kind for kind in kinds if kind.key == held.kind), None)


def doing(verb: Verb, word: str) -> str:
    """Give the participle for while it is under way; `word` is the verb's own: "deleting"."""
    if verb is not Verb.END:
        return _DOING[verb]
    return f"{word.removesuffix('e')}ing"


def question(held: Held, verb: Verb, word: str) -> str:
    """Ask whether to do it: "Delete service token ci-ingest?"."""
    how = "move the end of" if verb is Verb.MOVE_END else word
    return f"{how.capitalize()} {title(held)}?"


def facts(held: Held, when: When) -> Iterator[tuple[str, str]]:
    """Tell which credential it is: its place, its end, what the ledger knows."""
    target = " ".join(filter(None, (held.target_noun, held.target_name)))
    yield "Where", " - ".join(filter(None, (f"profile {held.profile}", target, held.scope)))
    yield "Ends", "unknown" if is_end_unknown(held) else ends(held.ends_at, when)
    if held.entry is not None:
        purpose = f", {held.purpose}" if held.purpose else ""
        yield "Ledger", f"#{held.number}, made by {held.entry.owner.user}{purpose}"


def ends(at: datetime | None, when: When) -> str:
    """Word an end in full."""
    return "never" if at is None else when.exact(at)


def said(wish: Wish, kind: Kind | None) -> str:
    """Say in one sentence what was done: "deleted service token ci-ingest of sts-prod"."""
    held = wish.held
    whole = f"{done(kind, wish.verb)} {title(held)} of {held.profile}"
    return f"{whole} to {wish.text.strip()}" if wish.verb is Verb.RENAME else whole


def moved(wish: Wish, at: datetime | None, when: When) -> str:
    """Say which end it has now."""
    now = "never ends now" if at is None else f"ends {when.exact(at)} now"
    return f"{title(wish.held)} of {wish.held.profile} {now}"


def refused(held: Held, verb: Verb, word: str, objection: str) -> str:
    """Say why it cannot be done."""
    how = word if verb is Verb.END else verb.value
    return f"{title(held)}: {how} is not possible - {objection}"


def summary(kind: Kind | None, verb: Verb, reports: Sequence[Report], wished: int) -> str:
    """Say how many of those that were to be changed were, and what became of the others."""
    fates = Counter(report.fate for report in reports)
    changed = sum(fates[fate] for fate in DONE)
    parts = [f"{done(kind, verb)} {changed} of {counted(wished, 'credential')}"]
    parts += [
        f"{fates[fate]} {words}"
        for fate, words in (
            (Fate.UNRECORDED, "not recorded in the ledger"),
            (Fate.FAILED, "failed"),
            (Fate.UNKNOWN, "unknown until they are listed again"),
        )
        if fates[fate]
    ]
    left = wished - len(reports)
    return ", ".join([*parts, *([f"{left} not begun"] if left else [])])
