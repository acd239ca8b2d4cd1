"""Signing in: with JWTs for a secret, with the secret on each call, with a JWT."""

from __future__ import annotations

import asyncio
import base64
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from cloudfleet_connection import connected, connection_to, listed, order, the_organization
from simulator_fixtures import start_simulator
from tokentui.domain.errors import NotSignedIn, ProviderError, Unreachable
from tokentui.domain.model import Ability
from tokentui.domain.profile import AuthSettings
from tokentui.providers.cloudfleet.exchange import PairRefused
from tokentui.providers.cloudfleet.provider import Cloudfleet
from tokentui.providers.cloudfleet.tokens import OWN_JWT
from tokentui.simulator.cloudfleet.control import set_settings
from tokentui.simulator.cloudfleet.dialect import BASIC, OTHER
from tokentui.simulator.cloudfleet.seeds import ADMIN_TOKEN, OWN_TOKEN, USER_TOKEN
from tokentui.simulator.cloudfleet.world import CloudfleetWorld
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.simulator.server import Simulator
from traffic import Traffic

EXCHANGE = "/openid-connect/token"


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as sim:
        yield sim


@pytest.fixture
def world(sim: Simulator) -> CloudfleetWorld:
    return sim.world.cloudfleet


@pytest.fixture
async def provider(sim: Simulator, tmp_path: Path) -> AsyncIterator[Cloudfleet]:
    async with connected(connection_to(sim, tmp_path)) as provider:
        yield provider


def exchanges(sim: Simulator) -> int:
    return sim.requests.count("POST", EXCHANGE)


async def test_one_exchange_serves_many_callers(sim: Simulator, provider: Cloudfleet) -> None:
    await asyncio.gather(*(the_organization(provider) for _ in range(10)))
    await listed(provider)
    assert exchanges(sim) == 1


async def test_a_jwt_is_kept_until_shortly_before_its_end(
    sim: Simulator, world: CloudfleetWorld, provider: Cloudfleet
) -> None:
    set_settings(world, {"jwt_life_s": 1})
    await the_organization(provider)
    first = exchanges(sim)
    async with asyncio.timeout(10):
        while exchanges(sim) == first:
            await the_organization(provider)


async def test_a_refused_jwt_is_replaced_by_another(
    sim: Simulator, world: CloudfleetWorld, provider: Cloudfleet
) -> None:
    await the_organization(provider)
    sim.faults.add(
        Fault(kind=FaultKind.STATUS, path="/v1/organization$", status=401, times=1, body="{}")
    )
    await the_organization(provider)
    assert exchanges(sim) == 2


async def test_what_makes_something_is_not_sent_again_after_a_401(
    sim: Simulator, provider: Cloudfleet
) -> None:
    wish = await order(provider)
    sim.faults.add(
        Fault(kind=FaultKind.STATUS, method="POST", path="/v1/tokens$", status=401, body="{}")
    )
    with pytest.raises(NotSignedIn):
        await provider.issue(wish)
    assert sim.requests.count("POST", "/v1/tokens") == 1


async def test_the_secret_is_read_anew_for_each_jwt(
    sim: Simulator, world: CloudfleetWorld, tmp_path: Path
) -> None:
    """Trap 3: after its own token was regenerated, a profile goes on with the new secret."""
    connection = connection_to(sim, tmp_path)
    async with connected(connection) as provider:
        issued = await provider.regenerate((await listed(provider))[OWN_TOKEN])
        Path(str(connection.auth.options["path"])).write_text(issued.secret.reveal())
        sim.faults.add(
            Fault(kind=FaultKind.STATUS, path="/v1/organization$", status=401, times=1, body="{}")
        )
        await the_organization(provider)
    assert exchanges(sim) == 2


async def test_a_command_is_run_again_if_its_secret_is_refused(
    sim: Simulator, world: CloudfleetWorld, tmp_path: Path
) -> None:
    path = tmp_path / "secret"
    path.write_text(world.token_named(OWN_TOKEN).secret)
    code = f"print(open({str(path)!r}).read())"
    auth = AuthSettings("command", {"command": (sys.executable, "-c", code)})
    async with connected(connection_to(sim, tmp_path, auth=auth)) as provider:
        issued = await provider.regenerate((await listed(provider))[OWN_TOKEN])
        path.write_text(issued.secret.reveal())
        sim.faults.add(
            Fault(kind=FaultKind.STATUS, path="/v1/organization$", status=401, times=1, body="{}")
        )
        await the_organization(provider)


@pytest.mark.parametrize("dialect", [None, OTHER], ids=["401", "400"])
async def test_a_wrong_secret_is_said_to_be_wrong(
    sim: Simulator, world: CloudfleetWorld, tmp_path: Path, dialect: object
) -> None:
    if dialect is OTHER:
        world.dialect = OTHER
    async with connected(connection_to(sim, tmp_path, secret="wrong-secret")) as provider:
        with pytest.raises(PairRefused, match="Invalid client credentials") as caught:
            await provider.identity()
        assert "token_id" in caught.value.next_step
        assert "wrong-secret" not in caught.value.sentence


async def test_a_wrong_token_url_is_no_missing_object(
    sim: Simulator, world: CloudfleetWorld, tmp_path: Path
) -> None:
    """A `NotFound` while something is deleted would say that it is gone."""
    url = world.token_url.replace("/token", "/nowhere")
    async with connected(connection_to(sim, tmp_path, token_url=url)) as provider:
        with pytest.raises(NotSignedIn) as caught:
            await provider.identity()
        assert not isinstance(caught.value, PairRefused)
        assert "token_url" in caught.value.next_step


@pytest.mark.parametrize(
    "body", ["{}", "[]", '"x"', "<html>", '{"access_token": 7}', '{"access_token": "a b"}']
)
async def test_a_token_endpoint_that_gives_no_token_is_told(
    sim: Simulator, provider: Cloudfleet, body: str
) -> None:
    sim.faults.add(Fault(kind=FaultKind.STATUS, path=EXCHANGE, status=200, body=body))
    with pytest.raises(ProviderError, match="sign in as API token"):
        await provider.identity()


@pytest.mark.parametrize("kind", [FaultKind.CUT, FaultKind.HALF, FaultKind.HOLD])
async def test_a_token_endpoint_that_does_not_answer_is_unreachable(
    sim: Simulator, tmp_path: Path, kind: FaultKind
) -> None:
    sim.faults.add(Fault(kind=kind, path=EXCHANGE))
    async with connected(connection_to(sim, tmp_path, timeout_s=0.5)) as provider:
        with pytest.raises(Unreachable, match="sign in as API token"):
            await provider.identity()


async def test_a_redirect_takes_no_secret_along(sim: Simulator, provider: Cloudfleet) -> None:
    location = f"{sim.base_url}/cloudfleet/v1/elsewhere"
    sim.faults.add(Fault(kind=FaultKind.REDIRECT, path=EXCHANGE, location=location))
    with pytest.raises(ProviderError):
        await provider.identity()
    assert sim.requests.count(None, "/elsewhere") == 0


async def test_scope_and_audience_are_asked_for(
    sim: Simulator, tmp_path: Path, traffic: Traffic
) -> None:
    settings: dict[str, Any] = {"scope": "profile email", "audience": "https://api.example"}
    async with connected(connection_to(sim, tmp_path, **settings)) as provider:
        await provider.identity()
    form = next(one.call.form for one in traffic.sent if one.call.form)
    assert {key: form[key] for key in settings} == settings
    assert form["grant_type"] == "client_credentials"


async def test_a_header_carries_the_pair_form_encoded(
    sim: Simulator, world: CloudfleetWorld, tmp_path: Path, traffic: Traffic
) -> None:
    """RFC 6749, section 2.3.1."""
    world.dialect = OTHER
    async with connected(connection_to(sim, tmp_path, secret="a%b+c")) as provider:
        with pytest.raises(PairRefused):
            await provider.identity()
    call = next(one.call for one in traffic.sent if one.call.form)
    value = call.headers["Authorization"]
    assert not isinstance(value, str | tuple)
    pair = base64.b64decode(value.reveal().removeprefix("Basic ")).decode()
    assert pair == f"{world.token_named(OWN_TOKEN).id}:a%25b%2Bc"
    assert set(call.form) == {"grant_type"}


async def test_basic_authentication_needs_no_exchange(
    sim: Simulator, world: CloudfleetWorld, tmp_path: Path
) -> None:
    world.dialect = BASIC
    async with connected(connection_to(sim, tmp_path, token_url=None)) as provider:
        assert (await provider.identity()).name == OWN_TOKEN
        issued = await provider.issue(await order(provider))
        assert (await provider.verify(issued)).ok is True
    assert exchanges(sim) == 0


async def test_a_pasted_jwt_tells_whose_it_is(
    sim: Simulator, world: CloudfleetWorld, tmp_path: Path
) -> None:
    """Regenerating its token would put a secret where the profile keeps the JWT."""
    jwt = sim.cloudfleet.jwts.issue(world.token_named(OWN_TOKEN))
    settings: dict[str, Any] = {"auth_mode": "bearer", "token_id": None}
    async with connected(connection_to(sim, tmp_path, secret=jwt, **settings)) as provider:
        assert (await provider.identity()).name == OWN_TOKEN
        tokens = await listed(provider)
        assert [one.name for one in tokens.values() if one.is_own] == [OWN_TOKEN]
        assert tokens[OWN_TOKEN].cannot[Ability.REGENERATE] == OWN_JWT
        assert Ability.REGENERATE not in tokens[ADMIN_TOKEN].cannot
        assert exchanges(sim) == 0
        issued = await provider.issue(await order(provider))
        assert (await provider.verify(issued)).ok is True


async def test_a_list_without_a_sign_in_is_a_page_that_says_so(
    sim: Simulator, tmp_path: Path
) -> None:
    settings: dict[str, Any] = {"auth_mode": "bearer", "token_id": None}
    async with connected(connection_to(sim, tmp_path)) as provider:
        organization = await the_organization(provider)
    async with connected(connection_to(sim, tmp_path, secret=" ", **settings)) as provider:
        (page,) = [page async for page in provider.credentials(organization)]
    (error,) = page.failed
    assert isinstance(error, NotSignedIn)
    assert page.items == ()


async def test_a_pasted_jwt_alone_cannot_check_a_secret(
    sim: Simulator, world: CloudfleetWorld, tmp_path: Path
) -> None:
    jwt = sim.cloudfleet.jwts.issue(world.token_named(OWN_TOKEN))
    settings: dict[str, Any] = {"auth_mode": "bearer", "token_id": None, "token_url": None}
    async with connected(connection_to(sim, tmp_path, secret=jwt, **settings)) as provider:
        checked = await provider.verify(await provider.issue(await order(provider)))
        assert checked.ok is None
        assert "token_url" in checked.sentence


@pytest.mark.parametrize(
    ("path", "status", "ok"),
    [
        (EXCHANGE, 401, False),
        (EXCHANGE, 403, None),
        (EXCHANGE, 404, None),
        (EXCHANGE, 500, None),
        ("/v1/organization$", 401, False),
        ("/v1/organization$", 403, None),
        ("/v1/organization$", 404, None),
        ("/v1/organization$", 503, None),
    ],
)
async def test_checking_tells_refused_from_what_cannot_be_asked(
    sim: Simulator, provider: Cloudfleet, path: str, status: int, ok: bool | None
) -> None:
    issued = await provider.issue(await order(provider))
    sim.faults.add(Fault(kind=FaultKind.STATUS, path=path, status=status, body="{}"))
    assert (await provider.verify(issued)).ok is ok


async def test_the_secret_never_stands_in_an_error(
    sim: Simulator, world: CloudfleetWorld, provider: Cloudfleet
) -> None:
    secret = world.token_named(OWN_TOKEN).secret
    body = f'{{"error": "invalid_request", "error_description": "got {secret}"}}'
    sim.faults.add(Fault(kind=FaultKind.STATUS, path=EXCHANGE, status=400, body=body))
    with pytest.raises(NotSignedIn) as caught:
        await provider.identity()
    assert secret not in caught.value.sentence
    assert "[secret]" in caught.value.sentence


async def test_a_user_signs_in_and_sees_the_organization(
    sim: Simulator, world: CloudfleetWorld, tmp_path: Path
) -> None:
    world.user_reads_tokens = True
    async with connected(connection_to(sim, tmp_path, token=USER_TOKEN)) as provider:
        assert (await provider.identity()).name == USER_TOKEN
