"""The recipes for clusters whose certificate needs care."""

from __future__ import annotations

import base64
import json
import subprocess
from typing import TYPE_CHECKING

import pytest
import yaml

from recipe_shell import Shell
from tokentui.domain.recipe import Part, Recipe, filled
from tokentui.domain.secret import Secret
from tokentui.providers.kubernetes import about
from tokentui.providers.kubernetes.access import Cluster
from tokentui.providers.kubernetes.ids import AccountRef
from tokentui.providers.kubernetes.recipes import recipes_for
from tokentui.testing.recipe_contract import ODD

if TYPE_CHECKING:
    from pathlib import Path

SERVER = "https://10.0.0.1:6443/clusters/a b"
PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
ACCOUNT = AccountRef(SERVER, "build", "deployer", "5b1c0f7e-3a52-4a0e-9f55-2f6f8a1d9c44")
NAMED = Cluster("lab", SERVER, PEM, server_name="kube.example")
PLAIN = Cluster("lab", SERVER)


def text_of(key: str, cluster: Cluster) -> str:
    recipes: dict[str, Recipe] = {
        one.key: one for one in recipes_for(about.TOKEN, cluster, ACCOUNT)
    }
    return filled(recipes[key], {Part.TOKEN: Secret(ODD)}).reveal()


def test_kubectl_is_told_the_authority_and_the_name_of_the_certificate(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    (call,) = shell.run(text_of("kubectl", NAMED))
    assert call.arguments == [
        *("kubectl", f"--server={SERVER}", "--certificate-authority=ca.pem"),
        *("--tls-server-name=kube.example", f"--token={ODD}", "auth", "whoami"),
    ]
    assert (shell.folder / "ca.pem").read_text() == PEM


@pytest.mark.parametrize("key", ["kubectl", "curl"])
def test_a_file_of_that_name_is_not_written_over(tmp_path: Path, key: str) -> None:
    shell = Shell(tmp_path)
    (shell.folder / "ca.pem").write_text("another authority")
    with pytest.raises(subprocess.CalledProcessError):
        shell.run(text_of(key, NAMED))
    assert (shell.folder / "ca.pem").read_text() == "another authority"


@pytest.mark.parametrize("key", ["kubectl", "curl"])
def test_the_authorities_of_the_system_need_no_file(tmp_path: Path, key: str) -> None:
    shell = Shell(tmp_path)
    (call,) = shell.run(text_of(key, PLAIN))
    assert not any("ca.pem" in word or "tls" in word for word in call.arguments)
    assert list(shell.folder.iterdir()) == []


def test_argo_cd_gets_both_as_the_kubeconfig_has_them() -> None:
    config = yaml.safe_load(text_of("argocd", NAMED))["stringData"]["config"]
    assert json.loads(config)["tlsClientConfig"] == {
        "insecure": False,
        "caData": base64.b64encode(PEM.encode()).decode(),
        "serverName": "kube.example",
    }


@pytest.mark.parametrize(
    ("key", "arguments"),
    [
        ("github", ["gh", "secret", "set", "KUBE_TOKEN"]),
        ("gitlab", ["glab", "variable", "set", "KUBE_TOKEN", "--masked", "--protected"]),
    ],
)
def test_a_ci_variable_is_the_token_and_nothing_else(
    tmp_path: Path, key: str, arguments: list[str]
) -> None:
    (call,) = Shell(tmp_path).run(text_of(key, PLAIN))
    assert (call.arguments, call.given) == (arguments, ODD)
