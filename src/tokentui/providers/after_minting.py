"""What is asked of a server once a secret has come, which comes once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine

T = TypeVar("T")

LOOK_UP_S = 3.0
"""How long a secret that came may wait for its id."""


async def despite_a_stop(look_up: Coroutine[None, None, T]) -> T:
    """Do what follows a mint; the first stop does not end it and lose the secret, a second does.

    `look_up` keeps to `LOOK_UP_S`.
    """
    looking = asyncio.ensure_future(look_up)
    try:
        return await asyncio.shield(looking)
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is None or looking.cancelled():
            raise
        task.uncancel()
        return await looking
