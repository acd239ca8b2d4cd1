"""The grammar of credentials: tokens, kubeconfigs, and how they are used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.cli import grammar
from tokentui.cli.grammar import noun, verb

if TYPE_CHECKING:
    from tokentui.cli.grammar import Argparser, Nouns

_OBJECT = "name, id, or number in the ledger ('#12' or 12)"
_ASKS = """\
Asks on a terminal, elsewhere it needs -y; a protected profile wants the name typed, or given with
--confirm, and so does a profile that signs in with it. Several credentials of one name are told
apart by id, or by --instance, --account, -p.
"""


def add_credentials(nouns: Nouns) -> None:
    """Add the nouns `token`, `kubeconfig` and `recipe`."""
    token = noun(nouns, "token", "credentials: make them, list them, and all that comes after")
    _add_token_makers(token)
    _add_token_list(token)
    _add_endings(token)
    _add_changes(token)
    _add_verify(token)
    _add_kubeconfig(noun(nouns, "kubeconfig", "kubeconfigs for instances"))
    _add_recipes(noun(nouns, "recipe", "ready texts that show how to use a credential"))


def _add_token_makers(token: Nouns) -> None:
    create = verb(
        token,
        "create",
        "create:create_token",
        "make one",
        epilog="Without --instance and --account the only possible place is taken.\n"
        + grammar.GOES_TO,
        examples=(
            "token create --instance demo -e 10m --copy",
            "token create -p stackstate --name ci --role stackstate-guest -e 2027-03-31 --stdout",
            "token create --account terraform -e 90d --file ~/terraform-key.json",
            "token create --account build/deployer --kind 'k8s revocable token' -e 30d --copy",
            "token create -p kkp --account robot --name ci --copy",
        ),
    )
    _creates(create)
    grammar.kind(create, "kind of credential; default: the first that the system offers")
    regenerate = verb(
        token,
        "regenerate",
        "regenerate:regenerate",
        "make a new secret in its place; the old one dies at once",
        epilog=_ASKS + grammar.GOES_TO,
    )
    _one(regenerate)
    grammar.confirms(regenerate)
    grammar.destinations(regenerate, yes="do it, and overwrite FILE, without asking")


def _add_token_list(token: Nouns) -> None:
    listing = verb(
        token, "list", "token_list:list_tokens", "what is listed and what was made from this host"
    )
    listing.add_argument("--all", action="store_true", help="also what has ended or was refused")
    listing.add_argument(
        "--offline", action="store_true", help="ask nobody: show what was listed last"
    )
    grammar.lists(listing)
    grammar.profiles(listing)


def _add_endings(token: Nouns) -> None:
    revoke = verb(
        token,
        "revoke",
        "change:revoke",
        "end credentials in their systems' own way: revoke or delete",
        epilog=_ASKS,
        examples=(
            "token revoke ci-ingest -p stackstate",
            "token revoke old-1 old-2 '#12' -y",
        ),
    )
    switch_off = verb(
        token,
        "switch-off",
        "change:switch_off",
        "refuse credentials until they are switched on again",
        epilog=_ASKS,
    )
    for parser in (revoke, switch_off):
        parser.add_argument("objects", nargs="+", metavar="NAME", help=_OBJECT)
        _narrows(parser)
        grammar.asks(parser)
        grammar.says(parser)


def _add_changes(token: Nouns) -> None:
    switch_on = verb(token, "switch-on", "change:switch_on", "let credentials be used again")
    switch_on.add_argument("objects", nargs="+", metavar="NAME", help=_OBJECT)
    _narrows(switch_on)
    switch_on.add_argument(
        "-y", "--yes", action="store_true", help="as for switch-off; nothing is asked here"
    )
    rename = verb(token, "rename", "change:rename", "give one another name")
    _one(rename)
    rename.add_argument("to", metavar="NEW", help="its new name")
    move_end = verb(
        token,
        "move-end",
        "change:move_end",
        "give one another end; its secret stays as it is",
        epilog="An earlier end than now is asked about.\n" + _ASKS,
        examples=("token move-end deploy/1690d198 -e 2027-01-31", "token move-end 12 -e never"),
    )
    _one(move_end)
    grammar.expiration(
        move_end, "its new end: 2027-01-31, 30d (counted from now) or never", required=True
    )
    grammar.asks(move_end)
    for parser in (switch_on, rename, move_end):
        grammar.says(parser)


def _add_verify(token: Nouns) -> None:
    verify = verb(
        token,
        "verify",
        "verify:verify",
        "try a secret that standard input gives, once, and say whether it is accepted",
        epilog="The secret is asked for on a terminal and not shown; it is no argument, as others\n"
        "can read those. Exit code 0: accepted, 1: refused, 5: it could not be asked.",
        examples=("token verify ci-ingest -p stackstate < ~/ci-ingest.token",),
    )
    _one(verify)
    grammar.says(verify)


def _add_kubeconfig(kubeconfig: Nouns) -> None:
    create = verb(
        kubeconfig,
        "create",
        "create:create_kubeconfig",
        "make one; without a destination it is merged into the file that kubectl uses",
        epilog=grammar.SENT_ONCE,
        examples=(
            "kubeconfig create --instance demo -e 1h --use",
            "kubeconfig create -p k8s --account build/deployer -e 8h --use",
            "kubeconfig create -p kkp --instance web --file ~/web.yaml",
        ),
    )
    _creates(create)
    create.set_defaults(kind=None)
    create.add_argument("--use", action="store_true", help="make it the current context")


def _add_recipes(recipe: Nouns) -> None:
    listing = verb(recipe, "list", "recipes:list_recipes", "what there is for each kind")
    grammar.lists(listing)
    shown = verb(
        recipe,
        "show",
        "recipes:show_recipe",
        "print one, with a placeholder for the secret",
        epilog="The words for RECIPE are in 'tokentui recipe list'.",
        examples=(
            "recipe show argocd --instance demo",
            "recipe show curl --instance sts-prod --secret-stdin < ~/ci.token",
            "recipe show role-binding --token ci-deploy -p cloudfleet",
        ),
    )
    shown.add_argument("recipe", metavar="RECIPE", help="its key")
    shown.add_argument(
        "--secret-stdin",
        action="store_true",
        help="fill in the secret that standard input gives (a password as user:password)",
    )
    shown.add_argument(
        "--stdout", action="store_true", help="print a filled one, also on a terminal"
    )
    grammar.says(shown)
    for parser, of in ((listing, ""), (shown, ", with its name and id")):
        parser.add_argument("--token", metavar="NAME", help=f"for this credential{of}: {_OBJECT}")
        grammar.place(parser, "for")
        grammar.kind(parser, "of this kind of credential alone")
        grammar.profiles(parser)


def _creates(parser: Argparser) -> None:
    grammar.place(parser, "for")
    grammar.profiles(parser)
    grammar.expiration(parser)
    grammar.fields(parser)
    grammar.roles(parser)
    grammar.destinations(parser, yes="overwrite FILE without asking")


def _one(parser: Argparser) -> None:
    parser.add_argument("object", metavar="NAME", help=_OBJECT)
    _narrows(parser)


def _narrows(parser: Argparser) -> None:
    grammar.place(parser, "look only in")
    grammar.kind(parser, "look only at this kind of credential")
    grammar.profiles(parser)
