"""Signing in to StackState: its headers, its proxies, and what it says of who is signed in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import pytest

from fault_server import FaultServer, reply
from simulator_fixtures import start_simulator
from stackstate_connection import connected, connection_to, offer_of, order, the_server
from tokentui.domain.errors import BadAnswer, NotSignedIn, Outcome, ProviderError, Unreachable
from tokentui.domain.model import FieldType, Identity
from tokentui.providers.stackstate.about import ROLES
from tokentui.providers.stackstate.provider import Stackstate
from tokentui.providers.stackstate.rights import rights_of
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.simulator.server import Simulator
from tokentui.simulator.stackstate.model import ServerAge
from tokentui.simulator.stackstate.world import ADMIN_TOKEN, GUEST_TOKEN, LAB, PROD

INFO = b'{"version": {"major": 1, "minor": 2, "patch": 3}}'


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as sim:
        yield sim


@pytest.fixture
async def provider(sim: Simulator, tmp_path: Path) -> AsyncIterator[Stackstate]:
    async with connected(connection_to(sim, tmp_path)) as provider:
        yield provider


HEADERS = [
    ("service-token", "X-API-Key", {"x-api-key": "t-1"}),
    ("service-token", "Authorization", {"authorization": "ApiKey t-1"}),
    ("api-token", "X-API-Key", {"x-api-token": "t-1"}),
    ("api-token", "Authorization", {"authorization": "ApiToken t-1"}),
    ("service-account", "X-API-Key", {"x-api-servicebearer": "t-1"}),
    ("service-account", "Authorization", {"x-api-servicebearer": "t-1"}),
]


@pytest.mark.parametrize(("token_type", "header", "sent"), HEADERS)
async def test_one_header_carries_the_token(
    sim: Simulator, tmp_path: Path, token_type: str, header: str, sent: Mapping[str, str]
) -> None:
    async with FaultServer(reply(body=INFO)) as server:
        connection = connection_to(
            sim, tmp_path, secret="t-1", token_type=token_type, url=server.url, header=header
        )
        async with connected(connection) as provider:
            await the_server(provider)
    (request,) = server.requests
    known = {"x-api-key", "authorization", "x-api-token", "x-api-servicebearer"}
    assert {name: request.headers[name] for name in known & set(request.headers)} == sent
    assert request.path == "/api/server/info"
    assert request.headers["accept"] == "application/json"


@pytest.mark.parametrize("header", ["X-API-Key", "Authorization"])
@pytest.mark.parametrize("token_type", ["service-token", "api-token", "service-account"])
async def test_every_way_of_signing_in_is_accepted(
    sim: Simulator, tmp_path: Path, token_type: str, header: str
) -> None:
    prod = sim.world.stackstate.prod
    secrets = {
        "service-token": prod.token_named(ADMIN_TOKEN).secret,
        "api-token": prod.users["anna"].api_token,
        "service-account": next(iter(prod.service_accounts)),
    }
    connection = connection_to(
        sim, tmp_path, secret=secrets[token_type], token_type=token_type, header=header
    )
    async with connected(connection) as provider:
        identity = await provider.identity()
        issued = await provider.issue(await order(provider)) if identity.may_issue else None
        assert issued is None or (await provider.verify(issued)).ok is True
    assert identity.name


async def test_a_token_of_another_type_is_refused(sim: Simulator, tmp_path: Path) -> None:
    async with connected(connection_to(sim, tmp_path, token_type="api-token")) as provider:
        with pytest.raises(NotSignedIn, match="401 Unauthorized") as caught:
            await provider.identity()
    assert len(caught.value.trace_id) == 36, "the tracking key"


async def test_the_server_and_the_caller_are_told(provider: Stackstate) -> None:
    identity = await provider.identity()
    assert identity.name == ADMIN_TOKEN
    assert identity.may_issue is True
    assert identity.clock_off is not None
    assert identity.facts == (
        ("version", "2.9.0"),
        ("deployment", "SelfHosted"),
        ("domains", "Observability"),
    )
    instance = await the_server(provider)
    assert (instance.name, instance.noun, instance.state_text) == ("sts-prod", "sts", "2.9.0")
    told = {(one.group, one.label): one.value for one in await provider.details(instance)}
    assert told["Server", "API version"] == "7.0.3"
    assert told["Signed in", "as"] == ADMIN_TOKEN
    assert told["Signed in", "roles"] == "stackstate-admin"
    assert told["Rights", "create-service-tokens"] == "yes"


AGES = [ServerAge.OLD, ServerAge.VERY_OLD]


async def identity_at(sim: Simulator, folder: Path, age: ServerAge, token: str) -> Identity:
    sim.world.stackstate.lab.age = age
    async with connected(connection_to(sim, folder, server=LAB, token=token)) as provider:
        return await provider.identity()


@pytest.mark.parametrize("age", AGES)
async def test_old_servers_tell_what_they_can(
    sim: Simulator, tmp_path: Path, age: ServerAge
) -> None:
    admin = await identity_at(sim, tmp_path, age, ADMIN_TOKEN)
    assert admin.may_issue is True
    assert admin.facts == (("version", "5.1.8"), ("deployment", "SelfHosted"))
    if age is ServerAge.VERY_OLD:
        assert admin.name.startswith("file "), "it does not say who asks"
    else:
        assert admin.name == ADMIN_TOKEN
    guest = await identity_at(sim, tmp_path, age, GUEST_TOKEN)
    assert guest.may_issue is False


async def test_a_very_old_server_names_a_person_by_the_profile(
    sim: Simulator, tmp_path: Path
) -> None:
    lab = sim.world.stackstate.lab
    lab.age = ServerAge.VERY_OLD
    secret = lab.users["anna"].api_token
    connection = connection_to(sim, tmp_path, server=LAB, secret=secret, token_type="api-token")
    async with connected(connection) as provider:
        assert (await provider.identity()).name == "anna"
    assert sim.requests.count(path_part="profile/tokens") == 0, "that answer holds a live secret"


async def test_a_server_between_the_ages_is_asked_for_the_old_permission(
    sim: Simulator, tmp_path: Path
) -> None:
    async with FaultServer(reply(400), reply(204, b"")) as server:
        connection = connection_to(sim, tmp_path, url=server.url)
        async with connected(connection) as provider:
            rights = await rights_of(provider._api)
    assert (rights.may_create, rights.permission) == (True, "manage-service-tokens")
    assert [request.path.rpartition("=")[2] for request in server.requests] == [
        "create-service-tokens",
        "manage-service-tokens",
    ]


@pytest.mark.parametrize("token", [GUEST_TOKEN, "topo-sync"])
async def test_who_may_not_make_tokens_is_told_why(
    sim: Simulator, tmp_path: Path, token: str
) -> None:
    """A power user is the trap: an old guide's bootstrap token has that role."""
    async with connected(connection_to(sim, tmp_path, token=token)) as provider:
        assert (await provider.identity()).may_issue is False
        offer = await offer_of(provider)
        assert "create-service-tokens" in offer.impossible
        assert "stackstate-admin has and stackstate-power-user has not" in offer.impossible


async def test_roles_come_from_the_subjects_once_each(provider: Stackstate) -> None:
    (roles,) = [one for one in (await offer_of(provider)).fields if one.key == "roles"]
    assert roles.type is FieldType.TEXTS, "other names can be typed"
    assert {"agent-ham", "suse-observability-instance-admin", *ROLES} == set(roles.choices)
    assert len(set(roles.choices)) == len(roles.choices)
    assert ADMIN_TOKEN not in roles.choices, "the caller's name is no role"


async def test_roles_are_the_known_ones_if_subjects_are_not_told(
    sim: Simulator, provider: Stackstate
) -> None:
    sim.faults.add(Fault(kind=FaultKind.STATUS, path="/security/subjects$", status=403))
    (roles,) = [one for one in (await offer_of(provider)).fields if one.key == "roles"]
    assert roles.choices == ROLES


@pytest.mark.parametrize(("server", "has"), [(PROD, True), (LAB, False)])
async def test_a_dedicated_subject_is_offered_where_there_are_some(
    sim: Simulator, tmp_path: Path, server: str, has: bool
) -> None:
    async with connected(connection_to(sim, tmp_path, server=server)) as provider:
        offer = await offer_of(provider)
    assert ("dedicated_subject" in [one.key for one in offer.fields]) is has


async def test_a_login_page_is_no_answer(sim: Simulator, provider: Stackstate) -> None:
    instance = await the_server(provider)
    wish = await order(provider)
    credential_pages = provider.credentials(instance)
    sim.world.stackstate.prod.sso_proxy = True
    with pytest.raises(BadAnswer, match="not JSON: look whether a proxy asks for a login there"):
        await provider.identity()
    (page,) = [page async for page in provider.instances()]
    assert "is not JSON" in page.failed[0].message
    assert [len(page.failed) async for page in credential_pages] == [1, 1]
    with pytest.raises(BadAnswer) as caught:
        await provider.issue(wish)
    assert caught.value.outcome is Outcome.REFUSED, "the list before it showed the page"
    assert sim.requests.count("POST") == 0


async def test_a_redirect_is_not_followed(sim: Simulator, tmp_path: Path) -> None:
    async with FaultServer(reply(body=INFO)) as elsewhere:
        away = reply(302, Location=f"{elsewhere.url}/login")
        async with FaultServer(away) as server:
            connection = connection_to(sim, tmp_path, url=server.url)
            async with connected(connection) as provider:
                with pytest.raises(Unreachable, match="a credential is not sent there"):
                    await provider.identity()
        assert elsewhere.requests == []


async def test_a_server_with_an_authority_of_its_own(sim: Simulator, tmp_path: Path) -> None:
    ca_file = tmp_path / "ca.pem"
    ca_file.write_text(sim.ca_pem)
    url = sim.world.stackstate.prod.tls_url
    async with connected(connection_to(sim, tmp_path, url=url)) as provider:
        with pytest.raises(Unreachable, match="is not trusted.*ca_file"):
            await provider.identity()
    async with connected(connection_to(sim, tmp_path, url=url, ca_file=ca_file)) as provider:
        issued = await provider.issue(await order(provider))
        assert (await provider.verify(issued)).ok is True


async def test_another_api_path(sim: Simulator, tmp_path: Path) -> None:
    sim.world.stackstate.prod.api_path = "/gateway/sts/api"
    path = "/gateway/sts/api/"
    async with connected(connection_to(sim, tmp_path, api_path=path)) as provider:
        assert (await provider.identity()).name == ADMIN_TOKEN


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"[]", "is no object"),
        (b'{"version": "2"}', "has no object in the field version"),
        (b'{"version": {"major": "2"}}', "has no numbers in the field version"),
        (b'{"version": {"major": 1, "minor": 2, "patch": 3}, "platformVersion": 4}', "no text in"),
    ],
)
async def test_a_version_that_does_not_fit_is_an_error(
    sim: Simulator, tmp_path: Path, body: bytes, words: str
) -> None:
    async with (
        FaultServer(reply(body=body)) as server,
        connected(connection_to(sim, tmp_path, url=server.url)) as provider,
    ):
        with pytest.raises(BadAnswer, match=words):
            await provider.identity()


async def test_a_server_that_is_away_is_an_error_of_the_profile(
    sim: Simulator, tmp_path: Path
) -> None:
    async with FaultServer(reply()) as server:
        url = server.url
    async with connected(connection_to(sim, tmp_path, url=url, timeout_s=1.0)) as provider:
        (page,) = [page async for page in provider.instances()]
    (error,) = page.failed
    assert isinstance(error, ProviderError)
    assert "refuses connections" in error.message


async def test_checking_a_token_tells_away_from_refused(
    sim: Simulator, provider: Stackstate
) -> None:
    issued = await provider.issue(await order(provider))
    sim.world.stackstate.prod.sso_proxy = True
    checked = await provider.verify(issued)
    assert checked.ok is None
    assert issued.secret.reveal() not in checked.sentence
