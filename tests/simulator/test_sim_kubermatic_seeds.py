"""The worlds of KKP: the Monday, hostile texts, many rows, switches, the home."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from kubermatic_sim import (
    SERVERS,
    WITHOUT_MANAGERS,
    accounts_path,
    bearer,
    cluster_path,
    clusters_path,
    machine,
    person,
    server_of,
    tokens_path,
)
from simulator_fixtures import start_simulator
from tokentui.simulator.clock import SimClock
from tokentui.simulator.home import write_home
from tokentui.simulator.kubermatic.seeds import MANAGER_TOKEN
from tokentui.simulator.server import Simulator
from tokentui.simulator.stackit.hostile_texts import HOSTILE_TEXTS
from tokentui.simulator.system import HomePaths

ME = "/api/v1/me"


def control(sim: Simulator, method: str, path: str, body: object = None) -> httpx.Response:
    url = f"{sim.base_url}/_control/imke{path}"
    return httpx.request(method, url, json=body, trust_env=False)


def test_the_monday_is_laid_out_around_its_clock() -> None:
    now = datetime(2026, 10, 5, 12, 22, tzinfo=UTC)
    with start_simulator(clock=SimClock(now)) as sim, person(sim) as owner:
        server = server_of(sim)
        groups = {
            (project, one["name"]): one["group"].partition("-")[0]
            for project in ("shop", "data")
            for one in owner.get(accounts_path(server, project)).json()
        }
        assert groups == {
            ("shop", "deployer"): "editors",
            ("shop", "reader"): "viewers",
            ("shop", "old-ci"): "projectmanagers",
            ("data", "etl"): "editors",
        }
        tokens = {
            one["name"]: (one["creationTimestamp"][:10], one["expiry"][:10])
            for account in ("deployer", "reader", "old-ci", "etl")
            for one in owner.get(tokens_path(server, account)).json()
        }
        assert tokens == {
            "laptop-anna": ("2026-01-21", "2029-01-21"),
            "gitlab-ci": ("2026-09-10", "2029-09-10"),
            "dashboards": ("2026-08-02", "2029-08-02"),
            "jenkins": ("2025-01-03", "0001-01-01"),
            "airflow": ("2023-09-21", "0001-01-01"),
        }
        lab, tools = (owner.get(accounts_path(server, name)) for name in ("lab", "tools"))
        assert (lab.status_code, tools.json()) == (403, [])


def test_a_monday_can_be_a_leap_day() -> None:
    with start_simulator(clock=SimClock(datetime(2028, 2, 29, 12, tzinfo=UTC))) as sim:
        with person(sim) as owner:
            shown = owner.get(tokens_path(server_of(sim))).json()
        assert all("invalidated" not in one for one in shown)


def test_the_empty_world_can_be_signed_in_to() -> None:
    with start_simulator("empty") as sim:
        for name in SERVERS:
            server = server_of(sim, name)
            with person(sim, server=name) as owner, machine(sim, MANAGER_TOKEN, name) as manager:
                assert owner.get(accounts_path(server)).json() == []
                assert owner.get(clusters_path(server).replace("v2", "v1")).json() == []
                seen = 403 if server.version == WITHOUT_MANAGERS else 200
                assert manager.get(accounts_path(server, "lab")).status_code == seen


def test_rows_are_as_many_tokens() -> None:
    with start_simulator("rows:120") as sim, person(sim) as owner:
        server = server_of(sim)
        found = [
            token["name"]
            for project in ("shop", "data")
            for account in owner.get(accounts_path(server, project)).json()
            for token in owner.get(
                f"{accounts_path(server, project)}/{account['id']}/tokens"
            ).json()
        ]
        assert sorted(found) == [f"t{number:05d}" for number in range(120)]
        clusters = [
            len(owner.get(clusters_path(server, project)).json()["clusters"])
            for project in ("shop", "data")
        ]
        assert sum(clusters) == 12


def test_hostile_texts_stand_in_every_list() -> None:
    with start_simulator("hostile") as sim:
        server = server_of(sim)
        with person(sim) as owner:
            shop = accounts_path(server)
            for path in ("/api/v1/projects", shop, tokens_path(server)):
                names = {one["name"] for one in owner.get(path).json()}
                assert names >= set(HOSTILE_TEXTS), path
            clusters = owner.get(clusters_path(server)).json()["clusters"]
            assert {one["name"] for one in clusters} >= set(HOSTILE_TEXTS)
            accounts = owner.get(f"{cluster_path(server)}/serviceaccount").json()
            assert {one["namespace"] for one in accounts} >= set(HOSTILE_TEXTS)
            armed = owner.get(f"{cluster_path(server, 'exec')}/kubeconfig")
            assert "command: /bin/sh" in armed.text
            made = owner.post(tokens_path(server), json={"name": "still"})
            assert made.status_code == 201
        with bearer(sim, made.json()["token"]) as client:
            assert client.get(ME).status_code == 200
        with bearer(sim, "") as nobody:
            told = nobody.get(ME).json()["error"]["message"]
            page = nobody.get(f"{cluster_path(server)}/kubeconfig")
    assert any(unicodedata.category(one) == "Cc" for one in told)
    assert page.status_code == 401
    assert "\x1b]52" in page.text


def test_switches_are_set_by_the_control_endpoint(sim: Simulator) -> None:
    names = [one["name"] for one in control(sim, "GET", "/installations").json()]
    assert sorted(names) == sorted(SERVERS)
    switches = {
        "version": "2.22",
        "settle_seconds": 30,
        "stale_seconds": 1.5,
        "secret_seconds": 2,
        "dead_seed": "south",
        "kubeconfig_disabled": True,
    }
    shown = control(sim, "PATCH", "/installations/imke", switches)
    assert shown.status_code == 200
    assert shown.json() == switches | {"name": "imke", "url": f"{sim.base_url}/imke"}
    server = server_of(sim)
    assert (server.minor, server.dead_seed, server.stale_seconds) == (22, "south", 1.5)
    with person(sim) as owner:
        assert owner.get("/api/v1/version").json() == {"api": "v2.22.0"}


@pytest.mark.parametrize(
    "body",
    [
        {"invented": 1},
        {"version": "3.1"},
        {"version": "2.11"},
        {"settle_seconds": "1"},
        {"stale_seconds": -1},
        {"kubeconfig_disabled": 1},
        {"dead_seed": None, "version": "2.20"},
        [],
    ],
)
def test_unfit_switches_are_refused_and_none_is_set(sim: Simulator, body: object) -> None:
    assert control(sim, "PATCH", "/installations/imke", body).status_code == 400
    assert server_of(sim).version == "2.31"


def test_the_control_endpoint_lists_voids_and_signs(sim: Simulator) -> None:
    listed = control(sim, "GET", "/installations/imke/tokens").json()
    assert {"laptop-anna", "airflow"} <= {one["name"] for one in listed}
    assert control(sim, "POST", "/installations/imke/signing-key").status_code == 200
    listed = control(sim, "GET", "/installations/imke/tokens").json()
    assert all(one["invalidated"] for one in listed)
    body = {"email": "anna@imke.example", "seconds": 60}
    made = control(sim, "POST", "/installations/imke/id-tokens", body)
    with bearer(sim, made.json()["token"]) as anna:
        assert anna.get(ME).json()["name"] == "anna"
        sim.clock.advance(timedelta(seconds=61))
        assert anna.get(ME).status_code == 401
    assert control(sim, "POST", "/installations/imke/id-tokens", {}).status_code == 400
    assert control(sim, "PATCH", "/installations/nothing", {}).status_code == 404


def test_the_home_holds_a_profile_and_tokens_of_every_role(sim: Simulator, tmp_path: Path) -> None:
    paths = HomePaths(ca_file=tmp_path / "ca.pem", secrets=tmp_path / "secrets")
    assert sim.kubermatic.name == "imke"
    assert sim.kubermatic.profile(paths) == {
        "provider": "kubermatic",
        "url": f"{sim.base_url}/imke",
        "projects": ["shop", "data", "tools"],
        "ca_file": str(tmp_path / "ca.pem"),
        "auth": {"method": "file", "path": str(tmp_path / "secrets" / "imke-token")},
    }
    home = write_home(sim, tmp_path / "home")
    found = {}
    for file in (home / "secrets").glob("imke-*"):
        version = file.name.removeprefix("imke-").removesuffix("-token")
        name = f"imke-{version}" if version[0].isdigit() else "imke"
        with bearer(sim, file.read_text().strip(), name) as client:
            found[file.name] = client.get(ME).json()["name"]
    assert found == {
        "imke-token": "anna",
        "imke-admin-token": "root",
        "imke-manager-token": "tokentui-manager",
        "imke-editor-token": "tokentui-editor",
        "imke-2.16-token": "anna",
        "imke-2.17-token": "anna",
        "imke-2.21-token": "anna",
        "imke-2.22-token": "anna",
        "imke-2.23-token": "anna",
    }
