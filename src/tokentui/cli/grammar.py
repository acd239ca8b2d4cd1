"""The pieces of the command line's grammar that several nouns share."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, NoReturn

from tokentui.domain.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    Argparser = argparse.ArgumentParser
    Nouns = argparse._SubParsersAction["Parser"]

SENT_ONCE = """\
Data goes to standard output, everything else to standard error.
A request is sent exactly once; if its answer is lost the exit code is 6 and the ledger says so.
"""
GOES_TO = f"""\
Without a destination the secret goes to the clipboard if standard output is a terminal, else to
standard output. {SENT_ONCE}"""
_EXPIRATION = (
    "how long it is valid: 90s, 10m, 36h, 7d, 2w, 3M (calendar months), 2026-12-31 or "
    "'2026-12-31 18:00' with an optional zone, never; default: what the dialog preselects"
)


class Parser(argparse.ArgumentParser):
    """Says where help is to be found when the words are wrong."""

    def error(self, message: str) -> NoReturn:
        self.exit(ExitCode.USAGE, f"tokentui: {message} (see '{self.prog} --help')\n")


def noun(nouns: Nouns, name: str, help_: str) -> Nouns:
    """Add a noun that verbs follow."""
    parser = nouns.add_parser(name, help=help_, description=_sentence(help_))
    return parser.add_subparsers(title="commands", metavar="COMMAND", required=True)


def verb(
    nouns: Nouns,
    name: str,
    command: str,
    help_: str,
    *,
    epilog: str = "",
    examples: Sequence[str] = (),
) -> Argparser:
    """Add a verb; `command` is module:function below `tokentui.cli`."""
    shown = "".join(f"\n  tokentui {example}" for example in examples)
    parser = nouns.add_parser(
        name,
        help=help_,
        description=_sentence(help_),
        epilog="\n".join(filter(None, (epilog, shown and f"examples:{shown}"))),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.set_defaults(command=command, parser=parser)
    return parser


def profiles(parser: Argparser) -> None:
    """Add the choice of profiles."""
    parser.add_argument(
        "-p",
        "--profile",
        action="append",
        default=[],
        metavar="NAME",
        help="use this profile; may be given again (default: all)",
    )


def lists(parser: Argparser) -> None:
    """Add the forms of a list."""
    parser.add_argument("-o", "--output", choices=("table", "json", "yaml"), default="table")


def says(parser: Argparser) -> None:
    """Add the forms of what a command has to say."""
    parser.add_argument("-o", "--output", choices=("text", "json", "yaml"), default="text")


def place(parser: Argparser, of: str) -> None:
    """Add the choice of one instance or account; `of` is the word before it in the help."""
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument("--instance", metavar="NAME", help=f"{of} this instance, by name or id")
    by = "by name, place/name or id"
    ways.add_argument("--account", metavar="NAME", help=f"{of} this account, {by}")


def kind(parser: Argparser, help_: str) -> None:
    """Add the choice of a kind of credential."""
    parser.add_argument(
        "--kind", metavar="KIND", help=f"{help_}: KEY or NOUN of 'tokentui provider list'"
    )


def expiration(parser: Argparser, help_: str = _EXPIRATION, *, required: bool = False) -> None:
    """Add the lifetime."""
    parser.add_argument(
        "-e", "--expiration", default="", metavar="WHEN", help=help_, required=required
    )


def fields(parser: Argparser) -> None:
    """Add what every offer may ask for."""
    parser.add_argument("--name", metavar="NAME", help="what to call it, where the system asks")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help="any field that the system asks for: true or false, or several values with commas",
    )


def roles(parser: Argparser) -> None:
    """Add the roles of a credential."""
    parser.add_argument(
        "--role",
        action="append",
        default=[],
        metavar="ROLE",
        help="a role that it gets; may be given again",
    )


def asks(parser: Argparser) -> None:
    """Add the answers to questions."""
    parser.add_argument("-y", "--yes", action="store_true", help="do it without asking")
    confirms(parser)


def confirms(parser: Argparser) -> None:
    """Add the names that have to be typed before what cannot be undone is done."""
    parser.add_argument(
        "--confirm",
        action="append",
        default=[],
        metavar="NAME",
        help="the name, where it has to be typed: in a protected profile, or before the profile's "
        "own sign-in ends; may be given again",
    )


def destinations(parser: Argparser, *, yes: str) -> None:
    """Add where a new secret goes; `yes` says what -y does."""
    parser.add_argument("--purpose", default="", help="what it is for; kept in the ledger")
    parser.add_argument("--no-verify", action="store_true", help="do not try the new secret")
    parser.add_argument("-y", "--yes", action="store_true", help=yes)
    says(parser)
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


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
