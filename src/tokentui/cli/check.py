"""`tokentui check`: what ends soon, by the convention of monitoring plug-ins."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tokentui.cli.output import Plain, document, note
from tokentui.cli.session import chosen, run
from tokentui.cli.show import entry_item
from tokentui.domain.errors import TokentuiError, UsageError
from tokentui.domain.lifetime import Span, parse, spell
from tokentui.services import attention
from tokentui.services.attention import Finding, Level, state_word

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from datetime import timedelta, tzinfo

    from tokentui.services.workbench import Workbench


def check(options: argparse.Namespace) -> int:
    """Judge everything that was made from this host; the exit code is the worst level.

    What keeps it from judging is `UNKNOWN`, as monitoring expects, whatever the error's own code.
    """

    async def use(workbench: Workbench) -> Level:
        names = chosen(workbench, options.profile)
        warn = _span(options.warn, workbench.zone, "--warn")
        crit = _span(options.crit, workbench.zone, "--crit")
        if crit > warn:
            raise UsageError(
                f"--crit {options.crit} is longer than --warn {options.warn}", "swap them"
            )
        entries = [
            entry
            for entry in attention.in_sight(workbench.ledger, workbench.clock())
            if not options.profile or entry.plan.profile in names
        ]
        findings = attention.check(entries, workbench.clock(), warn, crit)
        level = attention.worst(findings)
        broken = workbench.ledger.verify_chain()
        if broken is not None:
            note(f"tokentui: the ledger was changed by hand: event {broken} does not fit")
        if level is Level.OK and (broken is not None or workbench.ledger.damage()):
            level = Level.UNKNOWN
        if options.output == "json":
            document(_document(level, findings), "json")
        else:
            sys.stdout.write(_text(level, findings))
        return level

    try:
        return run(use)
    except TokentuiError as error:
        if options.output == "json":
            document(_document(Level.UNKNOWN, (), error.sentence), "json")
        else:
            sys.stdout.write(f"UNKNOWN: {error.sentence}\n")
        return Level.UNKNOWN


def _span(text: str, zone: tzinfo, flag: str) -> timedelta:
    lifetime = parse(text, zone)
    if not isinstance(lifetime, Span):
        raise UsageError(f"{flag} {text!r} is not a span of time", "give something like 7d or 12h")
    return lifetime.delta


def _text(level: Level, findings: Sequence[Finding]) -> str:
    worrying = [finding for finding in findings if finding.level is not Level.OK]
    lines = [f"{level.name}: {len(worrying)} of {len(findings)} credentials need attention"]
    lines += [_line(finding) for finding in worrying]
    return "\n".join(lines) + "\n"


def _line(finding: Finding) -> str:
    row, plan = finding.row, finding.row.entry.plan
    left = "never ends" if row.left is None else f"{spell(row.left)} left"
    return (
        f"{finding.level.name} #{row.entry.number} {plan.noun} {plan.target_name} "
        f"({plan.profile}): {state_word(row)}, {left}"
    )


def _document(level: Level, findings: Sequence[Finding], error: str = "") -> dict[str, Plain]:
    items: list[Plain] = [
        {"level": finding.level.name.lower(), **entry_item(finding.row)} for finding in findings
    ]
    return {
        "schema": "tokentui/check/v1",
        "level": level.name.lower(),
        "error": error or None,
        "items": items,
    }
