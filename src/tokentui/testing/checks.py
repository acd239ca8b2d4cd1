"""Parts of the contract suite: what it looks at, and what it spoils."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from tokentui.domain.account import AccountAbility
from tokentui.domain.errors import ProviderError
from tokentui.domain.model import Ability, Form
from tokentui.domain.secret import Secret
from tokentui.domain.text import unprintable
from tokentui.providers.base import (
    CreatesAccounts,
    DeletesAccounts,
    MovesEnds,
    Regenerates,
    RegroupsAccounts,
    Renames,
    RenamesAccounts,
    Revokes,
    Switches,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Iterator

    from tokentui.domain.model import Issued, Page

T = TypeVar("T")

ABILITY_PROTOCOLS: Mapping[Ability, type] = {
    Ability.REVOKE: Revokes,
    Ability.REGENERATE: Regenerates,
    Ability.RENAME: Renames,
    Ability.SWITCH: Switches,
    Ability.MOVE_END: MovesEnds,
}
ACCOUNT_PROTOCOLS: Mapping[AccountAbility, type] = {
    AccountAbility.CREATE: CreatesAccounts,
    AccountAbility.RENAME: RenamesAccounts,
    AccountAbility.REGROUP: RegroupsAccounts,
    AccountAbility.DELETE: DeletesAccounts,
}
LONGEST_TEXT = 2000
LONGEST_TEST_S = 20.0


async def pages_of(pages: AsyncIterator[Page[T]]) -> tuple[list[T], list[ProviderError]]:
    """Read a list to its end."""
    items: list[T] = []
    failed: list[ProviderError] = []
    async with asyncio.timeout(LONGEST_TEST_S):
        async for page in pages:
            items += page.items
            failed += page.failed
    return items, failed


async def failure_of(call: Awaitable[object]) -> ProviderError:
    """Give the error of a call that must fail."""
    try:
        await call
    except ProviderError as error:
        return error
    raise AssertionError("the call succeeded, though it must fail")


def texts_in(value: object) -> Iterator[str]:
    """Give every text inside a value, but nothing of a secret."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, ProviderError):
        yield from (value.sentence, value.message, value.next_step, value.trace_id)
    elif isinstance(value, Mapping):
        for key, member in value.items():
            yield from texts_in(key)
            yield from texts_in(member)
    elif isinstance(value, tuple | list | frozenset):
        for member in value:
            yield from texts_in(member)
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts_in(getattr(value, field.name))


def assert_clean(*values: object) -> None:
    """Check that every text can be drawn as it is."""
    for text in texts_in(values):
        assert not unprintable(text), f"a text can steer a terminal: {text!r}"
        assert len(text) <= LONGEST_TEXT, f"a text is {len(text)} characters long"


def spoiled(issued: Issued) -> Issued:
    """Give a credential like this one whose secret its system has never seen."""
    value = issued.secret.reveal()
    if issued.kind.form is not Form.KUBECONFIG:
        return replace(issued, secret=Secret(_other(value)))
    document = json.loads(value)
    for entry in document["users"]:
        user = entry["user"]
        if "token" in user:
            user["token"] = _other(user["token"])
    return replace(issued, secret=Secret(json.dumps(document)))


def _other(token: str) -> str:
    """Change a character before the last ones, which may hold unused bits of base64."""
    place = max(len(token) - 10, 0)
    changed = "A" if token[place] != "A" else "B"
    return token[:place] + changed + token[place + 1 :]
