"""The secret that a profile signs in with, when it is replaced by another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tokentui.domain.errors import StorageError
from tokentui.services.verbs import Verb

if TYPE_CHECKING:
    from tokentui.services.held import Held
    from tokentui.services.issue import Result
    from tokentui.services.ports import Connections, OwnSecret


def own_place(connections: Connections, held: Held, verb: Verb) -> OwnSecret | None:
    """Give where the new secret belongs of a credential that its profile signs in with."""
    is_own = held.credential is not None and held.credential.is_own
    return connections.own_secret(held.profile) if is_own and verb is Verb.REGENERATE else None


def own_words(profile: str, place: OwnSecret) -> str:
    """Say what becomes of the profile's sign-in."""
    why_not = place.objection()
    if why_not:
        return (
            f"Profile {profile} signs in with it and will be signed out until you put the new "
            f"secret in its place: {why_not}."
        )
    return f"Profile {profile} signs in with it: the new secret goes into {place.title} at once."


async def with_own_kept(result: Result, place: OwnSecret) -> Result:
    """Put the new secret into its place; the result says whether that was done."""
    profile = result.issued.target.profile
    try:
        await place.keep(result.issued.secret)
    except StorageError as error:
        said = f"profile {profile} cannot sign in with it yet: {error.sentence}"
        return replace(result, warnings=(*result.warnings, said))
    said = f"profile {profile} signs in with it from now on: it is in {place.title}"
    return replace(result, notes=(*result.notes, said))
