"""STACKIT's JSON, right and wrong, in our words."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from tokentui.domain.errors import BadAnswer, Outcome
from tokentui.domain.model import InstanceState, ProfileName
from tokentui.domain.secret import Secret
from tokentui.providers.http_call import Answer, Call
from tokentui.providers.stackit import wire, wire_edge
from tokentui.providers.stackit.settings import Project
from tokentui.testing.checks import assert_clean

PROJECT = Project("7d1c2b3a-4e5f-4a6b-8c7d-9e0f1a2b3c4d", "ops-prod")
PLACE = wire.Place(ProfileName("p"), PROJECT, "eu01")
CALL = Call("GET", "https://edge.example/x", "list things")
ROW: dict[str, object] = {
    "id": "demo-k3x9q2ab",
    "displayName": "demo",
    "description": "demo instance",
    "planId": "0b6f4a52-93c1-4f0e-9d57-3a8e2c7f1b10",
    "status": "active",
    "frontendUrl": "https://demo-k3x9q2ab.edge.example",
    "created": "2026-05-04T07:12:33Z",
    "acl": {"ipAllowList": []},
}


def answer(payload: object) -> Answer:
    body = Secret(json.dumps(payload))
    return Answer(200, payload, body, "trace", datetime.now(UTC), None, timedelta())


def test_an_instance_is_read_field_by_field() -> None:
    (instance,) = wire_edge.instances(CALL, answer({"instances": [ROW]}), PLACE).items
    assert instance.id == f"{PROJECT.id}/eu01/demo-k3x9q2ab"
    assert instance.native_id == "demo-k3x9q2ab"
    assert instance.name == "demo"
    assert instance.noun == "edge"
    assert instance.state is InstanceState.ACTIVE
    assert (instance.scope, instance.region) == ("ops-prod", "eu01")
    assert instance.plan == ROW["planId"]
    assert instance.description == "demo instance"
    assert instance.ui_url == ROW["frontendUrl"]
    assert instance.created_at == datetime(2026, 5, 4, 7, 12, 33, tzinfo=UTC)
    assert wire_edge.project_and_region(instance) == (PROJECT.id, "eu01")


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("active", InstanceState.ACTIVE),
        ("reconciling", InstanceState.BUSY),
        ("deleting", InstanceState.ENDING),
        ("error", InstanceState.FAILED),
        ("Active", InstanceState.OTHER),
        ("hibernating", InstanceState.OTHER),
        ("", InstanceState.OTHER),
    ],
)
def test_an_unknown_state_is_kept_verbatim(status: str, state: InstanceState) -> None:
    row = {**ROW, "status": status}
    (instance,) = wire_edge.instances(CALL, answer({"instances": [row]}), PLACE).items
    assert instance.state is state
    assert instance.state_text == status


@pytest.mark.parametrize("text", ["a\x1b]52;c;eA==\x07", "a\u202eb", "a\nb", "x" * 5000, "\ud83d"])
def test_every_text_is_cleaned(text: str) -> None:
    row = {**dict.fromkeys(ROW, text), "id": ROW["id"]}
    page = wire_edge.instances(CALL, answer({"instances": [row, {**ROW, "id": text}]}), PLACE)
    assert len(page.items) == len(page.failed) == 1
    assert_clean(page.items, page.failed)
    assert_clean(wire_edge.status_of(answer({"status": text})))


def test_optional_fields_may_be_missing_and_unknown_ones_are_ignored() -> None:
    row = {name: ROW[name] for name in ("id", "displayName", "status")} | {"colour": {"x": 1}}
    (instance,) = wire_edge.instances(CALL, answer({"instances": [row]}), PLACE).items
    assert (instance.plan, instance.description, instance.ui_url) == ("", "", "")
    assert instance.created_at is None


@pytest.mark.parametrize(
    "url", ["http://demo.example", "javascript:x", "https://a b", "https://[", "https://u:p@x", "é"]
)
def test_an_unsafe_link_is_left_out(url: str) -> None:
    row = {**ROW, "frontendUrl": url}
    (instance,) = wire_edge.instances(CALL, answer({"instances": [row]}), PLACE).items
    assert instance.ui_url == ""


@pytest.mark.parametrize("created", ["soon", "", "2026-05-04", "9999-12-31T23:59:59-14:00"])
def test_a_date_that_is_none_is_left_out(created: str) -> None:
    row = {**ROW, "created": created}
    (instance,) = wire_edge.instances(CALL, answer({"instances": [row]}), PLACE).items
    assert instance.created_at is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": None}, "has no id"),
        ({"id": 7}, "no text in the field id"),
        ({"id": ".."}, "no host name"),
        ({"id": "a/b"}, "no host name"),
        ({"id": "a\x1b[31m"}, "no host name"),
        ({"id": "x" * 64}, "no host name"),
        ({"displayName": ["demo"]}, "displayName"),
        ({"status": None}, "has no status"),
        ({"description": 1}, "description"),
        ({"frontendUrl": {}}, "frontendUrl"),
        ({"created": 1}, "created"),
    ],
)
def test_a_row_that_does_not_fit_is_a_failure_beside_the_others(
    change: dict[str, object], words: str
) -> None:
    page = wire_edge.instances(CALL, answer({"instances": [ROW, {**ROW, **change}]}), PLACE)
    assert [instance.name for instance in page.items] == ["demo"]
    (failure,) = page.failed
    assert words in failure.message
    assert "1 of 2 rows" in failure.message


@pytest.mark.parametrize("payload", [None, [], {}, {"instances": None}, {"instances": {}}, "x"])
def test_what_is_no_list_is_a_failure(payload: object) -> None:
    page = wire_edge.instances(CALL, answer(payload), PLACE)
    assert not page.items
    assert "instances" in page.failed[0].message


def test_rows_of_any_type_are_survived() -> None:
    page = wire_edge.instances(CALL, answer({"instances": [None, 1, "x", [], ROW]}), PLACE)
    assert len(page.items) == 1
    assert "4 of 5 rows" in page.failed[0].message


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ({"code": "401", "message": "no valid token"}, "no valid token"),
        ({"status": 409, "error": "Conflict", "message": "name in use"}, "name in use"),
        ({"error": {"code": 401, "status": "Unauthorized", "message": "not yet"}}, "not yet"),
        ({"detail": "no permission"}, "no permission"),
        ({"message": "bad", "errors": ["too long", 7]}, "bad; too long"),
        ({"error": "Conflict"}, "Conflict"),
        ({"error": "invalid_client", "error_description": "who?"}, "who?"),
        ({"message": 7}, ""),
        ({}, ""),
        ([], ""),
        (None, ""),
        ("text", ""),
    ],
)
def test_error_bodies_of_all_shapes(payload: object, words: str) -> None:
    assert wire.error_text(payload) == words


@pytest.mark.parametrize(
    "payload",
    [None, [], {}, {"token": None}, {"token": ""}, {"token": 7}, {"token": "a b"}]
    + [{"token": text} for text in ("a\n", "a\x1b", "é", "\x00")],
)
def test_a_token_that_is_none_keeps_the_answer(payload: object) -> None:
    with pytest.raises(BadAnswer) as caught:
        wire_edge.minted_token(CALL, answer(payload))
    assert caught.value.outcome is Outcome.UNKNOWN
    assert caught.value.raw == Secret(json.dumps(payload))
    assert caught.value.trace_id == "trace"


@pytest.mark.parametrize("kubeconfig", [None, "apiVersion: v1", [], {}, 7])
def test_a_kubeconfig_that_is_no_object_keeps_the_answer(kubeconfig: object) -> None:
    with pytest.raises(BadAnswer, match="kubeconfig") as caught:
        wire_edge.minted_kubeconfig(CALL, answer({"kubeconfig": kubeconfig}))
    assert caught.value.outcome is Outcome.UNKNOWN
    assert caught.value.raw == Secret(json.dumps({"kubeconfig": kubeconfig}))


def test_a_kubeconfig_is_kept_exactly() -> None:
    document = {"kind": "Config", "users": [{"name": "ü\x1b", "n": 10**20}]}
    secret = wire_edge.minted_kubeconfig(CALL, answer({"kubeconfig": document}))
    assert json.loads(secret.reveal()) == document
