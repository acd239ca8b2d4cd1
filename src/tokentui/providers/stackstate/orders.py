"""Reads what was filled in for an offer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.domain.errors import Refused
from tokentui.providers.stackstate import about, offers, wire
from tokentui.providers.stackstate.credentials import kind_of
from tokentui.providers.stackstate.minting import Wish

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tokentui.domain.model import FieldValue, Kind, Order


def token_wish(order: Order) -> Wish:
    """Say what a service token is to be.

    Raises `Refused` for one that could not be told from an ingestion token afterwards.
    """
    wish = Wish(
        name=_text(order.values, offers.NAME),
        roles=_texts(order.values, offers.ROLES),
        ends_at=order.term.ends_at,
        dedicated_subject=_text(order.values, offers.DEDICATED_SUBJECT),
    )
    if not wish.name or not wish.roles:
        raise Refused("a service token needs a name and at least one role", "fill them in")
    if _kind_of(wish) != about.TOKEN:
        raise Refused(
            f"a token with the name of its only role, {wire.label(wish.name)}, is an ingestion "
            "token",
            "give it another name, or make an ingestion token",
        )
    return wish


def ingestion_wish(order: Order, *, is_old: bool) -> Wish:
    """Say what an ingestion token is to be: its only role has its name."""
    name = _text(order.values, offers.NAME)
    wish = Wish(name, (name,), order.term.ends_at, "" if is_old else name)
    if not name or _kind_of(wish) != about.INGESTION_TOKEN:
        raise Refused(
            f"an ingestion token cannot have the name {wire.label(name) or 'of nothing'}",
            "name it like the cluster that sends the data",
        )
    return wish


def scoped_cluster(order: Order) -> str:
    """Give the cluster whose scoped permissions the token may update; empty: none."""
    if order.values.get(offers.SCOPED) is not True:
        return ""
    return _text(order.values, offers.CLUSTER) or _text(order.values, offers.NAME)


def _kind_of(wish: Wish) -> Kind:
    roles = tuple(map(wire.label, wish.roles))
    return kind_of(wire.label(wish.name), roles, wire.label(wish.dedicated_subject))


def _text(values: Mapping[str, FieldValue], key: str) -> str:
    value = values.get(key, "")
    return value.strip() if isinstance(value, str) else ""


def _texts(values: Mapping[str, FieldValue], key: str) -> tuple[str, ...]:
    value = values.get(key, ())
    texts = (value,) if isinstance(value, str) else value
    if isinstance(texts, bool):
        return ()
    return tuple(dict.fromkeys(filter(None, (text.strip() for text in texts))))
