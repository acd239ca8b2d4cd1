"""What a kubeconfig's entry is called."""

from __future__ import annotations

from dataclasses import replace

import pytest
import yaml

from tokentui.domain.model import EndSource, Issued, ProfileName, Target
from tokentui.domain.secret import Secret
from tokentui.services.parts import kubeconfig_entry, whole
from world import KUBECONFIG, MONDAY, TOKEN_VALUE, instance, kubeconfig_document
from world_managed import robot


def made(target: Target, name: str = "", token: str = TOKEN_VALUE) -> Issued:
    return Issued(
        kind=KUBECONFIG,
        target=target,
        secret=Secret(kubeconfig_document(token)),
        ends_at=None,
        end_source=EndSource.ANSWER,
        made_at=MONDAY,
        name=name,
    )


@pytest.mark.parametrize(
    ("target", "role", "name"),
    [
        (instance(scope="Shop"), "", "ops-prod-Shop-demo"),
        (instance(scope=""), "", "ops-prod-demo"),
        (instance("web 1", scope="Big Shop"), "", "ops-prod-Big-Shop-web-1"),
        (instance("web", scope="Shop"), "viewer", "ops-prod-Shop-web-viewer"),
        (replace(robot(), scope="build", name="deployer"), "", "ops-prod-build-deployer"),
        (replace(robot(), scope="build", name="deployer"), "anchor-7", "ops-prod-build-deployer"),
        (replace(robot(), scope="", name="deployer"), "", "ops-prod-deployer"),
    ],
)
def test_an_entry_says_what_it_opens_without_blanks(target: Target, role: str, name: str) -> None:
    assert kubeconfig_entry(made(target, role)).name == name


def test_clusters_of_one_name_do_not_shadow_each_other() -> None:
    """Of two files in `KUBECONFIG` with one name, kubectl takes the first file's entry."""
    shop, lab = instance("web", scope="Shop"), instance("web", scope="Lab")
    all_of_them = (
        made(shop, "admin"),
        made(shop, "viewer"),
        made(lab, "admin"),
        made(replace(shop, profile=ProfileName("other")), "admin"),
    )
    for section in ("clusters", "users", "contexts"):
        names = [yaml.safe_load(whole(one).reveal())[section][0]["name"] for one in all_of_them]
        assert len(set(names)) == len(names), section


def test_another_role_does_not_take_an_entrys_place() -> None:
    """Merged after admin, viewer would renew the entry that is called admin."""
    shop = instance("web", scope="Shop")
    origins = {kubeconfig_entry(made(shop, role)).origin for role in ("admin", "viewer", "admin")}
    assert len(origins) == 2
