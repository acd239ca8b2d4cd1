"""Makes a token for ingestion together with a role of its own, or nothing of it.

Source: the page "Service tokens" of rancher/stackstate-product-docs 5975d81, read 2026-08-21.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokentui.domain.errors import NotFound, Outcome, ProviderError, Refused, Unreachable
from tokentui.providers.stackstate.api import SYSTEM
from tokentui.providers.stackstate.rights import role_names
from tokentui.providers.stackstate.wire import label

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from tokentui.domain.model import Issued, Offer
    from tokentui.providers.stackstate.api import Api
    from tokentui.providers.stackstate.minting import Minting, Wish

UNDO_S = 3.0
"""How long a stop may wait for what was made to be taken back."""

INGEST = "update-metrics"
INGEST_SCOPED = "update-scoped-permissions"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is made before the token, and how it is taken back."""

    what: str
    make: Callable[[], Awaitable[None]]
    undo: Callable[[], Awaitable[None]]


class Bundle:
    """Makes role, permissions and token in this order, and undoes them in the opposite one."""

    def __init__(self, api: Api, minting: Minting) -> None:
        self._api = api
        self._minting = minting

    async def mint(self, offer: Offer, wish: Wish, scoped_to: str) -> Issued:
        """Make the role that has the wish's name, and the token that has the role.

        `scoped_to` is a cluster whose scoped permissions it may update too; empty: none.
        Raises `ProviderError`; after a refusal nothing is left but what the error names. If it
        is stopped before the token was asked for, the same holds, in a note of what stopped it.
        """
        subject = wish.name
        await self._refuse_existing(subject)
        known = await self._minting.known_ids()
        made = await self._prepared(subject, scoped_to)
        try:
            return await self._minting.mint(offer, wish, known)
        except ProviderError as error:
            if error.outcome is Outcome.UNKNOWN:
                left = f"; the role {label(subject)} with its permissions exists"
                error.message += left
                error.why += left
                raise
            raise await _undone(error, None, made) from None
        except BaseException as stop:
            stop.add_note(f"the role {label(subject)} with its permissions exists")
            raise

    async def _prepared(self, subject: str, scoped_to: str) -> Sequence[Step]:
        """Make what the token needs, or nothing of it."""
        made: list[Step] = []
        for step in self._steps(subject, scoped_to):
            try:
                await step.make()
            except ProviderError as error:
                raise await _undone(error, step, made) from None
            except BaseException as stop:
                await _undone_in_time(stop, step, made)
                raise
            made.append(step)
        return made

    async def _refuse_existing(self, subject: str) -> None:
        if label(subject) in await role_names(self._api):
            raise Refused(
                f"the role {label(subject)} exists on {self._api.name} already, and an ingestion "
                "token has a role of its own",
                "choose another name, or make a service token with that role",
            )

    def _steps(self, subject: str, scoped_to: str) -> Sequence[Step]:
        grants = [(INGEST, SYSTEM)]
        if scoped_to:
            grants.append((INGEST_SCOPED, scoped_to))
        return (self._subject(subject), *(self._grant(subject, *grant) for grant in grants))

    def _subject(self, subject: str) -> Step:
        return Step(
            f"the role {label(subject)}",
            lambda: self._api.create_subject(subject),
            lambda: self._api.delete_subject(subject),
        )

    def _grant(self, subject: str, permission: str, resource: str) -> Step:
        return Step(
            f"its permission {permission} on {label(resource)}",
            lambda: self._api.grant(subject, permission, resource),
            lambda: self._api.withdraw(subject, permission, resource),
        )


async def _undone(error: ProviderError, failed: Step | None, made: Sequence[Step]) -> ProviderError:
    """Take back what was made, newest first, and say in the error what is left.

    A step whose answer was lost is not taken back: it may be another's work by now.
    """
    kept = list(made)
    await _take_back(kept)
    left = [failed.what] if failed is not None and error.outcome is Outcome.UNKNOWN else []
    left += [step.what for step in reversed(kept)]
    told = "no token was made"
    if made:
        told += f", {_listed(made, left)}"
    if left:
        told += f", and there may still be {' and '.join(left)}"
    kind = Unreachable if error.outcome is Outcome.UNKNOWN else type(error)
    next_step = "delete what is left by hand, then try again" if left else error.next_step
    return kind(f"{error.message}; {told}", next_step, trace_id=error.trace_id)


async def _undone_in_time(stop: BaseException, under_way: Step, made: Sequence[Step]) -> None:
    """Take back what was made, though the caller is stopped, and note what may be left."""
    kept = list(made)
    taking = asyncio.ensure_future(_take_back(kept, UNDO_S))
    try:
        await asyncio.shield(taking)
    finally:
        left = [under_way.what, *(step.what for step in reversed(kept))]
        stop.add_note(f"there may still be {' and '.join(left)}")


async def _take_back(kept: list[Step], limit_s: float | None = None) -> None:
    """Undo steps, newest first; what cannot be undone, or not in time, stays in the list."""
    with suppress(TimeoutError):
        async with asyncio.timeout(limit_s):
            for step in reversed(tuple(kept)):
                try:
                    await step.undo()
                except NotFound:
                    pass  # it is gone already
                except ProviderError:
                    continue
                kept.remove(step)


def _listed(made: Sequence[Step], left: Sequence[str]) -> str:
    removed = [step.what for step in made if step.what not in left]
    return f"{' and '.join(removed)} removed again" if removed else "nothing could be removed again"
