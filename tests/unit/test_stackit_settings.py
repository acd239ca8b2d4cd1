"""The settings of a STACKIT profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tokentui.domain.errors import ConfigError
from tokentui.providers.http_check import is_safe_url
from tokentui.providers.stackit.about import SERVICES
from tokentui.providers.stackit.settings import Project, read_settings

if TYPE_CHECKING:
    from tokentui.domain.about import SettingValue

ONE = "7d1c2b3a-4e5f-4a6b-8c7d-9e0f1a2b3c4d"
TWO = "0c6c2b3a-4e5f-4a6b-8c7d-9e0f1a2b3c4d"


def test_one_project_in_the_default_region_at_the_vendors_hosts() -> None:
    settings = read_settings({"project_id": ONE}, "profile p")
    assert settings.projects == (Project(ONE, ONE),)
    assert settings.regions == ("eu01",)
    assert settings.endpoints.edge == "https://edge.api.stackit.cloud"
    assert settings.endpoints.token is None
    assert settings.endpoints.edge_kubernetes == "https://{host}:6443"


def test_several_projects_in_several_regions() -> None:
    settings = read_settings(
        {"projects": {"prod": ONE.upper(), "dev": TWO}, "regions": ("eu01", "eu02", "eu01")}, "p"
    )
    assert settings.projects == (Project(ONE, "prod"), Project(TWO, "dev"))
    assert settings.regions == ("eu01", "eu02")


def test_endpoints_can_be_set() -> None:
    endpoints = {
        "edge": "http://127.0.0.1:1/edge/",
        "token": "https://t.example/token",
        "edge_kubernetes": "https://localhost:2/edge/{id}",
    }
    read = read_settings({"project_id": ONE, "endpoints": endpoints}, "p").endpoints
    assert read.edge == "http://127.0.0.1:1/edge"
    assert read.token == "https://t.example/token"
    assert read.edge_kubernetes == "https://localhost:2/edge/{id}"


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "either project_id or projects"),
        ({"project_id": ONE, "projects": {"a": TWO}}, "either project_id or projects"),
        ({"project_id": "ops-prod"}, "ops-prod is not the UUID"),
        ({"projects": {"a": "x\x1b"}}, "not the UUID"),
        ({"project_id": 7.0}, "project_id"),
        ({"project_id": ONE, "region": "EU 01"}, "EU 01 is not a region"),
        ({"project_id": ONE, "region": "../x"}, "not a region"),
        ({"project_id": ONE, "regions": ()}, "regions"),
        ({"project_id": ONE, "endpoints": {"edge": "http://edge.example"}}, r"endpoints\.edge"),
        ({"project_id": ONE, "endpoints": {"token": "ftp://x"}}, r"endpoints\.token"),
        ({"project_id": ONE, "endpoints": {"edge_kubernetes": "https://{name}"}}, "other places"),
        ({"project_id": ONE, "endpoints": {"edge_kubernetes": "https://{"}}, "other places"),
        ({"project_id": ONE, "endpoints": {"edge_kubernetes": "http://{host}"}}, "http://host"),
        ({"project_id": ONE, "endpoints": "https://x"}, "endpoints"),
    ],
)
def test_what_cannot_work_is_said(settings: dict[str, SettingValue], words: str) -> None:
    with pytest.raises(ConfigError, match=words) as caught:
        read_settings(settings, "profile p")
    assert "profile p" in caught.value.message
    assert caught.value.next_step


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://edge.example", True),
        ("http://localhost:1", True),
        ("http://[::1]:1", True),
        ("http://edge.example", False),
        ("http://127.0.0.1.edge.example", False),
        ("https://user:word@edge.example", False),
        ("javascript:alert(1)", False),
        ("https://", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_a_credential_goes_over_https_or_stays_on_this_host(url: str, safe: bool) -> None:
    assert is_safe_url(url) is safe


def test_every_service_has_its_own_address() -> None:
    names = ("observability", "service_account", "resource_manager", "identity_provider")
    given = {name: f"https://{name.replace('_', '-')}.example/" for name in names}
    read = read_settings({"project_id": ONE, "endpoints": given}, "p").endpoints
    plain = read_settings({"project_id": ONE}, "p").endpoints
    assert read.observability == "https://observability.example"
    assert read.service_account == "https://service-account.example"
    assert read.resource_manager == "https://resource-manager.example"
    assert read.identity_provider == "https://identity-provider.example"
    assert plain.observability == "https://argus.api.eu01.stackit.cloud"
    assert plain.service_account == "https://service-account.api.stackit.cloud"
    assert plain.resource_manager == "https://resource-manager.api.stackit.cloud"
    assert plain.identity_provider == "https://accounts.stackit.cloud/oauth/v2/token"
    for name in names:
        with pytest.raises(ConfigError, match=rf"endpoints\.{name}"):
            read_settings({"project_id": ONE, "endpoints": {name: "http://far.example"}}, "p")


def test_services_are_those_that_exist() -> None:
    assert read_settings({"project_id": ONE}, "p").services == SERVICES
    asked: dict[str, SettingValue] = {"project_id": ONE, "services": ("service-accounts", "edge")}
    assert read_settings(asked, "p").services == ("edge", "service-accounts")
    unusable: tuple[SettingValue, ...] = (("vpn",), (), "edge")
    for wrong in unusable:
        with pytest.raises(ConfigError):
            read_settings({"project_id": ONE, "services": wrong}, "p")
