"""What may be done with a credential, and what it would mean; asks no provider."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokentui.domain.errors import GuardRail, UsageError
from tokentui.services.own import own_place, own_words
from tokentui.services.verbs import (
    PROTECTED,
    SIGNED_OUT,
    SIGNS_IN,
    Obstacle,
    Verb,
    consequence,
    done,
    obstacle,
    order,
    stops_working,
    title,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokentui.domain.model import Kind
    from tokentui.domain.profile import Profile
    from tokentui.services.held import Held
    from tokentui.services.ports import Clock, Connections


@dataclass(frozen=True, slots=True)
class Step:
    """What a verb would do to one of many; with an objection it is left out."""

    held: Held
    objection: str
    consequence: tuple[str, ...]


class Judging:
    """Knows the kinds and the profiles' own rules."""

    def __init__(self, connections: Connections, clock: Clock) -> None:
        self._connections = connections
        self._clock = clock

    def objection(self, held: Held, verb: Verb) -> str:
        """Give the reason why it cannot be done; empty: nothing stands in the way."""
        found = self._obstacle(held, verb)
        return found.reason if found else ""

    def word(self, held: Held, verb: Verb) -> str:
        """Give the provider's own word for a verb."""
        kind = self._kind(held)
        return kind.end_verb if kind and verb is Verb.END else verb.value

    def consequence(self, held: Held, verb: Verb, *, sooner: bool = False) -> tuple[str, ...]:
        """Say what would happen, in sentences: the object and its place first.

        `sooner`, here and below: its end is moved to an earlier one.
        """
        place = own_place(self._connections, held, verb)
        own = own_words(held.profile, place) if place else ""
        return consequence(held, verb, self.word(held, verb), sooner=sooner, own=own)

    def must_type(self, held: Held, verb: Verb, *, sooner: bool = False) -> str:
        """Give what a person must type before it is done; empty: nothing."""
        why = self.why_type(held, verb, sooner=sooner)
        return (held.name or held.target_name) if why else ""

    def why_type(self, held: Held, verb: Verb, *, sooner: bool = False) -> str:
        """Say of its profile why something must be typed: "is protected"; empty: nothing must."""
        profile = self._profile(held)
        if profile is None or not stops_working(verb, sooner=sooner):
            return ""
        if held.credential is not None and held.credential.is_own:
            place = own_place(self._connections, held, verb)
            return SIGNS_IN if place and not place.objection() else SIGNED_OUT
        return PROTECTED if profile.guard.protected else ""

    def plan(self, helds: Sequence[Held], verb: Verb) -> tuple[Step, ...]:
        """Say for each of many what would happen to it."""
        judged = ((held, self.objection(held, verb)) for held in helds)
        return tuple(
            Step(held, objection, () if objection else self.consequence(held, verb))
            for held, objection in judged
        )

    def _allow(self, held: Held, verb: Verb, typed: str = "", *, sooner: bool = False) -> None:
        """Raise the error of whatever stands in the way."""
        found = self._obstacle(held, verb)
        if found is not None:
            raise found.error(f"{self._what(held, verb, 'cannot be')}: {found.reason}")
        wanted = self.must_type(held, verb, sooner=sooner)
        if wanted and typed != wanted:
            raise GuardRail(
                f"profile {held.profile} {self.why_type(held, verb, sooner=sooner)}, "
                f"and {typed!r} was typed for {wanted!r}",
                f"type {wanted} to {order(self.word(held, verb), verb)}",
            )

    def _what(self, held: Held, verb: Verb, auxiliary: str) -> str:
        """Say in a clause what was or cannot be done: "service token ci was deleted"."""
        return f"{title(held)} {auxiliary} {done(self._kind(held), verb)}"

    def _obstacle(self, held: Held, verb: Verb) -> Obstacle | None:
        profile, kind = self._profile(held), self._kind(held)
        if profile is None:
            return Obstacle(f"profile {held.profile} is not configured", UsageError)
        if kind is None:
            return Obstacle(f"its provider no longer knows its kind {held.kind}", UsageError)
        return obstacle(held, verb, kind, profile, self._clock())

    def _profile(self, held: Held) -> Profile | None:
        profiles = self._connections.profiles()
        return next((profile for profile in profiles if profile.name == held.profile), None)

    def _kind(self, held: Held) -> Kind | None:
        if self._profile(held) is None:
            return None
        kinds = self._connections.about(held.profile).kinds
        return next((kind for kind in kinds if kind.key == held.kind), None)
