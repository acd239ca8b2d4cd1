"""Make a token with the real wiring and die by SIGKILL at one named point on the way.

Run as: python kill_child.py POINT, with the environment of `command.environment`.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from typing import TypeVar

from tokentui.bootstrap import Wiring
from tokentui.domain.lifetime import parse
from tokentui.domain.model import Form
from tokentui.services.issue import Request
from tokentui.services.workbench import Workbench

T = TypeVar("T")


def die() -> None:
    sys.stdout.flush()
    os.kill(os.getpid(), signal.SIGKILL)


def dying_before(call: Callable[..., T]) -> Callable[..., T]:
    def wrapped(*args: object, **named: object) -> T:
        die()
        return call(*args, **named)

    return wrapped


def dying_after(call: Callable[..., T]) -> Callable[..., T]:
    def wrapped(*args: object, **named: object) -> T:
        result = call(*args, **named)
        die()
        return result

    return wrapped


METHOD_OF = {
    "before the plan": ("plan", dying_before),
    "after the plan": ("plan", dying_after),
    "after the answer": ("issued", dying_before),
    "after the record": ("issued", dying_after),
    "after the hand-over": ("delivered", dying_before),
    "after its record": ("delivered", dying_after),
}


async def make(workbench: Workbench) -> None:
    listing = [each async for each in workbench.inventory.refresh(["stackit"])][-1]  # type: ignore[list-item]  # a name
    demo = next(instance for instance in listing.instances if instance.name == "demo")
    offers = await workbench.issuing.offers(demo)
    offer = next(offer for offer in offers if offer.kind.form is Form.TOKEN)
    request = Request(offer, parse("10m", workbench.zone), "10m")
    result = await workbench.issuing.issue(request)
    workbench.delivering.to_stdout(result, sys.stdout.write)


async def main(point: str) -> None:
    workbench = await Wiring(os.environ).open()
    if point in METHOD_OF:
        method, dying = METHOD_OF[point]
        setattr(workbench.ledger, method, dying(getattr(workbench.ledger, method)))
    await make(workbench)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
