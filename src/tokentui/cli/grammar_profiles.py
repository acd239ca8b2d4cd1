"""The grammar of profiles: add, show, try and remove them."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from tokentui.cli import grammar
from tokentui.cli.grammar import verb

if TYPE_CHECKING:
    from tokentui.cli.grammar import Nouns

_ADD = """\
Each system has settings and sign-ins of its own:
  tokentui profile add PROVIDER --help

The profile is tried with one harmless request before it is saved. The configuration holds no
secrets: say where the secret is.
"""


def add_profile_verbs(profile: Nouns) -> None:
    """Add what can be done with profiles."""
    add = verb(
        profile,
        "add",
        "profiles:add",
        "write a new connection into the configuration",
        epilog=_ADD,
        examples=(
            "profile add stackstate prod --url https://sts.example --auth file \\\n"
            "      --auth-path ~/.sts-token",
            "profile add stackit ops --project-id UUID --auth service-account-key \\\n"
            "      --auth-path ~/.stackit/key.json --max-lifetime 30d",
        ),
    )
    add.add_argument("provider", metavar="PROVIDER", help="see 'tokentui provider list'")
    add.add_argument(
        "words",
        nargs=argparse.REMAINDER,
        metavar="NAME ...",
        help="what to call it, and the settings that the system takes",
    )
    show = verb(profile, "show", "profiles:show_profile", "one profile as it was read")
    show.add_argument("name", metavar="NAME", help="the profile")
    grammar.says(show)
    test = verb(
        profile, "test", "profiles:test", "sign in with profiles, side by side; makes nothing"
    )
    test.add_argument("names", nargs="*", metavar="NAME", help="the profiles (default: all)")
    grammar.lists(test)
    remove = verb(
        profile,
        "remove",
        "profiles:remove",
        "take a profile out of the configuration",
        epilog="Ends nothing that was made with it; the ledger keeps what it knows.\n"
        "Asks on a terminal, elsewhere it needs -y.",
    )
    remove.add_argument("name", metavar="NAME", help="the profile")
    remove.add_argument("-y", "--yes", action="store_true", help="do it without asking")
