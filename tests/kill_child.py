"""Make a credential with the real wiring and die by SIGKILL at one named point on the way.

Run as: python kill_child.py WAY POINT [PLACE], with the environment of `command.environment`.
"""

from __future__ import annotations

import asyncio
import inspect
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TypeVar

from tokentui.bootstrap import Wiring
from tokentui.delivery import clipboard_tmux, kubeconfig_file
from tokentui.delivery.clipboard import Clipboard
from tokentui.domain.lifetime import parse
from tokentui.domain.model import Form
from tokentui.services.issue import Request, Result
from tokentui.services.workbench import Workbench
from tokentui.storage.ledger import LedgerFile

T = TypeVar("T")


@dataclass(frozen=True)
class Point:
    """A call to die at: the `turn`-th one of `name` on `owner`, before it begins or after it."""

    owner: object
    name: str
    after: bool = False
    turn: int = 1

    def arm(self) -> None:
        setattr(self.owner, self.name, dying(getattr(self.owner, self.name), self))


LEDGER_POINTS = {
    "before the plan": Point(LedgerFile, "plan"),
    "after the plan": Point(LedgerFile, "plan", after=True),
    "after the answer": Point(LedgerFile, "issued"),
    "after the record": Point(LedgerFile, "issued", after=True),
    "after the hand-over": Point(LedgerFile, "delivered"),
    "after its record": Point(LedgerFile, "delivered", after=True),
}
# tmux is started twice: first it is asked about the session, then it gets the text.
CLIPBOARD_POINTS = {
    "before the copy": Point(Clipboard, "copy"),
    "before the sending": Point(clipboard_tmux, "send"),
    "before tmux gets the text": Point(asyncio.subprocess.Process, "communicate", turn=2),
    "before tmux gets its end": Point(asyncio.StreamWriter, "drain", turn=2),
}
# The backup is a temporary file as well; it and its folder are synced first.
KUBECONFIG_POINTS = {
    "before the lock": Point(kubeconfig_file, "locked"),
    "lock held": Point(kubeconfig_file, "decode"),
    "backup being written": Point(os, "fsync"),
    "backup made": Point(kubeconfig_file, "back_up", after=True),
    "temporary file made": Point(os, "fchmod", turn=2),
    "temporary file written": Point(os, "fsync", turn=3),
    "before the replacing": Point(Path, "replace"),
    "after the replacing": Point(Path, "replace", after=True),
    "before the unlocking": Point(kubeconfig_file, "replace_file", after=True),
}
NEW_FILE_POINTS = {
    "temporary file made": Point(os, "fchmod"),
    "temporary file written": Point(os, "fsync"),
    "before the linking": Point(Path, "hardlink_to"),
    "after the linking": Point(Path, "hardlink_to", after=True),
}
OLD_FILE_POINTS = {
    "temporary file made": Point(os, "fchmod"),
    "temporary file written": Point(os, "fsync"),
    "before the replacing": Point(Path, "replace"),
    "after the replacing": Point(Path, "replace", after=True),
}
POINTS = {
    "stdout": {},
    "clipboard": CLIPBOARD_POINTS,
    "kubeconfig": KUBECONFIG_POINTS,
    "new file": NEW_FILE_POINTS,
    "old file": OLD_FILE_POINTS,
}


def die() -> None:
    sys.stdout.flush()
    os.kill(os.getpid(), signal.SIGKILL)


def dying(call: Callable[..., T], point: Point) -> Callable[..., T]:
    turns = count(1)

    async def awaited(*args: object, **named: object) -> object:
        its_turn = next(turns) == point.turn
        if its_turn and not point.after:
            die()
        result = await call(*args, **named)  # type: ignore[misc]  # a coroutine function
        if its_turn:
            die()
        return result

    def wrapped(*args: object, **named: object) -> T:
        its_turn = next(turns) == point.turn
        if its_turn and not point.after:
            die()
        result = call(*args, **named)
        if its_turn:
            die()
        return result

    if inspect.iscoroutinefunction(call):
        return awaited  # type: ignore[return-value]  # as `call` is
    return wrapped


async def make(workbench: Workbench, form: Form) -> Result:
    listing = [each async for each in workbench.inventory.refresh(["stackit"])][-1]  # type: ignore[list-item]  # a name
    demo = next(instance for instance in listing.instances if instance.name == "demo")
    offers = await workbench.issuing.offers(demo)
    offer = next(offer for offer in offers if offer.kind.form is form)
    request = Request(offer, parse("10m", workbench.zone), "10m")
    return await workbench.issuing.issue(request)


async def hand_over(workbench: Workbench, way: str, place: Path) -> None:
    form = Form.KUBECONFIG if way == "kubeconfig" else Form.TOKEN
    result = await make(workbench, form)
    match way:
        case "clipboard":
            await workbench.delivering.to_clipboard(result)
        case "kubeconfig":
            await workbench.delivering.to_kubeconfig(result, place)
        case "new file" | "old file":
            await workbench.delivering.to_file(result, place, overwrite=way == "old file")
        case _:
            workbench.delivering.to_stdout(result, sys.stdout.write)


async def main(way: str, point: str, place: str = "") -> None:
    workbench = await Wiring(os.environ).open()
    points = LEDGER_POINTS | POINTS[way]
    if point in points:
        points[point].arm()
    await hand_over(workbench, way, Path(place))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
