"""The vendor's own Python SDK works against the simulator."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from simulator_fixtures import project_id
from tokentui.simulator.home import write_home

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tokentui.simulator.server import Simulator

# stackit-core 0.4.0 calls datetime.utcnow, which Python 3.12 warns about.
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")


@pytest.fixture
def sdk(
    sim: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], Any]]:
    """Return a maker of SDK clients, given the name of a key file."""
    for name in [name for name in os.environ if name.startswith("STACKIT_")]:
        monkeypatch.delenv(name)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "user").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    from stackit.core.configuration import Configuration
    from stackit.edge import DefaultApi

    home = write_home(sim, tmp_path / "home")
    made: list[Any] = []

    def client(key_file: str) -> Any:  # noqa: ANN401 - the SDK has no types
        configuration = Configuration(
            custom_endpoint=f"{sim.base_url}/stackit/edge",
            custom_token_endpoint=f"{sim.base_url}/stackit/service-account/token",
            service_account_key_path=str(home / "secrets" / key_file),
        )
        made.append(DefaultApi(configuration))
        return made[-1]

    yield client
    for api in made:
        api.api_client.rest_client.session.auth.close()


def test_lists_reads_and_mints(sim: Simulator, sdk: Callable[[str], Any]) -> None:
    api = sdk("stackit-key.json")
    project = project_id(sim)
    listed = api.list_instances(project, "eu01").instances
    assert [one.display_name for one in listed] == ["demo", "edge-muc"]
    demo = api.get_instance_by_name(project, "eu01", "demo")
    assert demo.id == listed[0].id
    assert demo.created == sim.world.stackit.instance_named("demo").created.replace(microsecond=0)
    token = api.get_token_by_instance_id(project, "eu01", demo.id, expiration_seconds=600).token
    assert token == sim.world.stackit.mints[-1].token
    kubeconfig = api.get_kubeconfig_by_instance_name(project, "eu01", "demo").kubeconfig
    assert kubeconfig["users"][0]["user"]["token"] == sim.world.stackit.mints[-1].token
    assert [plan.name for plan in api.list_plans_project(project).valid_plans] == ["S", "M"]


def test_orders_and_deletes(sim: Simulator, sdk: Callable[[str], Any]) -> None:
    from stackit.edge.models.create_instance_payload import (
        CreateInstancePayload,
    )

    api = sdk("stackit-key.json")
    plan = api.list_plans_project(project_id(sim)).valid_plans[0].id
    payload = CreateInstancePayload(displayName="labs", planId=plan)
    made = api.create_instance(project_id(sim), "eu01", payload)
    assert made.status == "reconciling"
    api.delete_instance(project_id(sim), "eu01", made.id)
    assert sim.world.stackit.instance_named("labs").status == "deleting"


def test_refusals_arrive_as_the_sdks_own_errors(sim: Simulator, sdk: Callable[[str], Any]) -> None:
    from stackit.edge import exceptions

    reader = sdk("stackit-reader-key.json")
    demo = sim.world.stackit.instance_named("demo").id
    with pytest.raises(exceptions.ForbiddenException):
        reader.get_token_by_instance_id(project_id(sim), "eu01", demo)
    with pytest.raises(exceptions.NotFoundException):
        reader.get_instance(project_id(sim), "eu01", "nobody")
    sim.clock.advance(timedelta(hours=2))
    with pytest.raises(exceptions.UnauthorizedException) as caught:
        reader.list_instances(project_id(sim), "eu01")
    assert caught.value.data is not None
    assert caught.value.data.message == "Authorization failed"


def test_short_lived_tokens_are_refreshed(sim: Simulator, sdk: Callable[[str], Any]) -> None:
    sim.world.stackit.access_token_life = timedelta(seconds=200)
    api = sdk("stackit-key.json")
    assert sim.requests.count("POST", "/token") == 1
    api.list_instances(project_id(sim), "eu01")
    assert sim.requests.count("POST", "/token") == 2
