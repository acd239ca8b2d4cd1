"""Sentences of the result dialog."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from tokentui.domain.model import Ability, Form
from tokentui.domain.text import clean
from tokentui.ui import credential_words as words
from tokentui.ui import present

if TYPE_CHECKING:
    from datetime import datetime

    from tokentui.domain.model import Issued, Kind, Target
    from tokentui.domain.receipt import Receipt
    from tokentui.services.issue import Result
    from tokentui.ui.clipboard_keeper import ClipboardKeeper
    from tokentui.ui.handover import Handover
    from tokentui.ui.present import When

COUNT_STEP_S = 5
_FOREIGN = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NAME = 60


def title(result: Result, how: str) -> str:
    """Name what was made or regenerated, and that it comes once."""
    return f"{clean(result.issued.kind.label, 40)} {how} - shown here once"


def ledger(result: Result) -> str:
    """Say what was recorded."""
    if result.warnings:
        return f"x #{result.number}: {'; '.join(result.warnings)}"
    issued = result.issued
    name = "" if user_name(issued) else issued.name  # a user name stands above already
    told = (issued.target.name, issued.kind.noun, name, result.purpose)
    facts = ", ".join(filter(None, told))
    return f"#{result.number} recorded: {facts} (no secret stored)"


def facts(result: Result) -> str:
    """Word what the provider told of the credential."""
    return ", ".join(clean(f"{label} {value}", 80) for label, value in result.issued.facts)


def clearing(keeper: ClipboardKeeper, receipt: Receipt | None, when: When) -> str:
    """Say when this copy will be cleared, or what became of that; empty: there is no such copy."""
    if receipt is None or keeper.latest is not receipt:
        return ""
    if keeper.clears_at is None:
        return keeper.sentence
    left = max(0, int((keeper.clears_at - when.now).total_seconds()))
    left -= left % COUNT_STEP_S
    time = f"in {left} s" if left else f"in under {COUNT_STEP_S} s"
    return f"clears {time}  (. keeps it, C clears now)"


def next_change(result: Result, keeper: ClipboardKeeper, now: datetime) -> timedelta:
    """Give the time until something here reads differently."""
    end = result.issued.ends_at
    wait = present.next_change([] if end is None else [end], now)
    return wait if keeper.clears_at is None else min(wait, timedelta(seconds=COUNT_STEP_S))


def lines(first: int, height: int, count: int) -> str:
    """Say which of the lines are shown, the first one being 0."""
    last = min(count, first + height)
    return f"lines {first + 1}-{last} of {count}" + (", PgDn" if last < count else "")


def remarks(result: Result, handover: Handover) -> list[str]:
    """Say what has to be known before the dialog is left."""
    said = list(result.notes)
    if handover.merged is not None:
        said += handover.merged.warnings
        if handover.merged.backup is not None:
            said.append(f"the kubeconfig as it was: {handover.merged.backup}")
    issued = result.issued
    cannot = issued.kind.cannot.get(Ability.REVOKE, "")
    if Ability.REVOKE not in issued.kind.abilities:
        said.append(f"Cannot be revoked: {cannot}." if cannot else "Cannot be revoked.")
    return [f"! {clean(text)}" for text in said]


def why_stay(result: Result, handover: Handover) -> str:
    """Say why the dialog should not be left now; empty: nothing speaks against it."""
    noun = result.issued.kind.noun
    if handover.is_busy:
        return f"the {noun} is just being handed over"
    if handover.is_delivered:
        return ""
    ways = "s saves, " + ("k merges, " if handover.is_kubeconfig else "") + "D throws it away"
    if handover.is_disproved:
        return f"the clipboard does not hold the {noun}: c copies again, {ways}"
    return f"the {noun} was not handed over yet: c copies, {ways}"


def discarding(result: Result, when: When) -> list[str]:
    """Say what throwing it away means."""
    noun = result.issued.kind.noun
    return [
        f"This {noun} is not shown again, and nobody else has it.",
        f"It lives on all the same, {words.until(result.issued.ends_at, when)}.",
    ]


def proposal(target: Target, kind: Kind) -> str:
    """Propose a file in the home folder."""
    name = _FOREIGN.sub("-", target.name).strip(".-")[:_LONGEST_NAME] or "secret"
    if kind.form is Form.KEY_FILE:
        return f"~/{name}-key.json"
    suffix = ".yaml" if kind.form is Form.KUBECONFIG else ""
    return f"~/{name}.{_FOREIGN.sub('-', kind.key)}{suffix}"


def user_name(issued: Issued) -> str:
    """Give the name that goes with a password; empty: it needs none."""
    return issued.name if issued.kind.form is Form.PASSWORD else ""
