"""The command line's grammar: nouns, verbs and flags, each with help for a person."""

from __future__ import annotations

import argparse
import importlib
from typing import TYPE_CHECKING, NoReturn, cast

from tokentui import __version__
from tokentui.domain.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable

    Command = Callable[[argparse.Namespace], int]
    _Argparser = argparse.ArgumentParser
    _Nouns = argparse._SubParsersAction["_Parser"]

_EPILOG = """\
exit codes:
  0 done   1 failed   2 usage or configuration   3 not signed in or forbidden
  4 not found   5 provider unreachable   6 outcome unknown   7 guard rail
  check: 0 ok   1 warning   2 critical   3 unknown

TOKENTUI_HOME=DIR keeps configuration, ledger and backups in one folder.
"""
_SENT_ONCE = """\
Data goes to standard output, everything else to standard error.
A request is sent exactly once; if its answer is lost the exit code is 6 and the ledger says so.
"""
_CREATE_EPILOG = f"""\
Without a destination the secret goes to the clipboard if standard output is a terminal, else to
standard output. {_SENT_ONCE}"""
_EXPIRATION = (
    "how long it is valid: 90s, 10m, 36h, 7d, 2w, 3M (calendar months), 2026-12-31 or "
    "'2026-12-31 18:00' with an optional zone; default: the shortest usual one"
)


def build_parser() -> argparse.ArgumentParser:
    """Build the whole grammar; imports no command."""
    parser = _Parser(
        prog="tokentui",
        description="Make, copy, hand over and watch the credentials of cloud platforms. "
        "Without a command it opens the terminal interface.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("-V", "--version", action="version", version=f"tokentui {__version__}")
    parser.set_defaults(command="tui:open_interface")
    nouns = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_interfaces(nouns)
    _add_lists(nouns)
    _add_makers(nouns)
    _add_check(nouns)
    return parser


def command_of(options: argparse.Namespace) -> Command:
    """Import the chosen command alone."""
    module, _, name = cast("str", options.command).partition(":")
    return cast("Command", getattr(importlib.import_module(f"tokentui.cli.{module}"), name))


class _Parser(argparse.ArgumentParser):
    """Says where help is to be found when the words are wrong."""

    def error(self, message: str) -> NoReturn:
        self.exit(ExitCode.USAGE, f"tokentui: {message} (see '{self.prog} --help')\n")


def _add_interfaces(nouns: _Nouns) -> None:
    _verb(nouns, "demo", "simulate:demo", "open the interface on an invented world, offline")
    simulator = _verb(
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


def _add_lists(nouns: _Nouns) -> None:
    provider = _noun(nouns, "provider", "the systems that tokentui speaks to")
    _lists(_verb(provider, "list", "show:list_providers", "what each system allows"))
    profile = _noun(nouns, "profile", "the configured connections")
    _lists(_verb(profile, "list", "show:list_profiles", "what is configured, and what is wrong"))
    instance = _noun(nouns, "instance", "what credentials open")
    listing = _verb(instance, "list", "show:list_instances", "ask all profiles side by side")
    _lists(listing)
    _profiles(listing)


def _add_makers(nouns: _Nouns) -> None:
    token = _noun(nouns, "token", "tokens: make them, list what was made")
    create = _verb(token, "create", "create:create_token", "make one", epilog=_CREATE_EPILOG)
    _creates(create)
    create.add_argument("--kind", help="kind of credential; default: the system's token")
    listing = _verb(token, "list", "show:list_tokens", "what was made from this host (the ledger)")
    listing.add_argument("--all", action="store_true", help="also what has ended or was refused")
    _lists(listing)
    _profiles(listing)
    kubeconfig = _noun(nouns, "kubeconfig", "kubeconfigs for instances")
    create = _verb(
        kubeconfig,
        "create",
        "create:create_kubeconfig",
        "make one; without a destination it is merged into the file that kubectl uses",
        epilog=_SENT_ONCE,
    )
    _creates(create)
    create.add_argument("--use", action="store_true", help="make it the current context")


def _add_check(nouns: _Nouns) -> None:
    check = _verb(
        nouns,
        "check",
        "check:check",
        "what ends soon, for monitoring: exit code 0, 1, 2 or 3",
        epilog="What was made for a day at most is meant to end and raises no alarm; an unknown "
        "outcome is 3, a lost secret that still lives is a warning.",
    )
    check.add_argument("--warn", default="7d", metavar="SPAN", help="warning below (default 7d)")
    check.add_argument("--crit", default="1d", metavar="SPAN", help="critical below (default 1d)")
    check.add_argument("-o", "--output", choices=("text", "json"), default="text")
    _profiles(check)


def _noun(nouns: _Nouns, name: str, help_: str) -> _Nouns:
    parser = nouns.add_parser(name, help=help_, description=_sentence(help_))
    return parser.add_subparsers(title="commands", metavar="COMMAND", required=True)


def _verb(nouns: _Nouns, name: str, command: str, help_: str, epilog: str = "") -> _Argparser:
    parser = nouns.add_parser(
        name, help=help_, description=_sentence(help_), epilog=epilog, allow_abbrev=False
    )
    parser.set_defaults(command=command)
    return parser


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _profiles(parser: _Argparser) -> None:
    parser.add_argument(
        "-p",
        "--profile",
        action="append",
        default=[],
        metavar="NAME",
        help="use this profile; may be given again (default: all)",
    )


def _lists(parser: _Argparser) -> None:
    parser.add_argument("-o", "--output", choices=("table", "json", "yaml"), default="table")


def _creates(parser: _Argparser) -> None:
    parser.add_argument("--instance", required=True, metavar="NAME", help="name or id")
    _profiles(parser)
    parser.add_argument("-e", "--expiration", default="", metavar="WHEN", help=_EXPIRATION)
    parser.add_argument("--purpose", default="", help="what it is for; kept in the ledger")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help="any other field that the system asks for",
    )
    parser.add_argument("--no-verify", action="store_true", help="do not try the new secret")
    parser.add_argument("-y", "--yes", action="store_true", help="overwrite FILE without asking")
    parser.add_argument("-o", "--output", choices=("text", "json", "yaml"), default="text")
    ways = parser.add_argument_group("destination (one)").add_mutually_exclusive_group()
    ways.add_argument("--copy", action="store_true", help="send it to the clipboard")
    ways.add_argument("--stdout", action="store_true", help="print it, also on a terminal")
    ways.add_argument("--file", metavar="FILE", help="write it into a new 0600 file")
    ways.add_argument(
        "--kubeconfig",
        nargs="?",
        const="",
        metavar="FILE",
        help="merge it into FILE, or into the file that kubectl uses",
    )
