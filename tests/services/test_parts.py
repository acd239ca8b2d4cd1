"""What a kubeconfig's entry is called."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tokentui.domain.model import EndSource, Issued, Target
from tokentui.domain.secret import Secret
from tokentui.services.parts import kubeconfig_entry
from world import KUBECONFIG, MONDAY, TOKEN_VALUE, instance, kubeconfig_document
from world_managed import robot


@pytest.mark.parametrize(
    ("target", "name"),
    [
        (instance(), "edge-demo"),
        (instance("web 1", noun="KKP cluster"), "kkp-cluster-web-1"),
        (replace(robot(), scope="build", name="deployer"), "ops-prod-build-deployer"),
        (replace(robot(), scope="", name="deployer"), "ops-prod-deployer"),
    ],
)
def test_an_entry_says_what_it_opens_without_blanks(target: Target, name: str) -> None:
    issued = Issued(
        kind=KUBECONFIG,
        target=target,
        secret=Secret(kubeconfig_document(TOKEN_VALUE)),
        ends_at=None,
        end_source=EndSource.ANSWER,
        made_at=MONDAY,
    )
    assert kubeconfig_entry(issued).name == name
