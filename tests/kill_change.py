"""Run a command of the program and die by SIGKILL at one named point on the way.

Run as: python kill_change.py POINT WORDS..., with the environment of `command.environment`.
"""

from __future__ import annotations

import sys

import invented_plugin
from kill_child import Point
from tokentui.cli import main as program
from tokentui.providers.http import Http
from tokentui.storage.ledger import LedgerFile

_RECORDS = ("did", "ended", "renamed", "switched", "end_moved")
_OWN = (invented_plugin.Invented, ("rename", "regenerate"))

# A request that changes something goes through `Http.once`; a sign-in does not.
POINTS = {
    **{f"before request {turn}": [Point(Http, "once", turn=turn)] for turn in (1, 2, 3)},
    **{f"after answer {turn}": [Point(Http, "once", after=True, turn=turn)] for turn in (1, 2, 3)},
    "before the plug-in's request": [Point(_OWN[0], name) for name in _OWN[1]],
    "after the plug-in's answer": [Point(_OWN[0], name, after=True) for name in _OWN[1]],
    "after the new secret's record": [Point(LedgerFile, "issued", after=True)],
    "after the record": [Point(LedgerFile, name, after=True) for name in _RECORDS],
}


def main(point: str, *words: str) -> None:
    for one in POINTS[point]:
        one.arm()
    sys.argv = ["tokentui", *words]
    program.entry()


if __name__ == "__main__":
    main(*sys.argv[1:])
