"""The vendor's own Python SDKs work against the simulated STACKIT."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from simulator_fixtures import project_id, small_home, start_simulator
from stackit_services import account_named, service_client

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tokentui.simulator.server import Simulator

# stackit-core 0.4.0 calls datetime.utcnow, which Python 3.12 warns about.
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")
ADMIN, READER = "stackit-key.json", "stackit-reader-key.json"


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as simulator:
        yield simulator


@pytest.fixture
def sdk(
    sim: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Any]]:
    """Return a maker of SDK clients, given the service and the name or path of a key file."""
    for name in [name for name in os.environ if name.startswith("STACKIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    (tmp_path / "user").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    from stackit import observability, resourcemanager, serviceaccount
    from stackit.core.configuration import Configuration

    apis = {
        "observability": observability.DefaultApi,
        "resource-manager": resourcemanager.DefaultApi,
        "service-account": serviceaccount.DefaultApi,
    }
    home = small_home(sim, tmp_path / "home")
    made: list[Any] = []

    def client(service: str, key_file: str = ADMIN) -> Any:  # noqa: ANN401 - the SDK has no types
        configuration = Configuration(
            custom_endpoint=f"{sim.base_url}/stackit/{service}",
            custom_token_endpoint=f"{sim.base_url}/stackit/service-account/token",
            service_account_key_path=str(home / "secrets" / key_file),
        )
        made.append(apis[service](configuration))
        return made[-1]

    yield client
    for api in made:
        api.api_client.rest_client.session.auth.close()


def test_observability_is_listed_and_read(sim: Simulator, sdk: Callable[..., Any]) -> None:
    api = sdk("observability")
    dev = project_id(sim, "ops-dev")
    (stage,) = api.list_instances(dev).instances
    assert (stage.id, stage.name, stage.status) == ("obs-stage", "obs-stage", "UPDATE_SUCCEEDED")
    detail = api.get_instance(stage.instance, dev)
    assert detail.instance.push_metrics_url.startswith(sim.tls_url)
    prod = sim.world.stackit.observability.named("obs-prod")
    leaked = api.get_instance(prod.id, prod.project_id).instance.grafana_admin_password
    assert leaked == prod.admin_password


def test_technical_users_live_and_die(sim: Simulator, sdk: Callable[..., Any]) -> None:
    from stackit.observability import CreateCredentialsPayload, exceptions

    api = sdk("observability")
    prod = sim.world.stackit.observability.named("obs-prod")
    place = {"instance_id": prod.id, "project_id": prod.project_id}
    payload = CreateCredentialsPayload(description="otel collector")
    made = api.create_credentials(**place, create_credentials_payload=payload).credentials
    assert prod.admits(made.username, made.password)
    listed = api.list_credentials(**place).credentials
    assert [one.credentials_info["description"] for one in listed][-1] == "otel collector"
    assert api.get_credentials(**place, username=made.username).name == made.username
    api.delete_credentials(**place, username=made.username)
    with pytest.raises(exceptions.NotFoundException) as caught:
        api.delete_credentials(**place, username=made.username)
    assert caught.value.data is not None
    assert caught.value.data.message
    assert api.create_credentials(**place).credentials.description is None


def test_observability_refuses_a_reader(sim: Simulator, sdk: Callable[..., Any]) -> None:
    from stackit.observability import exceptions

    prod = sim.world.stackit.observability.named("obs-prod")
    with pytest.raises(exceptions.ForbiddenException) as caught:
        sdk("observability", READER).create_credentials(prod.id, prod.project_id)
    assert caught.value.data is not None
    assert caught.value.data.detail


def test_the_sdk_knows_no_unknown_status(sim: Simulator, sdk: Callable[..., Any]) -> None:
    prod = sim.world.stackit.observability.named("obs-prod")
    prod.status = "HIBERNATED"
    with pytest.raises(ValueError, match="HIBERNATED|must be one of enum values"):
        sdk("observability").list_instances(prod.project_id)


def test_accounts_live_and_die(sim: Simulator, sdk: Callable[..., Any]) -> None:
    from stackit.serviceaccount import CreateServiceAccountPayload, exceptions

    api = sdk("service-account")
    project = project_id(sim)
    payload = CreateServiceAccountPayload(name="ci-bot")
    made = api.create_service_account(project, payload)
    assert re.fullmatch(r"ci-bot-\w{8}@sa\.stackit\.cloud", made.email)
    assert made.email in [one.email for one in api.list_service_accounts(project).items]
    with pytest.raises(exceptions.ConflictException):
        api.create_service_account(project, payload)
    api.delete_service_account(project, made.email)
    assert sim.world.stackit.accounts.named(made.email) is None


def test_keys_live_sign_in_and_die(sim: Simulator, sdk: Callable[..., Any], tmp_path: Path) -> None:
    from requests import RequestException
    from stackit.serviceaccount import (
        CreateServiceAccountKeyPayload,
        PartialUpdateServiceAccountKeyPayload,
    )

    api = sdk("service-account")
    deploy = account_named(sim, "deploy")
    place = (deploy.project_id, deploy.email)
    end = (sim.clock.now() + timedelta(days=90)).replace(microsecond=0)
    payload = CreateServiceAccountKeyPayload(algorithm="RSA_2048", validUntil=end)
    made = api.create_service_account_key(*place, payload)
    assert made.valid_until.astimezone(UTC) == end
    file = tmp_path / "new.json"
    file.write_text(json.dumps(made.to_dict(), default=str))
    assert sdk("service-account", str(file)).list_service_accounts(deploy.project_id).items
    assert len(api.list_service_account_keys(*place).items) == 2
    assert api.get_service_account_key(*place, str(made.id)).public_key == made.public_key
    off = PartialUpdateServiceAccountKeyPayload(active=False)
    assert api.partial_update_service_account_key(*place, str(made.id), off).active is False
    with pytest.raises(RequestException):
        sdk("service-account", str(file))
    api.delete_service_account_key(*place, str(made.id))
    assert len(api.list_service_account_keys(*place).items) == 1


def test_a_key_cannot_make_another_of_its_own(sim: Simulator, sdk: Callable[..., Any]) -> None:
    from stackit.serviceaccount import exceptions

    admin = account_named(sim, "edge-admin")
    with pytest.raises(exceptions.ForbiddenException) as caught:
        sdk("service-account").create_service_account_key(admin.project_id, admin.email)
    assert caught.value.data is not None
    assert (caught.value.data.status, caught.value.data.error) == (403, "Forbidden")


def test_projects_and_organizations_agree(sim: Simulator, sdk: Callable[..., Any]) -> None:
    from stackit.resourcemanager import exceptions

    api = sdk("resource-manager")
    member = account_named(sim, "edge-admin").email
    found = api.list_projects(member=member).items
    with service_client(sim, "resource-manager") as client:
        raw = client.get("/v2/projects", params={"member": member}).json()["items"]
    assert [(str(one.project_id), one.container_id, one.name) for one in found] == [
        (one["projectId"], one["containerId"], one["name"]) for one in raw
    ]
    ids = [project_id(sim), project_id(sim, "ops-dev")]
    assert [str(one.project_id) for one in api.list_projects(container_ids=ids).items] == ids
    parents = api.get_project(ids[1], include_parents=True).parents
    assert [one.type for one in parents] == ["FOLDER", "ORGANIZATION"]
    assert [one.name for one in api.list_organizations(member=member).items] == ["ACME"]
    with pytest.raises(exceptions.ForbiddenException):
        api.list_projects(member="someone@example.org")
    with pytest.raises(exceptions.BadRequestException):
        api.list_projects()
