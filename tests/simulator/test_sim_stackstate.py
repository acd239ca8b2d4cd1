"""Service tokens and the forms of signing in."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from stackstate_sim import api_client, personal_client, service_client
from tokentui.simulator.server import Simulator
from tokentui.simulator.stackstate.world import StackstateServer, epoch_ms

TOKENS = "/security/tokens"


@pytest.fixture
def prod(sim: Simulator) -> StackstateServer:
    return sim.world.stackstate.prod


@pytest.fixture
def boss(sim: Simulator) -> Iterator[httpx.Client]:
    with service_client(sim) as client:
        yield client


def new_token(**fields: object) -> dict[str, object]:
    return {"name": "ci", "roles": ["stackstate-guest"], **fields}


def soon(prod: StackstateServer, **span: float) -> int:
    return epoch_ms(prod.ground.clock.now() + timedelta(**span))


def test_a_token_is_created_listed_used_and_deleted(
    sim: Simulator, prod: StackstateServer, boss: httpx.Client
) -> None:
    end = soon(prod, days=30)
    before = {one["id"] for one in boss.get(TOKENS).json()}
    made = boss.post(TOKENS, json=new_token(expiryDate=end))
    assert made.status_code == 200
    assert made.json() == {"name": "ci", "token": made.json()["token"], "expiration": end}
    secret = made.json()["token"]
    assert secret.startswith("svctok-")
    assert len(secret) == len("svctok-") + 32
    (listed,) = [one for one in boss.get(TOKENS).json() if one["id"] not in before]
    assert listed == {
        "id": listed["id"],
        "lastUpdateTimestamp": listed["lastUpdateTimestamp"],
        "name": "ci",
        "roles": ["stackstate-guest"],
        "expiration": end,
    }
    assert abs(listed["lastUpdateTimestamp"] - prod.now_ms()) < 60_000
    with api_client(sim, {"X-API-Key": secret}) as made_client:
        assert made_client.get("/server/info").status_code == 200
        deleted = boss.delete(f"{TOKENS}/{listed['id']}")
        assert (deleted.status_code, deleted.content) == (204, b"")
        assert made_client.get("/server/info").status_code == 401
    assert sim.stackstate.mints() == 1


def test_the_list_never_holds_a_secret(prod: StackstateServer, boss: httpx.Client) -> None:
    listed = boss.get(TOKENS)
    assert "svctok-" not in listed.text
    assert not any(one.secret in listed.text for one in prod.tokens())


def test_names_may_repeat(boss: httpx.Client) -> None:
    secrets = {boss.post(TOKENS, json=new_token()).json()["token"] for _ in range(2)}
    assert len(secrets) == 2
    ids = {one["id"] for one in boss.get(TOKENS).json() if one["name"] == "ci"}
    assert len(ids) == 2


def test_a_token_without_end_names_none(boss: httpx.Client) -> None:
    assert set(boss.post(TOKENS, json=new_token()).json()) == {"name", "token"}
    assert "expiration" not in boss.get(TOKENS).json()[-1]


@pytest.mark.parametrize("end_ms", [0, -1, 1_806_451_200])
def test_an_end_in_the_past_is_refused(
    prod: StackstateServer, boss: httpx.Client, end_ms: int
) -> None:
    number = len(prod.tokens())
    refused = boss.post(TOKENS, json=new_token(expiryDate=end_ms))
    assert refused.status_code == 400
    assert refused.json()["_type"] == "ServiceTokenInvalidExpiryError"
    assert refused.json()["message"]
    assert len(prod.tokens()) == number


def test_the_name_of_the_end_in_answers_is_no_field_of_requests(
    prod: StackstateServer, boss: httpx.Client
) -> None:
    made = boss.post(TOKENS, json=new_token(expiration=soon(prod, days=1)))
    assert "expiration" not in made.json()


@pytest.mark.parametrize(
    "body",
    [
        {"roles": []},
        {"name": "x"},
        {"name": 3, "roles": []},
        {"name": "x", "roles": "guest"},
        {"name": "x", "roles": [1]},
        {"name": "x", "roles": [], "expiryDate": "2027-01-01"},
        {"name": "x", "roles": [], "expiryDate": True},
        {"name": "x", "roles": [], "expiryDate": 1.5},
        {"name": "x", "roles": [], "expiryDate": 2**63},
        {"name": "x", "roles": [], "dedicatedSubject": 1},
        [],
    ],
)
def test_a_body_that_does_not_fit_is_refused_in_plain_text(
    prod: StackstateServer, boss: httpx.Client, body: object
) -> None:
    refused = boss.post(TOKENS, json=body)
    assert refused.status_code == 400
    assert refused.headers["content-type"].startswith("text/plain")
    assert prod.minted == []


def test_deleting_a_token_deletes_its_dedicated_subject_and_grants(
    prod: StackstateServer, boss: httpx.Client
) -> None:
    boss.put("/security/subjects/agent-b", json={})
    grant = {"permission": "update-metrics", "resourceName": "system"}
    boss.post("/security/permissions/agent-b", json=grant)
    boss.post(TOKENS, json=new_token(roles=["agent-b"], dedicatedSubject="agent-b"))
    listed = boss.get(TOKENS).json()[-1]
    assert listed["dedicatedSubject"] == "agent-b"
    assert prod.may(["agent-b"], "update-metrics")
    boss.delete(f"{TOKENS}/{listed['id']}")
    assert prod.subjects.sources("agent-b") == []
    assert not prod.may(["agent-b"], "update-metrics")


def test_an_empty_dedicated_subject_is_none(boss: httpx.Client) -> None:
    boss.post(TOKENS, json=new_token(dedicatedSubject=""))
    assert "dedicatedSubject" not in boss.get(TOKENS).json()[-1]


@pytest.mark.parametrize(("status", "length"), [(204, 0), (404, 1), (500, 1)])
def test_the_deletion_of_nothing_answers_as_set(
    prod: StackstateServer, boss: httpx.Client, status: int, length: int
) -> None:
    prod.absent_delete_status = status
    answer = boss.delete(f"{TOKENS}/1")
    assert answer.status_code == status
    assert len(answer.json()["errors"] if answer.content else []) == length


def test_an_expired_token_is_listed_but_signs_nobody_in(
    sim: Simulator, prod: StackstateServer, boss: httpx.Client
) -> None:
    secret = boss.post(TOKENS, json=new_token(expiryDate=soon(prod, hours=1))).json()["token"]
    with api_client(sim, {"X-API-Key": secret}) as client:
        assert client.get("/server/info").status_code == 200
        sim.clock.advance(timedelta(hours=2))
        assert client.get("/server/info").status_code == 401
    assert boss.get(TOKENS).json()[-1]["name"] == "ci"


def credentials(prod: StackstateServer) -> dict[str, dict[str, str]]:
    service = prod.token_named("tokentui-admin").secret
    personal = prod.users["anna"].api_token
    return {
        "service": {"X-API-Key": service},
        "service scheme": {"Authorization": f"ApiKey {service}"},
        "personal": {"X-API-Token": personal},
        "personal scheme": {"Authorization": f"ApiToken {personal}"},
        "cluster": {"X-API-ServiceBearer": next(iter(prod.service_accounts))},
    }


@pytest.mark.parametrize(
    "form", ["service", "service scheme", "personal", "personal scheme", "cluster"]
)
def test_every_form_signs_the_admin_in(sim: Simulator, prod: StackstateServer, form: str) -> None:
    with api_client(sim, credentials(prod)[form]) as client:
        assert client.get(TOKENS).status_code == 200


@pytest.mark.parametrize("other", ["service scheme", "personal", "personal scheme", "cluster"])
def test_two_credentials_at_once_sign_nobody_in(
    sim: Simulator, prod: StackstateServer, other: str
) -> None:
    known = credentials(prod)
    with api_client(sim, known["service"] | known[other]) as client:
        assert client.get("/server/info").status_code == 401


def test_a_secret_in_the_wrong_form_or_none_is_401_in_the_api_form(
    sim: Simulator, prod: StackstateServer
) -> None:
    service = prod.token_named("tokentui-admin").secret
    personal = prod.users["anna"].api_token
    wrong = [
        {},
        {"X-API-Key": ""},
        {"X-API-Key": personal},
        {"X-API-Token": service},
        {"X-API-ServiceBearer": service},
        {"X-API-ServiceToken": service},
        {"Authorization": f"Bearer {service}"},
    ]
    for headers in wrong:
        with api_client(sim, headers) as client:
            answer = client.get("/server/info")
        assert answer.status_code == 401, headers
        body = answer.json()
        assert set(body) == {"_type", "trackingKey", "serverTimestamp", "errors"}
        assert (body["_type"], body["errors"][0]["errorCode"]) == ("ErrorsResponse", 401)


def test_the_account_of_the_cluster_ends(sim: Simulator, prod: StackstateServer) -> None:
    with api_client(sim, credentials(prod)["cluster"]) as client:
        sim.clock.advance(timedelta(days=366))
        assert client.get("/server/info").status_code == 401


def test_the_tls_listener_serves_the_same(sim: Simulator, prod: StackstateServer) -> None:
    trusted = ssl.create_default_context(cadata=sim.ca_pem)
    url = f"{prod.tls_url}/api{TOKENS}"
    headers = credentials(prod)["service"]
    answer = httpx.get(url, headers=headers, verify=trusted, trust_env=False)
    assert [one["id"] for one in answer.json()] == [one.id for one in prod.tokens()]
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(url, headers=headers, trust_env=False)


def test_what_a_person_makes_is_made(sim: Simulator, prod: StackstateServer) -> None:
    with personal_client(sim) as anna:
        assert anna.post(TOKENS, json=new_token()).status_code == 200
    assert [one.name for one in prod.minted] == ["ci"]
