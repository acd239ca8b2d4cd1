"""The secret that a profile signs in with, when it is replaced by another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tokentui.domain.errors import ProviderError, StorageError
from tokentui.providers.after_minting import despite_a_stop
from tokentui.services.listing import credential_key
from tokentui.services.verbs import Verb

if TYPE_CHECKING:
    from tokentui.domain.model import Credential, Target
    from tokentui.domain.secret import Secret
    from tokentui.providers.base import Provider
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


@dataclass(frozen=True, slots=True)
class OldSecret:
    """What lay in the place right before the request; None: not surely the old secret."""

    place: OwnSecret
    secret: Secret | None


async def old_secret(
    place: OwnSecret, provider: Provider, target: Target | None, credential: Credential
) -> OldSecret:
    """Read the place, and ask the provider anew whether that is the credential in question.

    A list gets old: a colleague may have put another sign-in there since.
    """
    secret = await place.current()
    if secret is None or target is None:
        return OldSecret(place, None)
    key = credential_key(credential)
    try:
        async for page in provider.credentials(target):
            if any(one.is_own and credential_key(one) == key for one in page.items):
                return OldSecret(place, secret)
    except ProviderError:
        return OldSecret(place, None)
    return OldSecret(place, None)


async def with_own_kept(result: Result, old: OldSecret) -> Result:
    """Put the new secret into the old one's place; the result says whether that was done.

    What is not the old secret stays. The first stop does not end it: the new secret comes once.
    """
    return await despite_a_stop(_kept(result, old))


async def _kept(result: Result, old: OldSecret) -> Result:
    place, profile = old.place, result.issued.target.profile
    why_not = place.objection()
    if why_not:
        return _warned(result, f"profile {profile} cannot sign in with it yet: {why_not}")
    if old.secret is None or await place.current() != old.secret:
        said = (
            f"{place.title} stays as it is, as it does not surely hold the old secret: if "
            f"profile {profile} signs in with this one, put it there"
        )
        return _warned(result, said)
    try:
        await place.keep(result.issued.secret)
    except StorageError as error:
        said = f"profile {profile} cannot sign in with it yet: {error.sentence}"
        return _warned(result, said)
    said = f"profile {profile} signs in with it from now on: it is in {place.title}"
    return replace(result, notes=(*result.notes, said), kept_in=place.title)


def _warned(result: Result, said: str) -> Result:
    return replace(result, warnings=(*result.warnings, said))
