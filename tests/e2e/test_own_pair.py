"""A key for a pair of one's own: the certificate comes from a file, the private key stays here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from command import Done, tokentui
from simulator_fixtures import small_home, start_simulator
from stackit_keys import pem_of
from stackit_services import exchange
from tokentui.simulator.keys import certificate_pem
from tokentui.simulator.server import Simulator

OWN = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as simulator:
        yield simulator


@pytest.fixture
def home(sim: Simulator, tmp_path: Path) -> Path:
    return small_home(sim, tmp_path / "home")


def make_key(home: Path, certificate: str, *ways: str) -> Done:
    """Make a key with the certificate in this file."""
    words = ("token", "create", "--account", "deploy", "--kind", "key", "-e", "90d")
    return tokentui(home, *words, "--set", f"public_key={certificate}", *ways)


def test_the_own_private_key_signs_in(sim: Simulator, home: Path, tmp_path: Path) -> None:
    certificate = certificate_pem(OWN, "ours", datetime.now(UTC))
    (home / "cert.pem").write_text(certificate)
    path = tmp_path / "key.json"

    made = make_key(home, "~/cert.pem", "--file", str(path))

    assert made.code == 0, made.err
    assert "its private key is yours alone" in made.err
    document = json.loads(path.read_text())
    assert "privateKey" not in document["credentials"]
    assert document["publicKey"] == certificate
    document["credentials"]["privateKey"] = pem_of(OWN)
    assert exchange(sim, document).status_code == 200


def test_what_is_no_certificate_never_leaves(sim: Simulator, home: Path) -> None:
    (home / "key.pem").write_text(pem_of(OWN))
    (home / "large.pem").write_text("a" * 70_000)

    told = {
        name: make_key(home, f"~/{name}", "--stdout")
        for name in ("key.pem", "large.pem", "none.pem")
    }

    assert "holds a private key, and was not sent" in told["key.pem"].err
    assert "the file ~/large.pem is larger than 64 kB" in told["large.pem"].err
    assert "cannot read the file ~/none.pem: No such file or directory" in told["none.pem"].err
    assert [done.code for done in told.values()] == [1, 2, 2]
    assert not any("PRIVATE KEY" in done.out + done.err for done in told.values())
    assert sim.requests.count("POST", "/keys") == 0
