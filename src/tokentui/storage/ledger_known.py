"""What profiles listed when they were last asked, as JSON in rows of the ledger."""

from __future__ import annotations

import json
from dataclasses import MISSING, Field, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from tokentui.domain.account import AccountAbility
from tokentui.domain.ledger import LastKnown
from tokentui.domain.model import (
    Ability,
    Account,
    Credential,
    CredentialState,
    Instance,
    InstanceState,
    ProfileName,
)
from tokentui.storage.ledger_codec import instant, instant_or_none, stored, stored_or_none
from tokentui.storage.ledger_schema import ENDLESS

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from tokentui.storage.ledger_codec import Column

    Reader = Callable[[Any], Any]

Item = TypeVar("Item", Instance, Account, Credential)


def _pairs(kept: list[list[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(pair) for pair in kept)


def _account_reasons(kept: dict[str, str]) -> dict[AccountAbility, str]:
    return {AccountAbility(ability): reason for ability, reason in kept.items()}


def _reasons(kept: dict[str, str]) -> dict[Ability, str]:
    return {Ability(ability): reason for ability, reason in kept.items()}


# How fields are read that JSON does not give back as they were.
_INSTANCE: Mapping[str, Reader] = {"state": InstanceState, "created_at": instant}
_ACCOUNT: Mapping[str, Reader] = {
    "groups": tuple,
    "created_at": instant,
    "cannot": _account_reasons,
}
_CREDENTIAL: Mapping[str, Reader] = {
    "state": CredentialState,
    "made_at": instant,
    "ends_at": instant,
    "roles": tuple,
    "cannot": _reasons,
    "facts": _pairs,
}


def last_known_values(known: LastKnown) -> tuple[Column, ...]:
    """Give the columns of `last_known`."""
    return (
        known.profile,
        stored(known.seen_at),
        _written(known.instances),
        _written(known.accounts),
        stored_or_none(known.credentials_at),
    )


def credential_values(known: LastKnown) -> Iterator[tuple[Column, ...]]:
    """Give the columns of `known_credentials` for each credential, in their order."""
    written = _writer(Credential)
    for credential in known.credentials:
        end = ENDLESS if credential.ends_at is None else stored(credential.ends_at)
        yield known.profile, end, written(credential)


def last_known(row: sqlite3.Row, credentials: Iterable[str]) -> LastKnown:
    """Read a row of `last_known`, with the JSON of the credentials that belong to it."""
    return LastKnown(
        profile=ProfileName(row["profile"]),
        seen_at=instant(row["seen_at"]),
        instances=_read(Instance, row["instances"], _INSTANCE),
        accounts=_read(Account, row["accounts"], _ACCOUNT),
        credentials=_read(Credential, f"[{','.join(credentials)}]", _CREDENTIAL),
        credentials_at=instant_or_none(row["credentials_at"]),
    )


def _written(items: tuple[Item, ...]) -> str:
    return f"[{','.join(map(_writer(type(items[0])), items))}]" if items else "[]"


def _writer(item: type[Item]) -> Callable[[Item], str]:
    """Give what writes an item without its defaults: there may be thousands."""
    defaults = [(field.name, _default(field)) for field in fields(item)]

    def written(item: Item) -> str:
        return _JSON.encode(
            {name: value for name, default in defaults if (value := getattr(item, name)) != default}
        )

    return written


def _default(field: Field[Any]) -> object:
    return field.default_factory() if field.default_factory is not MISSING else field.default


def _plain(value: object) -> object:
    """Give what JSON has no form for: instants, and mappings that are no `dict`."""
    return stored(value) if isinstance(value, datetime) else dict(value)  # type: ignore[call-overload]


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain)


def _read(item: type[Item], text: str, readers: Mapping[str, Reader]) -> tuple[Item, ...]:
    """Read a list; fields that another version of us wrote down are left out."""
    known = frozenset(field.name for field in fields(item))
    return tuple(
        item(
            **{
                name: readers[name](value) if name in readers and value is not None else value
                for name, value in kept.items()
                if name in known
            }
        )
        for kept in json.loads(text)
    )
