"""`tokentui check`: what ends soon, by the convention of monitoring plug-ins."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import TYPE_CHECKING

from tokentui.cli.output import Plain, document, instant, note
from tokentui.cli.session import chosen, run
from tokentui.cli.token_list import last_known, merged, token_item
from tokentui.domain.errors import TokentuiError, UsageError
from tokentui.domain.lifetime import Span, parse, spell
from tokentui.services import attention
from tokentui.services.attention import Finding, Level, Listed, state_word

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from tokentui.services.held import Held
    from tokentui.services.workbench import Workbench


def check(options: argparse.Namespace) -> int:
    """Judge what was made from this host and what was listed last; asks no network.

    The exit code is the worst level. What keeps it from judging is `UNKNOWN`, as monitoring
    expects, whatever the error's own code.
    """

    async def use(workbench: Workbench) -> Level:
        names = chosen(workbench, options.profile)
        warn, crit = _spans(options, workbench.zone)
        helds = merged(workbench, last_known(workbench, names), names if options.profile else None)
        findings = attention.check(helds, workbench.clock(), warn, crit)
        lists = attention.last_listed(workbench.connections, workbench.ledger, names)
        level = attention.worst(findings, lists)
        broken = workbench.ledger.verify_chain()
        if broken is not None:
            note(f"tokentui: the ledger was changed by hand: event {broken} does not fit")
        if level is Level.OK and (broken is not None or workbench.ledger.damage()):
            level = Level.UNKNOWN
        if options.output == "json":
            items = _items(findings, workbench)
            document(_document(level, items, lists, "; ".join(_unlisted(lists))), "json")
        else:
            age = _oldest(lists, workbench.clock(), workbench.zone)
            sys.stdout.write(_text(level, findings, lists, age))
        return level

    try:
        return run(use)
    except TokentuiError as error:
        if options.output == "json":
            document(_document(Level.UNKNOWN, [], (), error.sentence), "json")
        else:
            sys.stdout.write(f"UNKNOWN: {error.sentence}\n")
        return Level.UNKNOWN


def _spans(options: argparse.Namespace, zone: tzinfo) -> tuple[timedelta, timedelta]:
    """Read --warn and --crit."""
    warn, crit = _span(options.warn, zone, "--warn"), _span(options.crit, zone, "--crit")
    if crit > warn:
        raise UsageError(f"--crit {options.crit} is longer than --warn {options.warn}", "swap them")
    return warn, crit


def _span(text: str, zone: tzinfo, flag: str) -> timedelta:
    lifetime = parse(text, zone)
    if not isinstance(lifetime, Span):
        raise UsageError(f"{flag} {text!r} is not a span of time", "give something like 7d or 12h")
    return lifetime.delta


def _text(level: Level, findings: Sequence[Finding], lists: Sequence[Listed], age: str) -> str:
    worrying = [finding for finding in findings if finding.level is not Level.OK]
    summary = f"{level.name}: {len(worrying)} of {len(findings)} credentials need attention"
    unlisted = _unlisted(lists)
    lines = ["; ".join(filter(None, (summary, *unlisted, age)))]
    lines += [_line(finding) for finding in worrying]
    return "\n".join(lines) + "\n"


def _unlisted(lists: Sequence[Listed]) -> list[str]:
    """Give a sentence for each profile whose credentials nobody knows."""
    return [
        f"the credentials of profile {one.profile} were never listed in full here: "
        "run 'tokentui token list', which says what is missing"
        for one in lists
        if one.at is None
    ]


def _oldest(lists: Sequence[Listed], now: datetime, zone: tzinfo) -> str:
    """Say how old the oldest list is; empty where there is none."""
    oldest = min((one.at for one in lists if one.at is not None), default=None)
    if oldest is None:
        return ""
    local = oldest.astimezone(zone)
    is_today = local.date() == now.astimezone(zone).date()
    when = f"{local:%H:%M}" if is_today else f"{local:%Y-%m-%d %H:%M}"
    return f"the oldest list is of {when}, {spell(max(now - oldest, timedelta()))} old"


def _line(finding: Finding) -> str:
    row, one = finding.row, finding.row.held
    number = "" if one.number is None else f"#{one.number}"
    what = " ".join(filter(None, (finding.level.name, number, one.noun, one.name)))
    return f"{what} of {one.target_name} ({one.profile}): {state_word(row)}, {_left(row.left)}"


def _left(left: timedelta | None) -> str:
    if left is None:
        return "never ends"
    return f"{spell(left)} left" if left > timedelta() else f"ended {spell(-left)} ago"


def _items(findings: Sequence[Finding], workbench: Workbench) -> list[Plain]:
    now = workbench.clock()
    return [
        {
            "level": finding.level.name.lower(),
            "source": _source(finding.row.held),
            "listAgeSeconds": _age(finding.row.held, now),
            **token_item(finding.row, workbench.abouts),
        }
        for finding in findings
    ]


def _source(one: Held) -> str:
    """Say who knows of it."""
    if one.credential is None:
        return "ledger"
    return "list" if one.entry is None else "both"


def _age(one: Held, now: datetime) -> int | None:
    return None if one.seen_at is None else int((now - one.seen_at).total_seconds())


def _document(
    level: Level, items: list[Plain], lists: Sequence[Listed], error: str
) -> dict[str, Plain]:
    return {
        "schema": "tokentui/check/v1",
        "level": level.name.lower(),
        "error": error or None,
        "profiles": [{"profile": one.profile, "listedAt": instant(one.at)} for one in lists],
        "items": items,
    }
