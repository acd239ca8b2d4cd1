"""The invented world of `tokentui demo`: a simulator, a home for it and a history in its ledger."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tokentui.bootstrap.wiring import Wiring, utc_now
from tokentui.domain.ledger import Outlook, Owner, Plan
from tokentui.domain.model import EndSource, Form
from tokentui.simulator.clock import SimClock
from tokentui.simulator.home import write_home
from tokentui.simulator.server import Simulator
from tokentui.storage.ledger import LedgerFile
from tokentui.storage.paths import HOME_VARIABLE, Paths

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tokentui.domain.model import Instance, Kind
    from tokentui.services.ports import Clock

OPERATOR = Owner(host="jump1", user="anna", boot="", pid=0, started="")


@dataclass(frozen=True, slots=True)
class _Deed:
    """Something made in the past, `ago` before now; an empty `to`: its answer was lost."""

    instance: str
    form: Form
    ago: timedelta
    life: timedelta
    asked: str
    to: str
    purpose: str = ""


_CLIPBOARD = "clipboard (tmux)"
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_TEN_MINUTES = timedelta(minutes=10)

_DEEDS = (
    *(
        _Deed("demo", Form.TOKEN, _DAY * day, _TEN_MINUTES, "10m", _CLIPBOARD, "UI login")
        for day in range(30, 3, -2)
    ),
    *(
        _Deed("edge-muc", Form.KUBECONFIG, _DAY * day, _HOUR, "1h", "~/.kube/config", "rollout")
        for day in range(28, 4, -3)
    ),
    *(
        _Deed("demo", Form.KUBECONFIG, _DAY * day, _HOUR * 8, "8h", "~/.kube/config")
        for day in range(25, 6, -5)
    ),
    _Deed("edge-muc", Form.TOKEN, _DAY * 48, _DAY * 60, "60d", "~/argo.token", "argo cluster"),
    _Deed("demo", Form.KUBECONFIG, _DAY * 32, _DAY * 30, "30d", "~/.sts-ci.env", "ci ingest"),
    _Deed("edge-muc", Form.KUBECONFIG, _DAY * 20, _DAY * 90, "90d", "~/.kube/config", "backup"),
    _Deed("demo", Form.KUBECONFIG, _DAY * 3.2, _DAY * 4, "4d", "~/.kube/config", "node debug"),
    _Deed("edge-muc", Form.TOKEN, timedelta(minutes=25), _HOUR, "1h", "", "night shift"),
    _Deed("demo", Form.TOKEN, timedelta(minutes=4), _TEN_MINUTES, "10m", _CLIPBOARD, "argo test"),
)


@contextmanager
def demo_world(environ: Mapping[str, str], clock: Clock = utc_now) -> Iterator[dict[str, str]]:
    """Give the environment of a world that vanishes afterwards and holds nothing of the user's."""
    with (
        tempfile.TemporaryDirectory(prefix="tokentui-demo-") as folder,
        Simulator(clock=SimClock(clock())) as simulator,
    ):
        home = write_home(simulator, Path(folder))
        demo = {
            **environ,
            HOME_VARIABLE: str(home),
            "HOME": str(home),
            "KUBECONFIG": str(home / "kubeconfig"),
        }
        write_history(demo, clock)
        yield demo


def write_history(environ: Mapping[str, str], clock: Clock) -> None:
    """Fill an empty ledger with what an operator might have made; asks the simulator once."""
    instances = asyncio.run(_look_around(environ, clock))
    ledger = LedgerFile(Paths.find(environ).ledger_file, OPERATOR)
    try:
        for deed in sorted(_DEEDS, key=lambda deed: -deed.ago):
            if deed.instance in instances:
                _write(ledger, deed, *instances[deed.instance][deed.form], clock)
    finally:
        ledger.close()


async def _look_around(
    environ: Mapping[str, str], clock: Clock
) -> dict[str, dict[Form, tuple[Instance, Kind]]]:
    wiring = Wiring(environ, clock=clock)
    workbench = await wiring.open()
    try:
        known: dict[str, dict[Form, tuple[Instance, Kind]]] = {}
        names = [profile.name for profile in workbench.config.profiles]
        kinds = {about.key: about.kinds for about in workbench.abouts}
        async for listing in workbench.inventory.refresh(names):
            for instance in listing.instances:
                fitting = (kind for kind in kinds[instance.provider] if kind.fits(instance))
                known[instance.name] = {kind.form: (instance, kind) for kind in fitting}
        return known
    finally:
        await wiring.close()


def _write(ledger: LedgerFile, deed: _Deed, instance: Instance, kind: Kind, clock: Clock) -> None:
    begun = clock() - deed.ago
    ends_at = begun + deed.life
    plan = Plan(
        profile=instance.profile,
        provider=instance.provider,
        kind=kind.key,
        noun=kind.noun,
        form=kind.form,
        target_id=instance.id,
        target_name=instance.name,
        scope=instance.scope,
        asked=deed.asked,
        latest_end=ends_at,
        purpose=deed.purpose,
    )
    number = ledger.plan(plan, begun)
    if not deed.to:
        ledger.unknown(number, "the answer was lost: the connection was cut", begun)
        return
    ledger.issued(number, Outlook(ends_at, EndSource.CREDENTIAL, "", ""), begun)
    ledger.verified(number, ok=True, detail="200 in 180 ms", at=begun)
    ledger.delivered(number, deed.to, begun)
