"""What can be done with accounts, and where they can be made."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokentui.domain.model import OfferField, ProfileName, ProviderKey


class AccountAbility(StrEnum):
    """What a provider lets one do with accounts."""

    CREATE = "create"
    RENAME = "rename"
    REGROUP = "regroup"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class AccountOffer:
    """A place where an account can be made, and what is asked for.

    `scope` is the name of the place that a person knows, `scope_id` what the adapter knows.
    The field `name` is among `fields`. `impossible` is empty, or the reason why not.
    """

    profile: ProfileName
    provider: ProviderKey
    noun: str
    scope: str
    scope_id: str
    fields: tuple[OfferField, ...]
    warnings: tuple[str, ...] = ()
    impossible: str = ""
