"""What differs from a vendor's description is seen, in requests and in answers."""

from __future__ import annotations

import json

import pytest

from described import DESCRIPTIONS
from described_apis import APIS
from described_check import faults
from tokentui.providers.http_call import Call
from tokentui.simulator.answer import Answer
from traffic import Answered, Exchange, Traffic

pytestmark = pytest.mark.skipif(
    not DESCRIPTIONS.is_dir(), reason="the vendors' API descriptions are not beside the project"
)
TOKENS = "/stackstate/sts-prod/api/security/tokens"
PROJECT = "5f0a2c1e-5a0b-4c6d-8e7f-0a1b2c3d4e5f"
KEYS = f"/stackit/service-account/v2/projects/{PROJECT}/service-accounts/a%40b.c/keys"
EDGE_TOKEN = f"/stackit/edge/v1beta1/projects/{PROJECT}/regions/eu01/instances/i/token"
KUBE_TOKEN = "/edge/demo/api/v1/namespaces/ci/serviceaccounts/bot/token"
WISH: dict[str, object] = {"name": "ci", "roles": ["x"], "expiryDate": 1}
ERROR = {"timeStamp": "2026-11-22T14:22:00Z", "path": "/", "status": 400, "error": "e"}


def of_call(
    method: str,
    path: str,
    json: object = None,
    params: dict[str, str | int] | None = None,
    form: dict[str, str] | None = None,
) -> list[str]:
    """Say what is wrong with a request."""
    url = f"http://127.0.0.1:1{path}"
    call = Call(method, url, "try", params=params or {}, json=json, form=form or {})
    return faults(APIS, Traffic(sent=[Exchange(call)]))


def of_answer(
    method: str, path: str, status: int, body: object = None, media: str = "application/json"
) -> list[str]:
    """Say what is wrong with an answer."""
    content = b"" if body is None else json.dumps(body).encode()
    headers = [] if body is None else [(b"content-type", media.encode())]
    answered = Answered(method, path, Answer(status, headers, content))
    return faults(APIS, Traffic(answered=[answered]))


def test_what_is_described_is_fine() -> None:
    assert of_call("POST", TOKENS, WISH) == []
    assert of_call("GET", EDGE_TOKEN, params={"expirationSeconds": 600}) == []
    assert of_answer("GET", EDGE_TOKEN, 401, {"code": "401", "message": "no"}) == []
    assert of_answer("POST", KEYS, 400, ERROR | {"message": "no"}) == []
    assert of_call("POST", KUBE_TOKEN, {"spec": {"audiences": []}}) == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"name": "ci", "roles": ["x"], "expiration": 1}, "$.expiration is not described"),
        ({"name": 7, "roles": ["x"]}, "$.name breaks type string"),
        ({"name": "ci"}, "$ breaks required"),
        (None, "lacks a body"),
    ],
)
def test_a_wrong_body_of_a_request_is_seen(body: object, fault: str) -> None:
    (seen,) = of_call("POST", TOKENS, body)
    assert fault in seen


@pytest.mark.parametrize(
    ("params", "fault"),
    [
        ({"seconds": 600}, "query parameter seconds is not described"),
        ({"expirationSeconds": "soon"}, "parameter expirationSeconds $ breaks type"),
        ({"expirationSeconds": 1}, "parameter expirationSeconds $ breaks minimum"),
    ],
)
def test_a_wrong_parameter_is_seen(params: dict[str, str | int], fault: str) -> None:
    (seen,) = of_call("GET", EDGE_TOKEN, params=params)
    assert fault in seen


def test_a_wrong_form_is_seen() -> None:
    form = {"grant_type": "password", "assertion": "a.b.c"}
    (seen,) = of_call("POST", "/stackit/service-account/token", form=form)
    assert "$.grant_type breaks enum" in seen


@pytest.mark.parametrize(
    "path", ["/stackit/edge/v1beta1/nothing", "/elsewhere/at/all", "/observability/x"]
)
def test_an_operation_without_a_description_is_seen(path: str) -> None:
    assert of_call("GET", path) == [f"request GET {path}: not described"]
    assert of_answer("GET", path, 200) == [f"answer 200 to GET {path}: not described"]


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"code": 401, "message": "no"}, "$.code breaks type string"),
        ({"kode": "401", "message": "no"}, "$.kode is not described"),
    ],
)
@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_wrong_error_is_seen(body: object, fault: str, status: int) -> None:
    """Of these the description names the body of 401 alone."""
    (seen,) = of_answer("GET", EDGE_TOKEN, status, body)
    assert fault in seen


def test_a_wrong_answer_is_seen() -> None:
    assert "the status is not described" in of_answer("GET", EDGE_TOKEN, 418)[0]
    html = of_answer("GET", EDGE_TOKEN, 400, "<html>", "text/html")
    assert "a body of text/html is not described" in html[0]
    may = "/stackstate/sts-prod/api/user/authorization/for"
    assert of_answer("GET", may, 204) == []
    assert "it has a body, and none is described" in of_answer("GET", may, 204, {})[0]


def test_swagger_2_is_understood() -> None:
    (request,) = of_call("POST", KUBE_TOKEN, {"spec": {"audiences": "x"}})
    assert "$.spec.audiences breaks type array" in request
    (answer,) = of_answer("POST", KUBE_TOKEN, 403, {"kind": "Status", "code": "403"})
    assert "$.code breaks type integer" in answer
