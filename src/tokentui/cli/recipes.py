"""`recipe list` and `recipe show`: texts that show how a credential is used."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokentui.cli.credentials import known_credentials, place_of
from tokentui.cli.listings import last_listings, tell_errors
from tokentui.cli.output import Listing, Plain, document, note, show
from tokentui.cli.questions import read_secret
from tokentui.cli.session import chosen, run
from tokentui.cli.targets import answered_targets, check_kind, find_target, kinds_for
from tokentui.domain.errors import ExitCode, NotFound, ProviderError, UsageError
from tokentui.domain.recipe import filled, outline, with_known
from tokentui.services.listing import What
from tokentui.services.parts import known_parts

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from tokentui.domain.model import Kind, ProfileName, Target
    from tokentui.domain.recipe import Recipe
    from tokentui.services.held import Held
    from tokentui.services.workbench import Workbench

    Found = tuple[Kind, Target, Recipe]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a recipe is for; `held` None: for no credential in particular."""

    target: Target
    kind: str | None
    held: Held | None = None


def list_recipes(options: argparse.Namespace) -> int:
    """Print the recipes of a credential or place, else of one place of each sort.

    Those of one sort have the same keys.
    """

    async def use(workbench: Workbench) -> ExitCode:
        names = chosen(workbench, options.profile)
        check_kind(workbench, names, options.kind)
        kind, code = options.kind, ExitCode.DONE
        if options.token is not None:
            wanted = await _wanted(workbench, options)
            targets: Sequence[Target] = (wanted.target,)
            kind = wanted.kind
        else:
            targets, code = await _places(workbench, names, options)
        found: list[Found] = []
        for target in targets:
            try:
                found += await _of(workbench, target, kind)
            except ProviderError as error:
                note(f"tokentui: {target.profile}: {error.sentence}")
                code = code or error.exit_code
        show(_listing(found, "no recipe" if code is ExitCode.DONE else ""), options.output)
        return code

    return run(use)


def show_recipe(options: argparse.Namespace) -> int:
    """Print one recipe, filled in with the secret that standard input gives, if that is asked.

    Name and id of a credential that is named stand in it. As with a new secret, a terminal shows
    a filled one only with --stdout: raises `UsageError`.
    """
    if options.secret_stdin and sys.stdout.isatty() and not options.stdout:
        raise UsageError(
            "the recipe would stand on the terminal with the secret in it",
            "send it into a file or another program, or say --stdout if it is meant",
        )

    async def use(workbench: Workbench) -> ExitCode:
        wanted = await _wanted(workbench, options)
        kind, recipe = await _named(workbench, wanted, options.recipe)
        if recipe.note:
            note(recipe.note)
        if options.secret_stdin:
            secret = await read_secret(f"Secret of {kind.noun} (not shown): ")
            issued = await workbench.pasting.issued(
                kind, wanted.target, secret, workbench.clock(), wanted.held
            )
            _print(filled(recipe, workbench.recipes.parts(issued)).reveal(), recipe, options.output)
        else:
            _print(outline(recipe), recipe, options.output)
        return ExitCode.DONE

    return run(use)


async def _wanted(workbench: Workbench, options: argparse.Namespace) -> _Wanted:
    if options.token is None:
        names = chosen(workbench, options.profile)
        target = await find_target(workbench, names, options, lambda _: True)
        return _Wanted(target, options.kind)
    held = (await known_credentials(workbench, options)).find(options.token)
    of = workbench.managing.known_target(held)
    if of is None:
        raise NotFound(
            f"what {place_of(held)} was made for is not listed (any more)",
            "leave --token out, and name another place with --instance or --account",
        )
    return _Wanted(of, held.kind, held)


async def _places(
    workbench: Workbench, names: Sequence[ProfileName], options: argparse.Namespace
) -> tuple[Sequence[Target], ExitCode]:
    if options.instance is not None or options.account is not None:
        target = await find_target(workbench, names, options, lambda _: True)
        return (target,), ExitCode.DONE
    what = frozenset({What.INSTANCES, What.ACCOUNTS})
    listings = await last_listings(workbench, names, what)
    sorts: dict[tuple[str, str], Target] = {}
    for listing in listings:
        for target in answered_targets(listing):
            sorts.setdefault((target.profile, target.noun), target)
    return tuple(sorts.values()), tell_errors(listing.source for listing in listings)


async def _of(workbench: Workbench, target: Target, wanted: str | None) -> list[Found]:
    return [
        (kind, target, recipe)
        for kind in kinds_for(workbench, target, wanted)
        for recipe in await workbench.recipes.of(kind, target)
    ]


async def _named(workbench: Workbench, wanted: _Wanted, key: str) -> tuple[Kind, Recipe]:
    """Find the recipe of this key; of several kinds that have one, the first says the same."""
    target = wanted.target
    recipes = await _of(workbench, target, wanted.kind)
    found = [(kind, recipe) for kind, _, recipe in recipes if recipe.key == key]
    if not found:
        known = ", ".join(dict.fromkeys(recipe.key for _, _, recipe in recipes)) or "nothing"
        raise NotFound(
            f"there is no recipe {key!r} for {target.noun} {target.name}",
            f"choose one of: {known}",
        )
    if len({recipe.pieces for _, recipe in found}) > 1:
        kinds = ", ".join(kind.key for kind, _ in found)
        raise UsageError(
            f"{len(found)} kinds have a recipe {key!r}",
            f"choose one with --kind: {kinds}",
        )
    kind, recipe = found[0]
    return kind, with_known(recipe, known_parts(wanted.held) if wanted.held else {})


def _listing(found: Sequence[Found], nothing: str) -> Listing:
    lines = [
        (target.profile, target.noun, kind.key, recipe.key, recipe.title, recipe.syntax)
        for kind, target, recipe in found
    ]
    items: list[dict[str, Plain]] = [
        {
            "profile": target.profile,
            "provider": target.provider,
            "place": target.noun,
            "kind": kind.key,
            "key": recipe.key,
            "title": recipe.title,
            "syntax": str(recipe.syntax),
            "note": recipe.note,
        }
        for kind, target, recipe in found
    ]
    columns = ("PROFILE", "FOR", "KIND", "RECIPE", "WHAT IT IS", "SYNTAX")
    return Listing("tokentui/recipes/v1", columns, lines, items, nothing)


def _print(text: str, recipe: Recipe, form: str) -> None:
    if form == "text":
        sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
        return
    facts: dict[str, Plain] = {
        "schema": "tokentui/recipe/v1",
        "key": recipe.key,
        "title": recipe.title,
        "syntax": str(recipe.syntax),
        "note": recipe.note,
        "text": text,
    }
    document(facts, form)
