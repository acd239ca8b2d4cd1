"""The settings of a Cloudfleet profile, and the wire format that they override."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

import pytest

from tokentui.domain.about import SettingValue
from tokentui.domain.errors import ConfigError
from tokentui.providers.cloudfleet import about, wire_format
from tokentui.providers.cloudfleet.settings import CloudfleetSettings, read_settings
from tokentui.providers.cloudfleet.wire_format import ALIASES, REQUESTS, Field, Operation
from tokentui.providers.cloudfleet.wire_settings import Template, read_wire

ORGANIZATION = "3f0c2f6e-7d55-4c1b-9a3e-2b8a6f0d9c11"
USUAL: Mapping[str, SettingValue] = {
    "organization_id": ORGANIZATION,
    "token_id": "5tGq8ZxWbRk3NvPyLm7HcD",
    "token_url": "https://auth.example/realms/{organization_id}/token",
}


def read(**settings: SettingValue | None) -> CloudfleetSettings:
    given = {**USUAL, **settings}
    return read_settings({k: v for k, v in given.items() if v is not None}, "profile fleet")


def fault(**settings: SettingValue | None) -> str:
    with pytest.raises(ConfigError) as caught:
        read(**settings)
    assert caught.value.message.startswith("profile fleet")
    return caught.value.sentence


def wire_fault(key: str, text: str) -> str:
    return fault(wire={key: text})


def test_what_is_not_set_is_as_shipped() -> None:
    settings = read()
    assert settings.url == about.DEFAULT_URL
    assert (settings.auth_mode, settings.client_auth) == ("client_credentials", "post")
    assert settings.token_url == f"https://auth.example/realms/{ORGANIZATION}/token"
    assert settings.wire == read_wire({}, "")


@pytest.mark.parametrize("mode", ["client_credentials", "basic"])
def test_a_secret_needs_its_id(mode: str) -> None:
    assert "needs token_id" in fault(token_id=None, auth_mode=mode)


def test_a_jwt_needs_neither_id_nor_token_url() -> None:
    settings = read(token_id=None, token_url=None, auth_mode="bearer")
    assert (settings.token_id, settings.token_url) == ("", "")


def test_no_token_url_is_invented() -> None:
    assert "needs token_url" in fault(token_url=None)
    assert read(token_url=None, auth_mode="basic").token_url == ""


@pytest.mark.parametrize(
    "url", ["http://auth.example/token", "ftp://auth.example", "https://u:p@auth.example/t"]
)
def test_trap_14_a_secret_goes_to_no_unsafe_token_url(url: str) -> None:
    assert "no address that a credential may be sent to" in fault(token_url=url)


def test_a_token_url_on_this_host_may_be_plain() -> None:
    assert read(token_url="http://127.0.0.1:8080/t/").token_url == "http://127.0.0.1:8080/t/"


@pytest.mark.parametrize(
    "template", ["https://a.example/{org}", "https://a.example/{", "https://}"]
)
def test_a_token_url_has_no_other_place_to_fill(template: str) -> None:
    assert "only {organization_id} can be filled in" in fault(token_url=template)


@pytest.mark.parametrize("url", ["http://api.example/v1", "https://api.example/v1?x=1"])
def test_the_address_of_the_api_is_safe_and_plain(url: str) -> None:
    assert "address" in fault(url=url)


@pytest.mark.parametrize("value", ["a/b", "a b", "..", "a:b", "é"])
def test_ids_are_ids(value: str) -> None:
    assert "organization_id cannot be" in fault(organization_id=value)
    assert "token_id cannot be" in fault(token_id=value)


def test_an_organization_is_the_same_however_its_address_is_written() -> None:
    one = read(url="https://API.cloudfleet.ai:443/v1/")
    assert one.place == read().place
    assert one.is_vendors
    assert not read(url="https://api.example/v1").is_vendors
    assert one.place != read(organization_id="other").place


@pytest.mark.parametrize(("key", "choice"), [("auth_mode", "oauth"), ("client_auth", "jwt")])
def test_choices_are_checked(key: str, choice: str) -> None:
    assert f"{key} cannot be {choice}" in fault(**{key: choice})


def test_everything_that_is_shipped_can_be_used_and_overridden() -> None:
    wire = read_wire({}, "")
    assert set(REQUESTS) == set(Operation)
    assert set(ALIASES) == set(wire.names) == set(Field)
    assert set(wire.templates) == set(Operation) - {Operation.UPDATE_TOKEN}
    again = {str(key): one.shipped or one.example for key, one in REQUESTS.items()}
    overridden = read_wire(again | {str(key): names for key, names in ALIASES.items()}, "")
    assert overridden.names == wire.names
    assert overridden.can_rename
    assert not wire.can_rename


def test_what_is_shipped_says_that_it_is_not_confirmed() -> None:
    assert wire_format.NOT_CONFIRMED == "not confirmed by the vendor's documentation"
    assert "not confirmed" in about.ABOUT.caution
    assert "`wire`" in about.ABOUT.caution


def test_an_override_is_what_is_sent() -> None:
    wire = read(wire={"list_tokens": "POST  /t/{organization_id}", "token.name": "a, b"}).wire
    assert wire.templates[Operation.LIST_TOKENS] == Template("POST", "/t/{organization_id}")
    assert wire.names[Field.TOKEN_NAME] == ("a", "b")


def test_ids_are_percent_encoded() -> None:
    path = Template("GET", "/o/{organization_id}/t/{id}").filled("o?", "a/b#{id}")
    assert path == "/o/o%3F/t/a%2Fb%23%7Bid%7D"


@pytest.mark.parametrize(
    ("key", "near"),
    [
        ("list_token", "list_tokens"),
        ("token.nam", "token.name"),
        ("regenerate", "regenerate_token"),
    ],
)
def test_an_unknown_key_names_the_nearest(key: str, near: str) -> None:
    told = wire_fault(key, "GET /x")
    assert f"wire has no key {key}" in told
    assert told.endswith(f"use {near}")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("/tokens/{id}", "is not a method and a path"),
        ("DELETE /a b/{id}", "is not a method and a path"),
        ("", "is not a method and a path"),
        ("GET /tokens/{id}", "has not one of the methods DELETE, POST, PUT"),
        ("delete /tokens/{id}", "has not one of the methods"),
        ("DELETE tokens/{id}", "has no path that begins with /"),
        ("DELETE /tokens/{id}?all=1", "holds none of ? # % \\"),
        ("DELETE /tokens/../{id}", "has a path with . or .."),
        ("DELETE /tokens/{id}}", "single braces"),
        ("DELETE /tökens/{id}", "foreign characters"),
        ("DELETE /tokens", "names no {id}"),
        ("DELETE /tokens/{ids}", "only {id} can be filled in"),
    ],
)
def test_an_unusable_request_is_refused_with_its_reason(text: str, why: str) -> None:
    told = wire_fault("delete_token", text)
    assert "wire.delete_token" in told
    assert why in told
    assert told.endswith("write it like DELETE /tokens/{id}")


def test_a_list_has_no_id_to_fill_in() -> None:
    assert "only {organization_id}" in wire_fault("list_tokens", "GET /tokens/{id}")


def test_a_request_that_is_not_known_is_shown_by_an_example() -> None:
    assert wire_fault("update_token", "PUT").endswith("write it like PUT /tokens/{id}")


@pytest.mark.parametrize("text", ["", " , ", "a b", "é"])
def test_a_field_needs_a_name(text: str) -> None:
    assert "wire.token.secret" in wire_fault("token.secret", text)


def test_the_shipped_settings_are_those_that_are_declared() -> None:
    keys = {setting.key for setting in about.SETTINGS}
    assert keys == {field.name for field in fields(CloudfleetSettings)}
