"""How to use an API token of Cloudfleet."""

from __future__ import annotations

import shlex

import pytest
import yaml

from tokentui.domain.about import SettingValue
from tokentui.domain.recipe import Part, Recipe, filled, outline
from tokentui.domain.secret import Secret
from tokentui.providers.cloudfleet.recipes import recipes_for
from tokentui.providers.cloudfleet.settings import read_settings

ORGANIZATION = "3f0c2f6e-7d55-4c1b-9a3e-2b8a6f0d9c11"
ID = "5tGq8ZxWbRk3NvPyLm7HcD"
USER = "service-account-5tgq8zxwbrk3nvpylm7hcd"
PARTS = {
    Part.ID: Secret(ID),
    Part.NAME: Secret("ci deploy"),
    Part.TOKEN: Secret("s3cret&+"),
}


def recipes(**settings: SettingValue) -> dict[str, Recipe]:
    given = {
        "organization_id": ORGANIZATION,
        "token_id": ID,
        "token_url": "https://auth.example/{organization_id}/token",
        **settings,
    }
    read = read_settings({k: v for k, v in given.items() if v}, "")
    return {one.key: one for one in recipes_for(read)}


def text_of(key: str, **settings: SettingValue) -> str:
    return filled(recipes(**settings)[key], PARTS).reveal()


def test_there_is_one_for_each_place() -> None:
    assert list(recipes()) == [
        "cli-profile",
        "curl",
        "kubernetes-user",
        "role-binding",
        "cluster-role-binding",
        "registry-login",
    ]


def test_trap_5_the_profile_line_is_that_of_today() -> None:
    words = shlex.split(text_of("cli-profile"))
    assert words == [
        *("cloudfleet", "auth", "add-profile", "token", "ci deploy", ORGANIZATION, ID, "s3cret&+")
    ]
    assert text_of("cli-profile").startswith(" "), "bash then leaves it out of its history"
    assert all(".name:" not in outline(one) for one in recipes().values())


def test_curl_exchanges_the_pair_and_shows_no_secret_in_argv() -> None:
    words = shlex.split(text_of("curl", scope="a b"))
    form = "grant_type=client_credentials&scope=a+b"
    assert words[:3] == ["printf", "%s", f"{form}&client_id={ID}&client_secret=s3cret%26%2B"]
    assert f"https://auth.example/{ORGANIZATION}/token" in words
    assert words[-3:] == ["--header", "@-", "https://api.cloudfleet.ai/v1/organization"]


def test_curl_sends_the_pair_in_a_header_where_the_profile_does() -> None:
    words = shlex.split(text_of("curl", client_auth="basic"))
    assert words[:4] == ["printf", 'user = "%s:%s"\\n', ID, "s3cret%26%2B"]
    assert words[words.index("--data") + 1] == "grant_type=client_credentials"


def test_curl_needs_no_exchange_with_basic_authentication() -> None:
    wire = {"organization": "POST /o/describe"}
    words = shlex.split(text_of("curl", auth_mode="basic", token_url="", wire=wire))
    assert words[:4] == ["printf", "%s:%s", ID, "s3cret&+"]
    assert words[-5:] == [
        *("--request", "POST", "--header", "@-", "https://api.cloudfleet.ai/v1/o/describe")
    ]


def test_without_a_token_url_there_is_no_curl() -> None:
    assert "curl" not in recipes(auth_mode="bearer", token_url="")


def test_trap_4_the_kubernetes_user_is_in_lower_case() -> None:
    assert text_of("kubernetes-user") == f"{USER}\n"


@pytest.mark.parametrize(
    ("key", "kind", "metadata"),
    [
        ("role-binding", "RoleBinding", {"name": f"{USER}-edit", "namespace": "<namespace>"}),
        ("cluster-role-binding", "ClusterRoleBinding", {"name": f"{USER}-edit"}),
    ],
)
def test_a_binding_names_the_user(key: str, kind: str, metadata: dict[str, str]) -> None:
    group = "rbac.authorization.k8s.io"
    assert yaml.safe_load(text_of(key)) == {
        "apiVersion": f"{group}/v1",
        "kind": kind,
        "metadata": metadata,
        "roleRef": {"apiGroup": group, "kind": "ClusterRole", "name": "edit"},
        "subjects": [{"apiGroup": group, "kind": "User", "name": USER}],
    }


def test_what_each_role_maps_to_is_said() -> None:
    for key in ("kubernetes-user", "role-binding", "cluster-role-binding"):
        note = recipes()[key].note
        assert "Administrator is cluster-admin" in note
        assert "a User may view" in note
    assert "an Administrator may push, a User may pull" in recipes()["registry-login"].note


def test_the_registry_gets_the_secret_on_standard_input() -> None:
    words = shlex.split(text_of("registry-login"))
    assert words == [
        *("printf", "%s", "s3cret&+", "|", "docker", "login", "--username", ID),
        *("--password-stdin", f"{ORGANIZATION}.<region>.registry.cloudfleet.dev"),
    ]
