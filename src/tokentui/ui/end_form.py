"""What stands in the dialog that moves an end: steps, a text, and what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.domain.lifetime import (
    Chosen,
    DateChosen,
    default_lifetime,
    parse,
    presets,
    resolve,
    typed,
    zone_of,
)

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from tokentui.domain.lifetime import LifetimePolicy, Term


class EndForm:
    """The choice of a new end; the step after the presets is the typed one, `custom` its text."""

    def __init__(self, policy: LifetimePolicy, zone: tzinfo) -> None:
        self.policy = policy
        self.presets = presets(policy)
        self.custom = ""
        self._zone = zone
        lifetimes = [preset.lifetime for preset in self.presets]
        usual = default_lifetime(policy)
        self.step = lifetimes.index(usual) if usual in lifetimes else 0

    @property
    def labels(self) -> list[str]:
        """What can be chosen."""
        custom = isinstance(self.policy, Chosen | DateChosen)
        return [*(preset.label for preset in self.presets), *(["custom"] if custom else [])]

    @property
    def is_custom(self) -> bool:
        """Whether the typed end counts."""
        return self.step == len(self.presets)

    def choose(self, step: int) -> bool:
        """Choose by place; False if there is nothing there."""
        known = 0 <= step < len(self.labels)
        if known:
            self.step = step
        return known

    def asked(self) -> str:
        """Give the choice in the words that are sent on."""
        return self.custom.strip() if self.is_custom else typed(self.presets[self.step].lifetime)

    def term(self, now: datetime) -> Term:
        """Say when it would end; raises `UsageError` naming the limit that is broken."""
        lifetime = parse(self.asked(), zone_of(self.policy, self._zone))
        return resolve(lifetime, self.policy, now, self._zone)
