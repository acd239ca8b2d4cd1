"""The command line's grammar: nouns, verbs and flags, each with help for a person."""

from __future__ import annotations

import argparse
import importlib
from typing import TYPE_CHECKING, cast

from tokentui import __version__
from tokentui.cli import grammar
from tokentui.cli.grammar import Parser, verb
from tokentui.cli.grammar_credentials import add_credentials
from tokentui.cli.grammar_places import add_places

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tokentui.cli.grammar import Nouns

    Command = Callable[[argparse.Namespace], int]

_EPILOG = """\
exit codes:
  0 done   1 failed   2 usage or configuration   3 not signed in or forbidden
  4 not found   5 provider unreachable   6 outcome unknown   7 guard rail
  130 stopped with Ctrl+C (128 and the signal's number; 143: terminated)
  check: 0 ok   1 warning   2 critical   3 unknown

TOKENTUI_HOME=DIR keeps configuration, ledger and backups in one folder.
"""


def build_parser() -> argparse.ArgumentParser:
    """Build the whole grammar; imports no command."""
    parser = Parser(
        prog="tokentui",
        description="Make, copy, hand over and watch the credentials of cloud platforms. "
        "Without a command it opens the terminal interface.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("-V", "--version", action="version", version=f"tokentui {__version__}")
    parser.set_defaults(command="tui:open_interface", parser=parser)
    nouns = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_interfaces(nouns)
    add_places(nouns)
    add_credentials(nouns)
    _add_check(nouns)
    return parser


def parse(words: Sequence[str]) -> argparse.Namespace:
    """Read a command; one that it does not understand ends with the help that it should have."""
    options, unknown = build_parser().parse_known_args(words)
    if unknown:
        cast("Parser", options.parser).error(f"unrecognized arguments: {' '.join(unknown)}")
    return options


def command_of(options: argparse.Namespace) -> Command:
    """Import the chosen command alone."""
    module, _, name = cast("str", options.command).partition(":")
    return cast("Command", getattr(importlib.import_module(f"tokentui.cli.{module}"), name))


def _add_interfaces(nouns: Nouns) -> None:
    verb(nouns, "demo", "simulate:demo", "open the interface on an invented world, offline")
    simulator = verb(
        nouns, "simulator", "simulate:serve", "serve the systems' APIs on loopback, to try things"
    )
    simulator.add_argument(
        "--write-home", metavar="DIR", help="write a ready TOKENTUI_HOME for it into DIR"
    )
    simulator.add_argument("--port", type=int, default=0, help="port to listen on; 0: a free one")
    simulator.add_argument(
        "--seed", default="monday", help="the world: monday, hostile, empty or rows:N"
    )
    simulator.add_argument("--clock", metavar="INSTANT", help="start at 2026-10-05T12:22:00Z, say")


def _add_check(nouns: Nouns) -> None:
    check = verb(
        nouns,
        "check",
        "check:check",
        "what ends soon, for monitoring: exit code 0, 1, 2 or 3",
        epilog="What was made for a day at most is meant to end and raises no alarm; an unknown\n"
        "outcome is 3, a lost secret that still lives is a warning. It judges the ledger and what\n"
        "was listed last and asks no network: let cron run 'tokentui token list' before it. A\n"
        "profile whose credentials were never listed in full on this host is 3.",
    )
    check.add_argument("--warn", default="7d", metavar="SPAN", help="warning below (default 7d)")
    check.add_argument("--crit", default="1d", metavar="SPAN", help="critical below (default 1d)")
    check.add_argument("-o", "--output", choices=("text", "json"), default="text")
    grammar.profiles(check)
