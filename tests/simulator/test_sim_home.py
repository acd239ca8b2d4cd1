from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import yaml

from simulator_fixtures import project_id, start_simulator
from tokentui.simulator.errors import ForeignHomeError
from tokentui.simulator.home import MARKER, write_home

if TYPE_CHECKING:
    from pathlib import Path

    from tokentui.simulator.server import Simulator


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_home_is_complete_and_private(sim: Simulator, tmp_path: Path) -> None:
    home = write_home(sim, tmp_path / "home")
    files = {str(path.relative_to(home)): mode(path) for path in home.rglob("*")}
    assert mode(home) == 0o700
    assert files == {
        "config.yaml": 0o600,
        "simulator-ca.pem": 0o600,
        "secrets": 0o700,
        "secrets/cloudfleet-secret": 0o600,
        "secrets/cloudfleet-user-secret": 0o600,
        "secrets/imke-2.16-token": 0o600,
        "secrets/imke-2.17-token": 0o600,
        "secrets/imke-2.21-token": 0o600,
        "secrets/imke-2.22-token": 0o600,
        "secrets/imke-2.23-token": 0o600,
        "secrets/imke-admin-token": 0o600,
        "secrets/imke-editor-token": 0o600,
        "secrets/imke-manager-token": 0o600,
        "secrets/imke-token": 0o600,
        "secrets/kubernetes-kubeconfig": 0o600,
        "secrets/stackit-key.json": 0o600,
        "secrets/stackit-reader-key.json": 0o600,
        "secrets/stackit-workload-token.jwt": 0o600,
        "secrets/stackstate-guest-token": 0o600,
        "secrets/stackstate-lab-token": 0o600,
        "secrets/stackstate-token": 0o600,
    }
    assert (home / "simulator-ca.pem").read_text() == sim.ca_pem


def test_the_configuration_points_at_the_simulator(sim: Simulator, tmp_path: Path) -> None:
    home = write_home(sim, tmp_path / "home")
    text = (home / "config.yaml").read_text()
    assert text.startswith(MARKER)
    assert yaml.safe_load(text)["profiles"]["stackit"] == {
        "provider": "stackit",
        "projects": {"ops-prod": project_id(sim), "ops-dev": project_id(sim, "ops-dev")},
        "regions": ["eu01", "eu02"],
        "endpoints": {
            "edge": f"{sim.base_url}/stackit/edge",
            "token": f"{sim.base_url}/stackit/service-account/token",
            "edge_kubernetes": f"{sim.tls_url}/edge/{{id}}",
            "observability": f"{sim.base_url}/stackit/observability",
            "service_account": f"{sim.base_url}/stackit/service-account",
            "resource_manager": f"{sim.base_url}/stackit/resource-manager",
            "identity_provider": f"{sim.base_url}/stackit/idp/oauth/v2/token",
        },
        "ca_file": str(home / "simulator-ca.pem"),
        "auth": {
            "method": "service-account-key",
            "path": str(home / "secrets" / "stackit-key.json"),
        },
    }


def test_the_key_files_belong_to_the_admin_and_the_reader(sim: Simulator, tmp_path: Path) -> None:
    home = write_home(sim, tmp_path / "home")
    for name, may_write in (("stackit-key.json", True), ("stackit-reader-key.json", False)):
        file = json.loads((home / "secrets" / name).read_text())
        key = sim.world.stackit.key_of(may_write=may_write)
        assert file["credentials"]["kid"] == key.id
        assert file["credentials"]["iss"] == key.identity.email
        assert file["credentials"]["tokenEndpoint"].startswith(sim.base_url)


def test_an_own_home_is_renewed_and_the_rest_of_it_kept(sim: Simulator, tmp_path: Path) -> None:
    home = write_home(sim, tmp_path)
    (home / "ledger.db").write_bytes(b"ledger")
    (home / "config.yaml").chmod(0o644)
    before = (home / "config.yaml").read_text()
    with start_simulator() as another:
        write_home(another, home)
    assert (home / "config.yaml").read_text() != before
    assert mode(home / "config.yaml") == 0o600
    assert (home / "ledger.db").read_bytes() == b"ledger"
    assert not list(home.rglob("*.tmp"))


@pytest.mark.parametrize("text", ["profiles: {}\n", "", "\udcff"])
def test_a_foreign_configuration_is_refused_untouched(
    sim: Simulator, tmp_path: Path, text: str
) -> None:
    config = tmp_path / "config.yaml"
    content = text.encode("utf-8", "surrogateescape")
    config.write_bytes(content)
    with pytest.raises(ForeignHomeError, match=r"config\.yaml was not written by the simulator"):
        write_home(sim, tmp_path)
    assert config.read_bytes() == content
    assert not (tmp_path / "secrets").exists()


def test_a_link_to_nowhere_is_foreign(sim: Simulator, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ForeignHomeError):
        write_home(sim, tmp_path)
