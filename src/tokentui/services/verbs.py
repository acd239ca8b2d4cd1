"""What can be done with a credential that exists: why not, and what would happen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tokentui.domain.errors import GuardRail, Refused
from tokentui.domain.ledger import EntryState
from tokentui.domain.lifetime import spell_long
from tokentui.domain.model import Ability, CredentialState
from tokentui.services.limits import read_only

if TYPE_CHECKING:
    from datetime import datetime

    from tokentui.domain.errors import TokentuiError
    from tokentui.domain.model import Credential, Kind
    from tokentui.domain.profile import Profile
    from tokentui.services.held import Held


class Verb(StrEnum):
    """What a person does with a credential after it was made."""

    END = "end"
    RENAME = "rename"
    MOVE_END = "move end"
    SWITCH_OFF = "switch off"
    SWITCH_ON = "switch on"
    REGENERATE = "regenerate"
    VERIFY = "verify"

    @property
    def ability(self) -> Ability:
        """What a kind must allow for it."""
        return _ABILITIES[self]


_ABILITIES = {
    Verb.END: Ability.REVOKE,
    Verb.RENAME: Ability.RENAME,
    Verb.MOVE_END: Ability.MOVE_END,
    Verb.SWITCH_OFF: Ability.SWITCH,
    Verb.SWITCH_ON: Ability.SWITCH,
    Verb.REGENERATE: Ability.REGENERATE,
    Verb.VERIFY: Ability.VERIFY,
}
_DONE = {
    Verb.RENAME: "renamed",
    Verb.MOVE_END: "given another end",
    Verb.SWITCH_OFF: "switched off",
    Verb.SWITCH_ON: "switched on",
    Verb.REGENERATE: "regenerated",
    Verb.VERIFY: "verified",
}
_EFFECT_OF_SOONER = "The secret stays as it is, but whoever uses it is refused sooner than now."
_EFFECTS = {
    Verb.END: "Whoever uses it is refused from then on, and it cannot be brought back.",
    Verb.RENAME: "Only the name changes, the secret stays as it is.",
    Verb.MOVE_END: "Only the end changes, the secret stays as it is.",
    Verb.SWITCH_OFF: "Whoever uses it is refused until it is switched on again.",
    Verb.SWITCH_ON: "Whoever has it can use it again.",
    Verb.REGENERATE: "The old secret dies at once: whoever uses it is refused from then on.",
    Verb.VERIFY: "One harmless call is made with the secret.",
}
STOPS_WORKING = frozenset({Verb.END, Verb.SWITCH_OFF, Verb.REGENERATE})
"""The verbs after which whoever uses the credential is refused."""
PROTECTED = "is protected"
SIGNED_OUT = "will be signed out"
SIGNS_IN = "signs in with it"
"""Why a name has to be typed before something is done, behind "profile ops"."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why something cannot be done, and the error that says so to who does it all the same."""

    reason: str
    error: type[TokentuiError] = Refused


def title(held: Held) -> str:
    """Name a credential in a sentence."""
    return f"{held.noun} {held.name}" if held.name else f"{held.noun} of {held.target_name}"


def done(kind: Kind | None, verb: Verb) -> str:
    """Give the participle of a verb, for ending in the provider's own word."""
    if verb is not Verb.END:
        return _DONE[verb]
    word = kind.end_verb if kind else Verb.END
    return f"{word}d" if word.endswith("e") else f"{word}ed"


def obstacle(
    held: Held, verb: Verb, kind: Kind, profile: Profile, now: datetime
) -> Obstacle | None:
    """Say what stands in the way: the kind, this credential, the profile's rules, its state."""
    ability, credential = verb.ability, held.credential
    if ability not in kind.abilities:
        reason = kind.cannot.get(ability) or f"no {kind.noun} can be {done(kind, verb)}"
        return Obstacle(reason)
    if credential is not None and ability in credential.cannot:
        return Obstacle(credential.cannot[ability])
    if verb is Verb.VERIFY:
        return None
    if profile.guard.read_only:
        return Obstacle(read_only(profile), GuardRail)
    if credential is None:
        return Obstacle(_unlisted(held, kind, now))
    if verb is Verb.REGENERATE:
        return _too_long(credential, profile, now)
    return _already(credential, verb)


def _unlisted(held: Held, kind: Kind, now: datetime) -> str:
    """Say why there is nothing to act on: only the ledger knows of it."""
    if held.entry is not None and held.entry.state is EntryState.REFUSED:
        return "it was never made"
    if held.entry is not None and held.entry.state is EntryState.ENDED:
        return f"it is over: {held.entry.note or 'ended before its time'}"
    if held.ends_at is not None and held.ends_at <= now:
        return "it is over: its time has passed"
    if Ability.LIST not in kind.abilities:
        return f"only the ledger knows it, as no {kind.noun} can be listed"
    return f"profile {held.profile} did not list it: refresh to see whether it still exists"


def _already(credential: Credential, verb: Verb) -> Obstacle | None:
    is_off = credential.state is CredentialState.SWITCHED_OFF
    if verb is Verb.SWITCH_OFF and is_off:
        return Obstacle("it is off already")
    if verb is Verb.SWITCH_ON and not is_off:
        return Obstacle("it is on already")
    return None


def _too_long(credential: Credential, profile: Profile, now: datetime) -> Obstacle | None:
    """Keep the profile's longest lifetime: a new secret lives as long as the old one did."""
    longest = profile.guard.max_lifetime
    if longest is None:
        return None
    rule = f"profile {profile.name} allows at most {spell_long(longest)} (guard.max_lifetime)"
    if credential.ends_at is None:
        return Obstacle(f"it never ends, and {rule}", GuardRail)
    life = credential.ends_at - (credential.made_at or now)
    if life > longest:
        return Obstacle(f"it lives {spell_long(life)}, and {rule}", GuardRail)
    return None


def ends_sooner(held: Held, ends_at: datetime | None) -> bool:
    """Say whether a new end takes time away from it; None never ends."""
    return ends_at is not None and (held.ends_at is None or ends_at < held.ends_at)


def stops_working(verb: Verb, *, sooner: bool) -> bool:
    """Say whether whoever uses it is refused, at once or from an earlier end on."""
    return verb in STOPS_WORKING or (verb is Verb.MOVE_END and sooner)


def order(word: str, verb: Verb) -> str:
    """Put a verb into an order: "delete it"; `word` is the provider's own."""
    return "move its end" if verb is Verb.MOVE_END else f"{word} it"


def consequence(
    held: Held, verb: Verb, word: str, *, sooner: bool = False, own: str = ""
) -> tuple[str, ...]:
    """Say what would happen, in sentences: the object and its place first. `word` is the verb's.

    `sooner`: its end is moved to an earlier one. `own` says what becomes of a sign-in with it.
    """
    target = " ".join(filter(None, (held.target_noun, held.target_name)))
    place = f" of {target}" if target and held.name else ""
    how = "move the end of" if verb is Verb.MOVE_END else word
    what = f"{how.capitalize()} {title(held)}{place} in profile {held.profile}."
    said = [what, _EFFECT_OF_SOONER if sooner else _EFFECTS[verb]]
    credential = held.credential
    if verb is Verb.END and credential is not None and credential.also_ends:
        said.append(f"With it ends: {credential.also_ends}.")
    if stops_working(verb, sooner=sooner):
        if credential is not None and credential.is_own:
            said.append(own or f"Profile {held.profile} signs in with it and will be signed out.")
        if held.entry is not None and held.entry.delivered_to:
            said.append(f"It was handed over to: {'; '.join(held.entry.delivered_to)}.")
    return tuple(said)
