"""What can be made on a server."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from tokentui.domain.lifetime import DateChosen
from tokentui.domain.model import FieldType, Offer, OfferField
from tokentui.providers.stackstate import about

if TYPE_CHECKING:
    from tokentui.domain.model import Instance
    from tokentui.providers.stackstate.rights import Rights

LIFETIME = DateChosen(
    default=timedelta(days=90),
    minimum=timedelta(),
    maximum=None,
    whole_days_in=UTC,
    may_never_end=True,
)
DAY_RULE = (
    "an end is the start of a day: a token that ends on 2027-03-31 is dead on that day, "
    "from 00:00 UTC on"
)
NAME = "name"
ROLES = "roles"
DEDICATED_SUBJECT = "dedicated_subject"
SCOPED = "scoped"
CLUSTER = "cluster"

_NAME = OfferField(NAME, "Name", FieldType.TEXT, "names may repeat", required=True)
_DEDICATED_SUBJECT = OfferField(
    DEDICATED_SUBJECT,
    "Dedicated subject",
    FieldType.TEXT,
    "a role that is there for this token alone; it is deleted together with the token",
)
_INGESTION_FIELDS = (
    OfferField(
        NAME,
        "Name",
        FieldType.TEXT,
        "of the token and of the role made for it; best one for each cluster, named like it",
        required=True,
    ),
    OfferField(
        SCOPED,
        "RBAC agent",
        FieldType.FLAG,
        "also allow update-scoped-permissions on the cluster",
        default=False,
    ),
    OfferField(
        CLUSTER, "Cluster", FieldType.TEXT, "the cluster's name for that, if not the token's name"
    ),
)
_ANOTHER_NAME = "a second token for a cluster needs another name: each has a role of its own"
_DEPRECATED = "ingestion API keys are deprecated: make an ingestion token instead"
_SUBJECT_STAYS = "this server is old: the role stays when the token is deleted"


def offers_for(instance: Instance, rights: Rights, roles: tuple[str, ...]) -> tuple[Offer, ...]:
    """Offer both kinds of token; an old server's ingestion keys only with the reason why not."""
    fields: tuple[OfferField, ...]
    warnings: tuple[str, ...]
    keys: tuple[Offer, ...]
    role_field = OfferField(
        ROLES,
        "Roles",
        FieldType.TEXTS,
        "other names can be typed; a role that does not exist gives no rights",
        required=True,
        default=(),
        choices=roles or about.ROLES,
    )
    why_not = rights.objection
    if rights.is_old:
        fields, warnings = (_NAME, role_field), (DAY_RULE, _ANOTHER_NAME, _SUBJECT_STAYS)
        keys = (Offer(about.INGESTION_KEY, instance, LIFETIME, impossible=_DEPRECATED),)
    else:
        fields, warnings = (_NAME, role_field, _DEDICATED_SUBJECT), (DAY_RULE, _ANOTHER_NAME)
        keys = ()
    return (
        Offer(about.TOKEN, instance, LIFETIME, fields, (DAY_RULE,), why_not),
        Offer(about.INGESTION_TOKEN, instance, LIFETIME, _INGESTION_FIELDS, warnings, why_not),
        *keys,
    )
