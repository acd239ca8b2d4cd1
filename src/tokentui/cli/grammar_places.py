"""The grammar of what is configured and what is there: providers, profiles, instances, accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.cli import grammar
from tokentui.cli.grammar import noun, verb
from tokentui.cli.grammar_profiles import add_profile_verbs

if TYPE_CHECKING:
    from tokentui.cli.grammar import Nouns

_SIDE_BY_SIDE = "ask all profiles side by side"


def add_places(nouns: Nouns) -> None:
    """Add the nouns `provider`, `profile`, `instance` and `account`."""
    provider = noun(nouns, "provider", "the systems that tokentui speaks to")
    grammar.lists(verb(provider, "list", "show:list_providers", "what each system allows"))
    profile = noun(nouns, "profile", "the configured connections")
    what = "what is configured, and what is wrong"
    grammar.lists(verb(profile, "list", "show:list_profiles", what))
    add_profile_verbs(profile)
    _add_instances(noun(nouns, "instance", "what credentials open"))
    _add_accounts(noun(nouns, "account", "the identities that own credentials"))


def _add_instances(instance: Nouns) -> None:
    listing = verb(instance, "list", "show:list_instances", _SIDE_BY_SIDE)
    grammar.lists(listing)
    grammar.profiles(listing)
    detail = verb(
        instance,
        "show",
        "instance_show:show_instance",
        "all that is known of one, with its addresses",
        examples=("instance show obs-prod", "instance show demo -p stackit -o json"),
    )
    detail.add_argument("instance", metavar="NAME", help="name or id")
    grammar.says(detail)
    grammar.profiles(detail)


def _add_accounts(account: Nouns) -> None:
    listing = verb(account, "list", "account_list:list_accounts", _SIDE_BY_SIDE)
    grammar.lists(listing)
    grammar.profiles(listing)
    create = verb(
        account,
        "create",
        "accounts:create",
        "make one; its id goes to standard output",
        epilog=grammar.SENT_ONCE,
        examples=(
            "account create --name ci-deploy --scope ops-dev",
            "account create -p kkp --name robot --scope shop --group Editor",
            "account create -p k8s --name deployer --set namespace=build",
        ),
    )
    grammar.fields(create)
    create.add_argument("--scope", metavar="PROJECT", help="where, if there are several places")
    create.add_argument("--group", metavar="GROUP", help="what gives it its rights")
    grammar.says(create)
    grammar.profiles(create)
    rename = verb(account, "rename", "accounts:rename", "give one another name")
    _one(rename)
    rename.add_argument("to", metavar="NEW", help="its new name")
    regroup = verb(account, "regroup", "accounts:regroup", "give one other rights")
    _one(regroup)
    regroup.add_argument("to", metavar="GROUP", help="what gives it its rights from then on")
    delete = verb(
        account,
        "delete",
        "accounts:delete",
        "delete accounts with all that they own",
        epilog="Asks on a terminal, elsewhere it needs -y; a protected profile wants the name\n"
        "typed, or given with --confirm, and so does a profile that signs in as it.",
        examples=("account delete ci-deploy -p stackit", "account delete old-1 old-2 -y"),
    )
    delete.add_argument("objects", nargs="+", metavar="NAME", help="name or id")
    grammar.asks(delete)
    grammar.says(delete)
    grammar.profiles(delete)


def _one(parser: grammar.Argparser) -> None:
    parser.add_argument("object", metavar="NAME", help="name or id")
    grammar.says(parser)
    grammar.profiles(parser)
