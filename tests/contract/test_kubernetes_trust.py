"""Which authorities a cluster is trusted by, and that what is made carries them."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
import yaml

from kubernetes_connection import (
    account_named,
    changed_kubeconfig,
    connected,
    connection_of,
    offer_of,
    order,
)
from simulator_fixtures import start_simulator
from tokentui.domain.recipe import Part, filled
from tokentui.domain.secret import Secret
from tokentui.providers.base import Connection
from tokentui.simulator.server import Simulator
from tokentui.testing.checks import failure_of
from tools import kubectl

REMARK = "# Főtanúsítvány - Müller\n"


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as sim:
        yield sim


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def own_authority(sim: Simulator, folder: Path, in_kubeconfig: str = "") -> Connection:
    """Connect with the cluster's authority in `ca_file`, and another one in the kubeconfig."""

    def change(cluster: dict[str, object], user: dict[str, object]) -> None:
        del cluster["certificate-authority-data"]
        if in_kubeconfig:
            cluster["certificate-authority-data"] = encoded(in_kubeconfig)

    path = changed_kubeconfig(sim, folder, change)
    (folder / "ca.pem").write_text(f"{REMARK}{sim.ca_pem}")
    ca_file = str(folder / "ca.pem")
    return connection_of(kubeconfig=str(path), context="lab", ca_file=ca_file)


@pytest.mark.parametrize("beside", [True, False])
async def test_what_is_made_trusts_whom_the_profile_trusts(
    sim: Simulator, tmp_path: Path, *, beside: bool
) -> None:
    other = trustme.CA().cert_pem.bytes().decode() if beside else ""
    file = tmp_path / "made"
    async with connected(own_authority(sim, tmp_path, other)) as provider:
        issued = await provider.issue(await order(provider, "kubeconfig"))
        assert (await provider.verify(issued)).ok is True
    file.write_text(issued.secret.reveal())
    (cluster,) = json.loads(issued.secret.reveal())["clusters"]
    carried = base64.b64decode(cluster["cluster"]["certificate-authority-data"]).decode()
    assert carried == other + sim.ca_pem
    done = await asyncio.to_thread(
        subprocess.run,
        [kubectl(), f"--kubeconfig={file}", "auth", "whoami"],
        env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


async def test_recipes_trust_whom_the_profile_trusts(sim: Simulator, tmp_path: Path) -> None:
    async with connected(own_authority(sim, tmp_path)) as provider:
        kind = (await offer_of(provider)).kind
        recipes = await provider.recipes(kind, await account_named(provider))
    texts = {one.key: filled(one, {Part.TOKEN: Secret("t0ken")}).reveal() for one in recipes}
    assert "--cacert=ca.pem" in texts["curl"]
    assert "--certificate-authority=ca.pem" in texts["kubectl"]
    assert encoded(sim.ca_pem) in texts["curl"]
    config = json.loads(yaml.safe_load(texts["argocd"])["stringData"]["config"])
    assert config["tlsClientConfig"]["caData"] == encoded(sim.ca_pem)


@pytest.mark.parametrize("in_file", [True, False])
async def test_an_authority_may_have_remarks_in_any_language(
    sim: Simulator, tmp_path: Path, *, in_file: bool
) -> None:
    text = f"{REMARK}{sim.ca_pem}"
    (tmp_path / "remarked.pem").write_text(text)

    def change(cluster: dict[str, object], user: dict[str, object]) -> None:
        cluster["certificate-authority-data"] = "" if in_file else encoded(text)
        cluster["certificate-authority"] = str(tmp_path / "remarked.pem") if in_file else ""

    path = changed_kubeconfig(sim, tmp_path, change)
    async with connected(connection_of(kubeconfig=str(path), context="lab")) as provider:
        issued = await provider.issue(await order(provider, "kubeconfig"))
        assert (await provider.verify(issued)).ok is True


@pytest.mark.parametrize(
    ("content", "words"), [("Müller", "holds no certificate"), (None, "No such file")]
)
async def test_an_own_authority_that_is_none_is_said(
    sim: Simulator, tmp_path: Path, content: str | None, words: str
) -> None:
    connection = own_authority(sim, tmp_path)
    file = tmp_path / "ca.pem"
    file.unlink()
    if content is not None:
        file.write_text(content)
    async with connected(connection) as provider:
        error = await failure_of(provider.identity())
    assert words in error.message
    assert "ca_file" in error.next_step


async def test_an_authority_that_is_none_is_said(sim: Simulator, tmp_path: Path) -> None:
    def change(cluster: dict[str, object], user: dict[str, object]) -> None:
        cluster["certificate-authority-data"] = encoded("Müller")

    path = changed_kubeconfig(sim, tmp_path, change)
    async with connected(connection_of(kubeconfig=str(path), context="lab")) as provider:
        error = await failure_of(provider.identity())
    assert "no certificate in PEM form" in error.message
