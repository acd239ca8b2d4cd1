from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tokentui.domain.errors import DeliveryError, StorageError
from tokentui.domain.ledger import EntryState
from tokentui.domain.lifetime import Lifetime, Span, default_lifetime
from tokentui.domain.model import Kind
from tokentui.domain.receipt import Route, failed
from tokentui.domain.recipe import Part, Recipe, Slot, Syntax
from tokentui.domain.secret import Secret
from tokentui.services.deliver import Delivering
from tokentui.services.issue import Issuing, Request, Result
from tokentui.storage.ledger import LedgerFile
from tokentui.storage.text_files import TextFiles
from world import (
    KUBECONFIG,
    OWNER,
    TOKEN,
    TOKEN_VALUE,
    Clock,
    InventedClipboard,
    InventedConnections,
    InventedFiles,
    InventedKubeconfigs,
    instance,
)
from world_managed import KEY, USER, ManagedProvider, robot

CURL = Recipe("curl", "Call with curl", Syntax.SHELL, ("curl -u ", Slot(Part.BASIC), " x"))


class Bench:
    def __init__(self, folder: Path) -> None:
        clock = Clock()
        self.ledger = LedgerFile(folder / "ledger.db", OWNER)
        self.clipboard = InventedClipboard()
        self.kubeconfigs = InventedKubeconfigs()
        self.files = InventedFiles()
        self.delivering = Delivering(
            self.ledger, clock, self.clipboard, self.kubeconfigs, self.files
        )
        self._issuing = Issuing(
            InventedConnections(ManagedProvider(clock)),
            self.ledger,
            lambda secret: "f",
            TextFiles(),
            clock,
            ZoneInfo("Europe/Berlin"),
        )

    async def make(self, kind: Kind = TOKEN) -> Result:
        target = robot() if kind.fits(robot()) and kind.made_for else instance()
        offer = await self._issuing.offer(target, kind.key)
        lifetime: Lifetime = Span(timedelta(minutes=10))
        if kind is USER:
            lifetime = default_lifetime(offer.lifetime)
        values = {item.key: "anna" for item in offer.fields}
        return await self._issuing.issue(Request(offer, lifetime, "", values=values))

    def went_to(self, result: Result) -> tuple[str, ...]:
        entry = self.ledger.entry(result.number)
        assert entry is not None
        return entry.delivered_to


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.ledger.close()


async def test_every_way_out_is_written_down(bench: Bench) -> None:
    result = await bench.make()
    printed: list[str] = []

    await bench.delivering.to_clipboard(result)
    await bench.delivering.to_file(result, Path("/tmp/t"))  # never written
    bench.delivering.to_stdout(result, printed.append)
    bench.delivering.revealed(result)

    assert bench.clipboard.held == result.issued.secret.reveal()
    assert printed == [f"{TOKEN_VALUE}1\n"]
    assert bench.went_to(result) == (
        "clipboard (tmux)",
        "/tmp/t",
        "standard output",
        "shown on screen",
    )


async def test_a_kubeconfig_is_merged_under_the_instances_name(bench: Bench) -> None:
    result = await bench.make(KUBECONFIG)

    merged = await bench.delivering.to_kubeconfig(result, make_current=True)

    ((path, entry, current),) = bench.kubeconfigs.merged
    assert (path, entry.name, current) == (
        Path("/home/anna/.kube/config"),
        "ops-prod-ops-prod-demo",
        True,
    )
    assert entry.token == Secret(f"{TOKEN_VALUE}1")
    assert entry.origin.instance == instance().id
    assert merged.context == "ops-prod-ops-prod-demo"
    assert bench.went_to(result) == ("/home/anna/.kube/config",)


async def test_a_kubeconfig_is_copied_as_a_file_that_kubectl_reads(bench: Bench) -> None:
    result = await bench.make(KUBECONFIG)

    await bench.delivering.to_clipboard(result)

    assert "kind" in bench.clipboard.held
    assert f"{TOKEN_VALUE}1" in bench.clipboard.held


async def test_a_token_is_no_kubeconfig(bench: Bench) -> None:
    with pytest.raises(DeliveryError, match="edge token is no kubeconfig"):
        await bench.delivering.to_kubeconfig(await bench.make())


async def test_what_failed_is_not_written_down_as_delivered(bench: Bench) -> None:
    bench.clipboard.receipt = failed(Route.TMUX, "no tmux")
    bench.files.error = DeliveryError("the folder is read only")
    bench.kubeconfigs.error = DeliveryError("locked")
    token, kubeconfig = await bench.make(), await bench.make(KUBECONFIG)

    with pytest.raises(DeliveryError, match="no tmux"):
        await bench.delivering.to_clipboard(token)
    with pytest.raises(DeliveryError, match="read only"):
        await bench.delivering.to_file(token, Path("x"))
    with pytest.raises(DeliveryError, match="locked"):
        await bench.delivering.to_kubeconfig(kubeconfig)

    assert bench.went_to(token) == bench.went_to(kubeconfig) == ()
    assert bench.ledger.glance(1).undelivered == 2


async def test_a_full_ledger_does_not_hide_that_the_secret_went_out(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = await bench.make()

    def full(*_: object) -> None:
        raise StorageError("the disk is full", "free some room")

    monkeypatch.setattr(bench.ledger, "delivered", full)

    with pytest.raises(StorageError, match=r"handed over to clipboard \(tmux\), but not recorded"):
        await bench.delivering.to_clipboard(result)
    assert bench.clipboard.held


async def test_discarding_and_losing_are_told_apart(bench: Bench) -> None:
    discarded, lost = await bench.make(), await bench.make()

    bench.delivering.discard(discarded)
    bench.delivering.lose(lost, "the terminal was closed")

    states = {entry.number: (entry.state, entry.discarded) for entry in bench.ledger.entries()}
    assert states[discarded.number] == (EntryState.ISSUED, True)
    assert states[lost.number] == (EntryState.LOST, False)
    assert bench.ledger.glance(1).undelivered == 0


async def test_a_password_goes_alone_to_the_clipboard_and_with_its_user_elsewhere(
    bench: Bench,
) -> None:
    result = await bench.make(USER)
    password = result.issued.secret.reveal()
    printed: list[str] = []

    await bench.delivering.to_clipboard(result)
    await bench.delivering.to_file(result, Path("/tmp/p"))  # never written
    bench.delivering.to_stdout(result, printed.append)
    kept = await bench.delivering.keep(result)

    assert bench.clipboard.held == password
    assert bench.files.written[Path("/tmp/p")] == f"anna:{password}"
    assert bench.files.written[kept] == f"anna:{password}"
    assert printed == [f"anna:{password}\n"]


@pytest.mark.parametrize("kind", [TOKEN, KUBECONFIG, KEY], ids=lambda kind: kind.key)
async def test_what_is_no_password_is_kept_as_it_came(bench: Bench, kind: Kind) -> None:
    result = await bench.make(kind)

    kept = await bench.delivering.keep(result)

    assert bench.files.written[kept] == result.issued.secret.reveal()
    assert bench.went_to(result) == (str(kept),)


async def test_a_key_file_is_the_whole_document_everywhere(bench: Bench) -> None:
    result = await bench.make(KEY)
    document = result.issued.secret.reveal()

    await bench.delivering.to_clipboard(result)
    await bench.delivering.to_file(result, Path("/tmp/k"))  # never written

    assert json.loads(document).keys() == {"key"}
    assert bench.clipboard.held == bench.files.written[Path("/tmp/k")] == document


async def test_a_recipe_goes_out_filled_and_is_named_in_the_ledger(bench: Bench) -> None:
    result = await bench.make(USER)
    text = f"curl -u anna:{result.issued.secret.reveal()} x"
    printed: list[str] = []

    await bench.delivering.to_clipboard(result, CURL)
    await bench.delivering.to_file(result, Path("/tmp/r"), recipe=CURL)  # never written
    bench.delivering.to_stdout(result, printed.append, CURL)

    assert bench.clipboard.held == bench.files.written[Path("/tmp/r")] == text
    assert printed == [f"{text}\n"]
    assert bench.went_to(result) == (
        "clipboard (tmux), as recipe curl",
        "/tmp/r, as recipe curl",
        "standard output, as recipe curl",
    )
