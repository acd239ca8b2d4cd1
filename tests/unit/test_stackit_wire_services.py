"""STACKIT's JSON of Observability and service accounts, right and wrong, in our words."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tokentui.domain.model import (
    Account,
    AccountId,
    CredentialState,
    Instance,
    InstanceId,
    InstanceState,
    ProfileName,
)
from tokentui.domain.secret import Secret
from tokentui.providers.http_call import Answer, Call
from tokentui.providers.stackit import wire, wire_accounts, wire_observability
from tokentui.providers.stackit.kinds import ACCOUNT_NOUN, KEY, OBSERVABILITY_NOUN
from tokentui.providers.stackit.settings import Project
from tokentui.testing.checks import assert_clean

if TYPE_CHECKING:
    from tokentui.domain.model import Page

PROJECT = Project("7d1c2b3a-4e5f-4a6b-8c7d-9e0f1a2b3c4d", "ops-prod")
PLACE = wire.Place(ProfileName("p"), PROJECT)
CALL = Call("GET", "https://api.example/x", "list things")
INSTANCE = Instance(
    ProfileName("p"),
    KEY,
    InstanceId("p/obs/i"),
    "i",
    "prod-obs",
    OBSERVABILITY_NOUN,
    InstanceState.ACTIVE,
    "CREATE_SUCCEEDED",
)
EMAIL = "ci-bot-x7k2m9qa@sa.stackit.cloud"
ACCOUNT = Account(ProfileName("p"), KEY, AccountId(f"p/{EMAIL}"), EMAIL, "ci-bot", ACCOUNT_NOUN)
OBS_ROW: dict[str, object] = {
    "id": "a41f6f0e-5d0b-4d0f-8f6e-2f3c1b0a9d8e",
    "instance": "a41f6f0e-5d0b-4d0f-8f6e-2f3c1b0a9d8e",
    "name": "prod-obs",
    "planName": "Observability-Basic-EU01",
    "serviceName": "STACKIT Observability",
    "status": "CREATE_SUCCEEDED",
    "error": None,
}
USER_ROW: dict[str, object] = {
    "id": "prod-obs_a41f_1c2d",
    "name": "prod-obs_a41f_1c2d",
    "credentialsInfo": {"username": "prod-obs_a41f_1c2d", "description": "otel collector"},
}
ACCOUNT_ROW: dict[str, object] = {
    "id": "3c9e1d2f-6a7b-4c8d-9e0f-112233445566",
    "email": EMAIL,
    "projectId": PROJECT.id,
    "internal": False,
}
KEY_ROW: dict[str, object] = {
    "id": "d4e5f607-1829-4a3b-8c4d-5e6f70819203",
    "createdAt": "2026-03-01T09:00:00Z",
    "validUntil": "2026-11-26T09:00:00Z",
    "active": True,
    "keyType": "USER_MANAGED",
    "keyOrigin": "GENERATED",
    "keyAlgorithm": "RSA_2048",
}
NASTY = ["a\x1b]52;c;eA==\x07", "a\u202eb", "a\nb", "x" * 5000, "\ud83d", ""]


def answer(payload: object) -> Answer:
    body = Secret(json.dumps(payload))
    return Answer(200, payload, body, "trace", datetime.now(UTC), None, timedelta())


def read(what: str, rows: object) -> Page[object]:
    """Read rows of one of the four lists."""
    match what:
        case "instances":
            return wire_observability.instances(CALL, answer({"instances": rows}), PLACE)  # type: ignore[return-value]  # a page of something
        case "users":
            return wire_observability.users(CALL, answer({"credentials": rows}), INSTANCE)  # type: ignore[return-value]
        case "accounts":
            return wire_accounts.accounts(CALL, answer({"items": rows}), PLACE, "")  # type: ignore[return-value]
    return wire_accounts.keys(CALL, answer({"items": rows}), ACCOUNT)  # type: ignore[return-value]


ROWS = {"instances": OBS_ROW, "users": USER_ROW, "accounts": ACCOUNT_ROW, "keys": KEY_ROW}


def test_the_examples_are_read_field_by_field() -> None:
    (instance,) = wire_observability.instances(CALL, answer({"instances": [OBS_ROW]}), PLACE).items
    assert (instance.name, instance.plan) == ("prod-obs", "Observability-Basic-EU01")
    (user,) = wire_observability.users(CALL, answer({"credentials": [USER_ROW]}), INSTANCE).items
    assert (user.id, user.description) == ("prod-obs_a41f_1c2d", "otel collector")
    (account,) = wire_accounts.accounts(CALL, answer({"items": [ACCOUNT_ROW]}), PLACE, "").items
    assert (account.name, account.native_id, account.scope) == ("ci-bot", EMAIL, "ops-prod")
    (key,) = wire_accounts.keys(CALL, answer({"items": [KEY_ROW]}), ACCOUNT).items
    assert key.name == "ci-bot/d4e5f607"
    assert key.ends_at == datetime(2026, 11, 26, 9, tzinfo=UTC)
    assert key.state is CredentialState.ACTIVE


@pytest.mark.parametrize(
    ("email", "internal", "name"),
    [
        ("ci-bot-x7k2m9qa@sa.stackit.cloud", False, "ci-bot"),
        ("my-service-account-aBc2defg@sa.stackit.cloud", False, "my-service-account"),
        ("plain@sa.stackit.cloud", False, "plain"),
        ("ske-accounts@sa.stackit.cloud", True, "ske-accounts"),
        ("a/b-x7k2m9qa@sa.stackit.cloud", False, "a/b"),
    ],
)
def test_the_name_is_the_one_that_was_asked_for(email: str, internal: bool, name: str) -> None:
    row = {**ACCOUNT_ROW, "email": email, "internal": internal}
    (account,) = wire_accounts.accounts(CALL, answer({"items": [row]}), PLACE, "").items
    assert account.name == name
    assert wire_accounts.project_and_email(account.id) == (PROJECT.id, email)


def test_one_is_recognised_by_its_uuid() -> None:
    own = str(ACCOUNT_ROW["id"])
    (account,) = wire_accounts.accounts(CALL, answer({"items": [ACCOUNT_ROW]}), PLACE, own).items
    assert account.is_own


@pytest.mark.parametrize("what", list(ROWS))
@pytest.mark.parametrize("text", NASTY)
def test_every_text_is_cleaned(what: str, text: str) -> None:
    for field in ROWS[what]:
        row = {**ROWS[what], field: text}
        page = read(what, [row, ROWS[what]])
        assert_clean(page.items, page.failed)


@pytest.mark.parametrize("what", list(ROWS))
def test_rows_of_any_type_are_survived(what: str) -> None:
    row = ROWS[what]
    rows: list[object] = [
        None,
        1,
        "x",
        [],
        *({**row, name: [7]} for name in row if name != "instance"),
        row,
    ]
    page = read(what, rows)
    assert page.items
    assert "do not fit" in page.failed[0].message
    payloads: tuple[object, ...] = (None, {}, "x", 7)
    for payload in payloads:
        broken = read(what, payload)
        assert not broken.items
        assert broken.failed


@pytest.mark.parametrize(
    ("what", "change", "words"),
    [
        ("instances", {"id": "word", "instance": "word"}, "no UUID"),
        ("instances", {"status": None}, "has no status"),
        ("users", {"credentialsInfo": {"username": "a\x1b"}}, "no id"),
        ("accounts", {"email": "nobody"}, "which is none"),
        ("accounts", {"internal": "no"}, "internal"),
        ("keys", {"id": "../x"}, "no UUID"),
        ("keys", {"active": 1}, "active"),
        ("keys", {"validUntil": "soon"}, "validUntil"),
    ],
)
def test_a_row_that_does_not_fit_is_said(what: str, change: dict[str, object], words: str) -> None:
    page = read(what, [{**ROWS[what], **change}])
    assert not page.items
    assert words in page.failed[0].message
