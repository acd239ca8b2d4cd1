"""What can be made in an organization."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.domain.errors import Refused
from tokentui.domain.lifetime import Never
from tokentui.domain.model import FieldType, Offer, OfferField
from tokentui.providers.cloudfleet import about
from tokentui.providers.cloudfleet.tokens import ONLY_READS

if TYPE_CHECKING:
    from tokentui.domain.model import Instance, Order
    from tokentui.providers.cloudfleet.tokens import Standing

NAME = "name"
ROLE = "role"
ADMINISTRATOR_WARNING = (
    "Administrator is cluster-admin on every cluster of the organization, may push to its registry "
    "and manage its tokens; User views, pulls and reads"
)
ENDLESS_WARNING = "an API token never ends by itself: it lives until it is deleted"

FIELDS = (
    OfferField(NAME, "Name", FieldType.TEXT, "names may repeat", required=True),
    OfferField(
        ROLE,
        "Role",
        FieldType.CHOICE,
        "User is enough where a RoleBinding gives what else is needed",
        default=about.USER,
        choices=about.ROLES,
    ),
)


def offer_for(organization: Instance, standing: Standing) -> Offer:
    """Offer an API token; impossible for a sign-in that may only read."""
    return Offer(
        about.API_TOKEN,
        organization,
        Never(),
        FIELDS,
        (ADMINISTRATOR_WARNING, ENDLESS_WARNING),
        impossible=ONLY_READS if standing.may_manage is False else "",
    )


def wish(order: Order) -> tuple[str, str]:
    """Give the name and the role that are asked for. Raises `Refused` for what is neither."""
    name, role = order.values.get(NAME, ""), order.values.get(ROLE) or about.USER
    if not isinstance(name, str) or not name.strip():
        raise Refused("an API token needs a name", "give it one")
    if not isinstance(role, str) or role not in about.ROLES:
        raise Refused(
            "an API token of Cloudfleet has one of two roles", f"use {' or '.join(about.ROLES)}"
        )
    return name.strip(), role
