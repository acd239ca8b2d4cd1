"""The settings of a StackState profile."""

from __future__ import annotations

import pytest

from tokentui.domain.errors import ConfigError
from tokentui.providers.stackstate.about import ABOUT
from tokentui.providers.stackstate.settings import read_settings


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://observability.example.test", "observability"),
        ("https://acme.app.stackstate.io/", "acme"),
        ("http://localhost:8080", "localhost"),
        ("https://192.0.2.7:8443", "192.0.2.7"),
        ("https://[2001:db8::7]", "2001:db8::7"),
        ("https://gateway.example.test/stackstate/sts-prod/", "sts-prod"),
    ],
)
def test_a_server_has_a_short_name(url: str, name: str) -> None:
    assert read_settings({"url": url}, {}, "profile x").name == name


@pytest.mark.parametrize(
    ("url", "server_id"),
    [
        ("https://Acme.Example.Test/", "https://acme.example.test"),
        ("HTTPS://acme.example.test.:443", "https://acme.example.test"),
        ("https://acme.example.test:8443/a/B/", "https://acme.example.test:8443/a/B"),
        ("http://localhost:443", "http://localhost:443"),
        ("http://localhost:80", "http://localhost"),
        ("https://[2001:DB8::7]:8443", "https://[2001:db8::7]:8443"),
    ],
)
def test_a_server_is_the_same_however_its_address_is_written(url: str, server_id: str) -> None:
    assert read_settings({"url": url}, {}, "profile x").server_id == server_id


@pytest.mark.parametrize(
    ("path", "api_url"),
    [
        (None, "https://a.test/api"),
        ("/sts/api/", "https://a.test/sts/api"),
        ("/", "https://a.test"),
    ],
)
def test_the_api_lies_below_the_address(path: str | None, api_url: str) -> None:
    settings = {"url": "https://a.test/"} | ({} if path is None else {"api_path": path})
    assert read_settings(settings, {}, "profile x").api_url == api_url


@pytest.mark.parametrize(
    "url",
    [
        "http://observability.example.test",
        "ftp://a.test",
        "https://",
        "https://me:secret@a.test",
        "https://a.test/?tenant=1",
        "https://a.test/#top",
        "https://ä.test",
    ],
)
def test_an_address_for_a_credential_is_safe(url: str) -> None:
    with pytest.raises(ConfigError, match="profile x.*(use an https|set url to)") as caught:
        read_settings({"url": url}, {}, "profile x")
    assert caught.value.next_step


@pytest.mark.parametrize("path", ["api", "", "/a b", "/a?b", "/a#b", "/ä", "/a%2f"])
def test_a_path_is_a_path(path: str) -> None:
    with pytest.raises(ConfigError, match="api_path"):
        read_settings({"url": "https://a.test", "api_path": path}, {}, "profile x")


def test_choices_are_checked() -> None:
    with pytest.raises(ConfigError, match="header cannot be X-API-ServiceToken"):
        read_settings({"url": "https://a.test", "header": "X-API-ServiceToken"}, {}, "profile x")
    with pytest.raises(ConfigError, match="profile x, auth: type cannot be jwt"):
        read_settings({"url": "https://a.test"}, {"type": "jwt"}, "profile x")


def test_no_address_is_an_error() -> None:
    with pytest.raises(ConfigError, match="needs url"):
        read_settings({}, {}, "profile x")


def test_every_way_of_signing_in_takes_the_type_of_the_token() -> None:
    for method in ABOUT.sign_ins:
        (setting,) = [one for one in method.settings if one.key == "type"]
        assert setting.choices == ("service-token", "api-token", "service-account")
        assert setting.default == "service-token"
