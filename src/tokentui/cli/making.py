"""What follows the decision to make a secret: the request, the handing over, the words on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.cli.output import instant, note
from tokentui.domain.errors import BadAnswer, DeliveryError, OutcomeUnknown
from tokentui.domain.lifetime import spell
from tokentui.domain.text import clean

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from tokentui.cli.destination import Destination
    from tokentui.cli.session import UnderWay
    from tokentui.domain.secret import Secret
    from tokentui.services.issue import Result
    from tokentui.services.workbench import Workbench


async def make(
    workbench: Workbench,
    destination: Destination,
    under_way: UnderWay,
    request: Awaitable[Result],
    label: str,
) -> Result:
    """Wait for the one request and hand the secret over; a signal waits for both.

    `label` names the file of an answer that cannot be read.
    """
    with under_way.sending():
        result = await _answered(workbench, request, label)
        for warning in result.warnings:
            note(f"tokentui: {warning}")
        for said in result.notes:
            note(said)
        where = await destination.deliver(workbench.delivering, result)
    issued = result.issued
    what = " ".join(filter(None, (issued.kind.noun, issued.name)))
    note(f"#{result.number} {what} of {issued.target.name} {where}")
    facts = ", ".join(clean(f"{label} {value}", 200) for label, value in issued.facts)
    if facts:
        note(facts)
    note(_end(workbench, result))
    return result


async def check(workbench: Workbench, result: Result) -> None:
    """Try the new secret once and say what that showed."""
    verification = await workbench.issuing.verify(result)
    word = {True: "verified", False: "tokentui: warning: not accepted", None: "not verified"}
    note(f"{word[verification.ok]}: {verification.sentence}")


async def _answered(workbench: Workbench, request: Awaitable[Result], label: str) -> Result:
    try:
        return await request
    except BadAnswer as error:
        if error.raw is not None:
            await _rescue(workbench, error.raw, label)
        raise
    except OutcomeUnknown:
        note("tokentui: nothing was sent a second time; 'tokentui token list' shows the entry")
        raise


async def _rescue(workbench: Workbench, raw: Secret, label: str) -> None:
    """Keep an answer that could not be read; a failure to do so hides no other error."""
    try:
        kept = await workbench.delivering.rescue(raw, label)
    except DeliveryError as error:
        note(f"tokentui: the answer as it came could not be kept: {error.sentence}")
    else:
        note(f"tokentui: the answer as it came is kept in {kept} (readable by you alone)")


def _end(workbench: Workbench, result: Result) -> str:
    issued = result.issued
    if issued.ends_at is None:
        return "it never ends"
    local = issued.ends_at.astimezone(workbench.zone)
    left = spell(issued.ends_at - workbench.clock())
    return f"ends {local:%Y-%m-%d %H:%M:%S %Z} ({instant(issued.ends_at)}), {left} left"
