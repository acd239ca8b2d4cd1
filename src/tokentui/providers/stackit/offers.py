"""What can be made for an Edge instance."""

from __future__ import annotations

from tokentui.domain.lifetime import Chosen
from tokentui.domain.model import Instance, InstanceState, Offer
from tokentui.providers.stackit import about

LIFETIME = Chosen(about.SHORTEST, about.LONGEST, about.PORTAL_DEFAULT)
WARNING = "STACKIT cannot list or revoke it: nobody can end it before its time"


def edge_offers(instance: Instance) -> tuple[Offer, ...]:
    """Offer both kinds; both need an instance that is active."""
    reason = _impossible(instance)
    return tuple(
        Offer(kind, instance, LIFETIME, warnings=(WARNING,), impossible=reason)
        for kind in about.ABOUT.kinds
    )


def _impossible(instance: Instance) -> str:
    name, word = instance.name, instance.state_text
    match instance.state:
        case InstanceState.ACTIVE:
            return ""
        case InstanceState.BUSY:
            return f"{name} is {word}: wait until it is active"
        case InstanceState.ENDING:
            return f"{name} is {word}: it will be gone soon"
        case InstanceState.FAILED:
            return f"{name} is in the state {word}: look at it in the portal"
        case InstanceState.OTHER:
            return f"{name} is in the state {word!r}: only an active instance gives credentials"
