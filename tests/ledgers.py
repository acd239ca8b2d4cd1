"""Plans, owners and times for tests of the ledger, and a program that fills one."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tokentui.domain.ledger import Outlook, Owner, Plan
from tokentui.domain.model import EndSource, Form, KindKey, ProfileName, ProviderKey
from tokentui.storage.ledger import LedgerFile

if TYPE_CHECKING:
    from pathlib import Path

    from tokentui.domain.ledger import EntryNumber
    from tokentui.services.ports import Ledger

NOW = datetime(2026, 9, 14, 14, 20, 0, 123456, tzinfo=UTC)
TEN_MINUTES = timedelta(minutes=10)
HERE = Owner("host-a", "ops", "boot-1", 4711, "1000")
ELSEWHERE = replace(HERE, host="host-b")
PLAN = Plan(
    profile=ProfileName("ops-prod"),
    provider=ProviderKey("stackit"),
    kind=KindKey("token"),
    noun="edge token",
    form=Form.TOKEN,
    target_id="project/eu01/demo-id",
    target_name="demo",
    scope="project",
    asked="10m",
    latest_end=NOW + TEN_MINUTES,
    purpose="argo test",
)
OUTLOOK = Outlook(NOW + TEN_MINUTES, EndSource.CREDENTIAL, "remote-1", "f1" * 16)
"""Ten minutes from `NOW`."""

FILL = """
import sys
from itertools import count
from pathlib import Path
from ledgers import NOW, OUTLOOK, PLAN
from tokentui.storage.ledger import LedgerFile
from tokentui.storage.process import this_process
ledger = LedgerFile(Path(sys.argv[1]), this_process())
most = int(sys.argv[2])
for done in count(1):
    number = ledger.plan(PLAN, NOW)
    print(number, flush=True)
    ledger.issued(number, OUTLOOK, NOW)
    if done == most:
        break
ledger.close()
"""
"""Plans and issues entries, as many as said (0: for ever), and prints each planned number."""


def open_here(path: Path) -> LedgerFile:
    return LedgerFile(path, HERE)


def issue(ledger: Ledger, plan: Plan = PLAN, at: datetime = NOW) -> EntryNumber:
    number = ledger.plan(plan, at)
    ledger.issued(number, OUTLOOK, at)
    return number


def run_python(program: str, *arguments: str) -> subprocess.Popen[str]:
    """Start a program that can import what tests can."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
