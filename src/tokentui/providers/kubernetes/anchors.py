"""Tokens that can be revoked one by one: each is bound to a Secret that is there for it alone.

Source: kubernetes/kubernetes 0411cc70 (bound object references); a kube-apiserver v1.20.2,
measured: with its Secret exactly that token ends.
"""

from __future__ import annotations

import asyncio
import secrets
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from tokentui.domain.errors import (
    BadAnswer,
    NotFound,
    Outcome,
    OutcomeUnknown,
    ProviderError,
    Unreachable,
)
from tokentui.providers.after_minting import despite_a_stop
from tokentui.providers.kubernetes import listed, wire
from tokentui.providers.kubernetes.accounts import OWNED
from tokentui.providers.kubernetes.ids import secret_id
from tokentui.providers.kubernetes.offers import DESCRIPTION

if TYPE_CHECKING:
    from datetime import datetime

    from tokentui.domain.model import Issued, Order
    from tokentui.providers.kubernetes.api import Api
    from tokentui.providers.kubernetes.ids import AccountRef
    from tokentui.providers.kubernetes.minting import Minting, Wish
    from tokentui.providers.kubernetes.wire import Row

UNDO_S = 3.0
"""How long a stop may wait for what was made to be taken back, or for its end to be noted."""

_LONGEST_PREFIX = 200


class Anchors:
    """Makes the Secret, then the token; what cannot be finished is undone."""

    def __init__(self, api: Api, minting: Minting) -> None:
        self._api = api
        self._minting = minting

    async def mint(self, order: Order, ref: AccountRef, wish: Wish) -> Issued:
        """Make a Secret and a token that ends with it.

        Raises `ProviderError`: a lost answer is made certain by deleting the Secret. An answer
        that came but cannot be read leaves it, since the token may be in the answer.
        """
        prefix = ref.name[:_LONGEST_PREFIX].rstrip("-.")
        name = f"tokentui-{prefix}-{secrets.token_hex(4)}"
        row = await self._made(order, ref, name)
        bound = {"apiVersion": "v1", "kind": "Secret", "name": row.name, "uid": row.uid}
        try:
            issued = await self._minting.mint(order, ref, replace(wish, bound_to=bound))
        except ProviderError as error:
            if isinstance(error, BadAnswer):
                raise _left(error, row) from None
            raise await self._undone(error, ref, row) from None
        except BaseException as stop:
            if not await despite_a_stop(self._take_back(row)):
                stop.add_note(f"delete the Secret {row.name} of {row.namespace}: a token may live")
            raise
        issued = replace(issued, remote_id=secret_id(row), name=row.name)
        return await despite_a_stop(self._with_end_noted(issued, order.term.ends_at, row))

    async def _made(self, order: Order, ref: AccountRef, name: str) -> Row:
        """Make the Secret. No token was asked for yet, so nothing lives if it fails."""
        try:
            reply = await self._api.create_secret(ref.namespace, _body(order, ref, name), name)
            return wire.made(reply)
        except ProviderError as error:
            if error.outcome is Outcome.REFUSED:
                raise
            raise Unreachable(
                f"{error.message}; no token was asked for",
                f"delete the Secret {name} of {ref.namespace} if it is there, then try again",
                trace_id=error.trace_id,
                why=error.why,
            ) from None

    async def _undone(self, error: ProviderError, ref: AccountRef, row: Row) -> ProviderError:
        """Delete the Secret; gives what is then certain."""
        place = f"the Secret {row.name} of {row.namespace}"
        if await despite_a_stop(self._take_back(row)):
            if error.outcome is Outcome.REFUSED:
                return error
            return Unreachable(
                f"cannot make a token for {ref.namespace}/{ref.name} because {error.why}; {place} "
                "that it was to be bound to is deleted again, so no token is left",
                "try again",
                trace_id=error.trace_id,
                why=error.why,
            )
        left = f"{error.message}; {place} is left"
        next_step = f"delete {place}, which ends the token if there is one"
        if error.outcome is Outcome.REFUSED:
            return type(error)(left, next_step, trace_id=error.trace_id, why=error.why)
        return OutcomeUnknown(left, next_step, trace_id=error.trace_id, why=error.why)

    async def _take_back(self, row: Row) -> bool:
        """Delete the Secret, in time; gives whether it is gone for certain."""
        what = f"delete the Secret {row.name}"
        try:
            async with asyncio.timeout(UNDO_S):
                await self._api.delete(what, row.namespace, "secrets", row.name, row.uid)
        except NotFound:
            return True
        except (ProviderError, TimeoutError):
            return False
        return True

    async def _with_end_noted(self, issued: Issued, noted: datetime | None, row: Row) -> Issued:
        """Write the end that was granted beside the Secret, if it is not the one asked for."""
        ends_at = issued.ends_at
        if ends_at is None or (noted is not None and _spelled(ends_at) == _spelled(noted)):
            return issued
        annotations = {listed.ENDS_AT: _spelled(ends_at)}
        with suppress(ProviderError, TimeoutError):
            async with asyncio.timeout(UNDO_S):
                await self._api.annotate_secret(row.namespace, row.name, annotations)
            return issued
        told = ("in the list", "shows the end that was asked for, not the one that was granted")
        return replace(issued, facts=(*issued.facts, told))


def _body(order: Order, ref: AccountRef, name: str) -> dict[str, object]:
    annotations = {listed.ACCOUNT: ref.name, listed.ACCOUNT_UID: ref.uid}
    if order.term.ends_at is not None:
        annotations[listed.ENDS_AT] = _spelled(order.term.ends_at)
    description = order.values.get(DESCRIPTION)
    if isinstance(description, str) and description.strip():
        annotations[listed.DESCRIPTION] = description.strip()
    metadata = {
        "name": name,
        "namespace": ref.namespace,
        "labels": OWNED,
        "annotations": annotations,
    }
    return {"apiVersion": "v1", "kind": "Secret", "type": "Opaque", "metadata": metadata}


def _spelled(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds")


def _left(error: BadAnswer, row: Row) -> BadAnswer:
    """Say which Secret ends the token that may stand in the answer."""
    error.message += f"; if there is a token, it ends with the Secret {row.name} of {row.namespace}"
    error.next_step = "the list shows it by that name: revoke it, then make another one"
    return error
