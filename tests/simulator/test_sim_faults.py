from __future__ import annotations

import json
import socket
import ssl
import threading
from typing import TYPE_CHECKING

import httpx
import pytest

from simulator_fixtures import access_token, instances_path, named_path, wait_until
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.simulator.garbage import GARBAGE

if TYPE_CHECKING:
    from tokentui.simulator.server import Simulator


def raw(sim: Simulator, path: str) -> bytes:
    """Return every byte the plain listener sends before it ends the connection."""
    url = httpx.URL(sim.base_url)
    request = (
        f"GET /stackit/edge{path} HTTP/1.1\r\nHost: {url.netloc.decode()}\r\n"
        f"Authorization: Bearer {access_token(sim)}\r\nConnection: close\r\n\r\n"
    )
    received = b""
    with socket.create_connection((url.host, url.port or 0), timeout=10) as connection:
        connection.sendall(request.encode("ascii"))
        while chunk := connection.recv(65536):
            received += chunk
    return received


def demo_token(sim: Simulator) -> str:
    return f"{named_path(sim, 'demo')}/token"


def test_a_status_comes_with_its_headers_and_as_often_as_said(
    sim: Simulator, admin: httpx.Client
) -> None:
    sim.faults.add(
        Fault(
            kind=FaultKind.STATUS,
            path="/token$",
            method="GET",
            times=2,
            status=429,
            body='{"code":"429"}',
            headers={"Retry-After": "7"},
        )
    )
    first = admin.get(demo_token(sim))
    assert (first.status_code, first.headers["retry-after"]) == (429, "7")
    assert first.json() == {"code": "429"}
    assert admin.get(instances_path(sim)).status_code == 200
    assert admin.get(demo_token(sim)).status_code == 429
    assert admin.get(demo_token(sim)).status_code == 200
    assert sim.world.stackit.mint_count() == 1


def test_a_gateway_can_fail_after_the_server_acted(sim: Simulator, admin: httpx.Client) -> None:
    sim.faults.add(Fault(kind=FaultKind.STATUS, path="/token$", status=502, acts=True))
    assert admin.get(demo_token(sim)).status_code == 502
    assert sim.world.stackit.mint_count() == 1


@pytest.mark.parametrize(("acts", "mints"), [(False, 0), (True, 1)])
def test_a_cut_sends_no_byte(sim: Simulator, acts: bool, mints: int) -> None:
    sim.faults.add(Fault(kind=FaultKind.CUT, path="/token$", acts=acts))
    assert raw(sim, demo_token(sim)) == b""
    assert sim.world.stackit.mint_count() == mints
    assert sim.requests.all()[-1].status is None


def test_a_reset_is_a_reset(sim: Simulator) -> None:
    sim.faults.add(Fault(kind=FaultKind.RESET, path="/token$", acts=True))
    with pytest.raises(ConnectionResetError):
        raw(sim, demo_token(sim))
    assert sim.world.stackit.mint_count() == 1


def test_half_an_answer_breaks_off_in_its_body(sim: Simulator, admin: httpx.Client) -> None:
    sim.faults.add(Fault(kind=FaultKind.HALF, path="/token$"))
    head, _, body = raw(sim, demo_token(sim)).partition(b"\r\n\r\n")
    whole = json.dumps({"token": sim.world.stackit.mints[0].token}, separators=(",", ":"))
    assert body.decode() == whole[: len(whole) // 2]
    assert f"content-length: {len(whole)}".encode() in head
    with pytest.raises(httpx.RemoteProtocolError):
        admin.get(demo_token(sim))


def test_a_slow_answer_arrives_whole_and_can_outlast_a_client(
    sim: Simulator, admin: httpx.Client
) -> None:
    sim.faults.add(Fault(kind=FaultKind.SLOW, path="/instances$", times=1))
    head, _, body = raw(sim, instances_path(sim)).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert len(json.loads(body)["instances"]) == 2
    sim.faults.add(Fault(kind=FaultKind.SLOW, path="/instances$", seconds=5))
    with pytest.raises(httpx.ReadTimeout):
        admin.get(instances_path(sim), timeout=0.2)


def test_a_delayed_answer_is_normal(sim: Simulator, admin: httpx.Client) -> None:
    sim.faults.add(Fault(kind=FaultKind.DELAY, path="/token$", seconds=30, times=1))
    with pytest.raises(httpx.ReadTimeout):
        admin.get(demo_token(sim), timeout=0.1)
    assert sim.world.stackit.mint_count() == 0
    sim.faults.add(Fault(kind=FaultKind.DELAY, path="/token$", seconds=0.05))
    assert admin.get(demo_token(sim)).status_code == 200


def test_latency_holds_for_every_request(sim: Simulator, admin: httpx.Client) -> None:
    sim.faults.latency_s = 30
    with pytest.raises(httpx.ReadTimeout):
        admin.get(instances_path(sim), timeout=0.1)
    sim.faults.latency_s = 0
    assert admin.get(instances_path(sim)).status_code == 200


@pytest.mark.parametrize(("acts", "mints"), [(False, 0), (True, 1)])
def test_a_held_request_waits_for_its_release(
    sim: Simulator, admin: httpx.Client, acts: bool, mints: int
) -> None:
    sim.faults.add(Fault(kind=FaultKind.HOLD, path="/token$", times=1, acts=acts))
    answers: list[httpx.Response] = []
    asking = threading.Thread(target=lambda: answers.append(admin.get(demo_token(sim))))
    asking.start()
    wait_until(lambda: sim.held == 1)
    assert sim.world.stackit.mint_count() == mints
    assert answers == []
    sim.release()
    asking.join(10)
    assert answers[0].status_code == 200
    assert sim.world.stackit.mint_count() == 1
    assert sim.held == 0


def test_held_requests_are_counted_as_in_flight(sim: Simulator, admin: httpx.Client) -> None:
    sim.faults.add(Fault(kind=FaultKind.HOLD, path="/instances$"))
    asking = [
        threading.Thread(target=lambda: admin.get(instances_path(sim)), daemon=True)
        for _ in range(5)
    ]
    for thread in asking:
        thread.start()
    wait_until(lambda: sim.held == 5)
    assert sim.requests.in_flight() == {"stackit": 5}
    sim.release()
    for thread in asking:
        thread.join(10)
    assert sim.requests.most_in_flight() == {"stackit": 5}
    wait_until(lambda: sim.requests.in_flight() == {})


@pytest.mark.parametrize("variant", sorted(GARBAGE))
def test_garbage_comes_with_a_good_status(
    sim: Simulator, admin: httpx.Client, variant: str
) -> None:
    sim.faults.add(Fault(kind=FaultKind.GARBAGE, variant=variant, path="/token$", acts=True))
    answer = admin.get(demo_token(sim))
    assert answer.status_code == 200
    assert answer.content == GARBAGE[variant][0]
    assert sim.world.stackit.mint_count() == 1


def test_a_redirect_leads_to_another_host(sim: Simulator, admin: httpx.Client) -> None:
    sim.faults.add(Fault(kind=FaultKind.REDIRECT, location="http://elsewhere.invalid/x"))
    answer = admin.get(instances_path(sim), follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, "http://elsewhere.invalid/x")


def test_a_huge_answer_is_valid_json_of_its_size(sim: Simulator, admin: httpx.Client) -> None:
    sim.faults.add(Fault(kind=FaultKind.HUGE, size=3_000_000))
    answer = admin.get(instances_path(sim))
    assert len(answer.content) == 3_000_000
    assert list(answer.json()) == ["padding"]


@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind=FaultKind.CUT),
        Fault(kind=FaultKind.RESET),
        Fault(kind=FaultKind.HALF),
        Fault(kind=FaultKind.STATUS, status=503),
    ],
    ids=lambda fault: str(fault.kind),
)
def test_faults_work_under_tls(sim: Simulator, fault: Fault) -> None:
    sim.faults.add(fault)
    context = ssl.create_default_context(cadata=sim.ca_pem)
    url = sim.world.stackit.instance_named("demo").frontend_url
    with httpx.Client(verify=context, trust_env=False) as client:
        if fault.kind is FaultKind.STATUS:
            assert client.get(url).status_code == 503
            return
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            client.get(url)


@pytest.mark.parametrize("wrong", [{"kind": "x"}, {"path": "("}, {"variant": "x"}])
def test_a_rule_that_means_nothing_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"x|\("):
        Fault(**{"kind": FaultKind.GARBAGE, **wrong})  # type: ignore[arg-type]


def test_rules_can_be_listed_and_removed(sim: Simulator, admin: httpx.Client) -> None:
    first = sim.faults.add(Fault(kind=FaultKind.STATUS, status=500))
    second = sim.faults.add(Fault(kind=FaultKind.STATUS, status=503))
    assert list(sim.faults.rules()) == [first, second]
    assert admin.get(instances_path(sim)).status_code == 500
    sim.faults.remove(first)
    assert admin.get(instances_path(sim)).status_code == 503
    sim.faults.clear()
    assert admin.get(instances_path(sim)).status_code == 200
