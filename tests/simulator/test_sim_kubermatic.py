"""Signing in, who one is, projects, and the general form of refusals."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import jsonschema
import jwt
import pytest

from kubermatic_sim import (
    DESCRIPTIONS,
    SERVERS,
    accounts_path,
    admin,
    bearer,
    check_body,
    machine,
    message,
    person,
    server_of,
    tokens_path,
)
from tokentui.simulator.kubermatic.seeds import EDITOR_TOKEN, MANAGER_TOKEN
from tokentui.simulator.kubermatic.server import KubermaticServer
from tokentui.simulator.kubermatic.signing import three_years_after
from tokentui.simulator.server import Simulator

ME = "/api/v1/me"
PROJECTS = "/api/v1/projects"


@pytest.fixture(params=SERVERS)
def server(sim: Simulator, request: pytest.FixtureRequest) -> KubermaticServer:
    return server_of(sim, request.param)


@pytest.fixture
def owner(sim: Simulator) -> Iterator[httpx.Client]:
    with person(sim) as client:
        yield client


def test_health_needs_no_token_and_the_version_does(
    sim: Simulator, server: KubermaticServer
) -> None:
    with bearer(sim, "", server.name) as nobody, person(sim, server=server.name) as owner:
        health = nobody.get("/api/v1/healthz")
        assert (health.status_code, health.content) == (200, b"")
        assert message(nobody.get("/api/v1/version"), 401) == "not authorized"
        assert owner.get("/api/v1/version").json() == {"api": f"v{server.version}.0"}


def test_a_persons_projects_have_bare_groups(sim: Simulator, server: KubermaticServer) -> None:
    with person(sim, server=server.name) as owner:
        me = owner.get(ME).json()
    names = {server.projects[one["id"]].name: one["group"] for one in me["projects"]}
    assert names == {"shop": "owners", "data": "owners", "lab": "viewers", "tools": "editors"}
    assert me["email"] == "anna@imke.example"
    assert "isAdmin" not in me


def test_an_account_is_told_its_only_project(sim: Simulator, server: KubermaticServer) -> None:
    account = server.account_named("tokentui-manager")
    with machine(sim, MANAGER_TOKEN, server.name) as manager:
        me = manager.get(ME).json()
        listed = manager.get(PROJECTS).json()
    assert me["id"] == f"serviceaccount-{account.id}"
    assert me["email"] == f"serviceaccount-{account.id}@imke.example"
    assert me["projects"] == [{"id": account.project_id, "group": "projectmanagers"}]
    assert ("lastSeen" in me) == (server.version not in {"2.16", "2.17"})
    assert [one["name"] for one in listed] == ["lab"]


def test_projects_leave_out_what_is_zero(sim: Simulator, server: KubermaticServer) -> None:
    with person(sim, server=server.name) as owner:
        listed = {one["name"]: one for one in owner.get(PROJECTS).json()}
    assert listed["shop"]["clustersNumber"] == 2
    assert "clustersNumber" not in listed["tools"]
    assert ("spec" in listed["shop"]) == (server.version == "2.31")
    assert listed["shop"]["owners"] == [
        {
            "name": "anna",
            "email": "anna@imke.example",
            "creationTimestamp": "0001-01-01T00:00:00Z",
        }
    ]


def test_an_admin_asks_for_all_projects(sim: Simulator) -> None:
    with admin(sim) as root:
        assert root.get(PROJECTS).json() == []
        assert root.get(f"{PROJECTS}?displayAll=false").json() == []
        names = [one["name"] for one in root.get(f"{PROJECTS}?displayAll=true").json()]
        assert names == ["shop", "data", "lab", "tools"]
        assert root.get(ME).json()["isAdmin"] is True
        wrong = message(root.get(f"{PROJECTS}?displayAll=perhaps"), 500)
    assert 'parsing "perhaps"' in wrong


def test_one_project_and_those_one_may_not_see(sim: Simulator, owner: httpx.Client) -> None:
    shop = server_of(sim).project_named("shop")
    assert owner.get(f"{PROJECTS}/{shop.id}").json()["name"] == "shop"
    absent = message(owner.get(f"{PROJECTS}/nothing"), 404)
    assert absent == 'projects.kubermatic.k8c.io "nothing" not found'
    with person(sim, "eve@imke.example") as eve:
        assert eve.get(PROJECTS).json() == []
        refused = message(eve.get(f"{PROJECTS}/{shop.id}"), 403)
    assert refused == f'forbidden: "eve@imke.example" doesn\'t belong to project {shop.id}'


def test_a_token_of_an_account_is_signed_for_three_calendar_years(sim: Simulator) -> None:
    server = server_of(sim)
    token = server.token_named("gitlab-ci")
    claims = jwt.decode(token.secret, options={"verify_signature": False})
    assert jwt.get_unverified_header(token.secret) == {"alg": "HS256"}
    assert list(claims) == ["email", "exp", "iat", "nbf", "project_id", "token_id"]
    assert claims["email"] == f"serviceaccount-{token.account_id}@imke.example"
    assert (claims["project_id"], claims["token_id"]) == (token.project_id, token.id)
    start, end = (datetime.fromtimestamp(claims[name], UTC) for name in ("iat", "exp"))
    assert claims["nbf"] == claims["iat"]
    assert end == three_years_after(start)


def test_three_years_after_a_leap_day_is_the_first_of_march() -> None:
    leap = datetime(2028, 2, 29, 12, tzinfo=UTC)
    assert three_years_after(leap) == datetime(2031, 3, 1, 12, tzinfo=UTC)
    assert three_years_after(datetime(2026, 3, 1, tzinfo=UTC)) == datetime(2029, 3, 1, tzinfo=UTC)


def test_tokens_end_by_the_clock(sim: Simulator) -> None:
    with person(sim) as owner, machine(sim, EDITOR_TOKEN) as editor:
        sim.clock.advance(timedelta(days=29))
        assert owner.get(ME).status_code == 200
        sim.clock.advance(timedelta(days=2))
        assert message(owner.get(ME), 401).startswith("access denied, invalid token: ")
        assert editor.get(ME).status_code == 200
        sim.clock.advance(timedelta(days=3 * 365))
        assert message(editor.get(ME), 401).startswith("access denied, invalid token: ")


@pytest.mark.parametrize("text", ["wrong", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
def test_wrong_tokens_are_refused(sim: Simulator, text: str) -> None:
    with bearer(sim, text) as client:
        assert message(client.get(ME), 401).startswith("access denied, invalid token: ")


def test_a_token_of_another_installation_is_refused(sim: Simulator) -> None:
    old = server_of(sim, "imke-2.17")
    for text in (old.token_named(EDITOR_TOKEN).secret, old.id_token("anna@imke.example")):
        with bearer(sim, text) as client:
            assert message(client.get(ME), 401).startswith("access denied, invalid token: ")


def test_seven_characters_are_cut_whatever_the_scheme(sim: Simulator) -> None:
    server = server_of(sim)
    text = server.token_named(EDITOR_TOKEN).secret
    with bearer(sim, "") as client:
        assert client.get(ME, headers={"authorization": f"Strange{text}"}).status_code == 200
        assert client.get(ME, params={"token": text}).status_code == 200
        assert client.get(ME, headers={"cookie": f"token={text}"}).status_code == 200
        assert client.get(ME, headers={"authorization": text}).status_code == 401


def test_a_logged_out_token_is_worth_nothing(sim: Simulator, owner: httpx.Client) -> None:
    assert owner.post("/api/v1/me/logout").json() == {}
    assert owner.get(ME).status_code == 401
    with person(sim, "ben@imke.example") as ben:
        assert ben.get(ME).status_code == 200


@pytest.mark.parametrize("path", ["/", "/api/v3/me", "/api/v1/me/", "/api/v1/kubeconfig"])
def test_unknown_paths_are_refused_in_plain_text(owner: httpx.Client, path: str) -> None:
    answer = owner.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text == "404 page not found\n"


@pytest.mark.parametrize(
    ("body", "told"), [(b"", "EOF"), (b"{", "invalid character"), (b"[]", "cannot unmarshal array")]
)
def test_a_body_that_is_no_object_is_a_server_error(
    sim: Simulator, owner: httpx.Client, body: bytes, told: str
) -> None:
    server = server_of(sim)
    for path in (accounts_path(server), tokens_path(server)):
        assert told in message(owner.post(path, content=body), 500)
    assert "of type string" in message(owner.post(accounts_path(server), json={"name": 1}), 500)
    token = f"{tokens_path(server)}/{server.token_named('gitlab-ci').id}"
    assert owner.patch(token, content=body).status_code == 400


def test_the_same_is_served_with_tls(sim: Simulator) -> None:
    server = server_of(sim)
    context = ssl.create_default_context(cadata=sim.ca_pem)
    headers = {"authorization": f"Bearer {server.id_token('anna@imke.example')}"}
    with httpx.Client(verify=context, trust_env=False, headers=headers) as client:
        assert client.get(f"{server.tls_url}{ME}").json()["name"] == "anna"


@pytest.mark.skipif(
    not DESCRIPTIONS.is_dir(), reason="the vendor's API descriptions are not beside the project"
)
def test_a_wrong_answer_would_be_seen() -> None:
    for body in ({"api": 1}, {"api": "v2.31.0", "invented": "x"}):
        with pytest.raises(jsonschema.ValidationError):
            check_body("2.31", "GET", "/api/v1/version", httpx.Response(200, json=body))
    with pytest.raises(AssertionError, match="not described"):
        check_body("2.31", "GET", "/api/v1/nothing", httpx.Response(200, json={}))
