"""Every answer keeps to the vendor's published description."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import jsonschema
import pytest

from simulator_fixtures import edge_client, instances_path, named_path, project_id, start_simulator
from tokentui.simulator.stackit.key_file import key_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tokentui.simulator.server import Simulator

DESCRIPTIONS = Path(__file__).parents[2].parent / "shared" / "openapi" / "stackit"

pytestmark = pytest.mark.skipif(
    not DESCRIPTIONS.is_dir(), reason="the vendor's API descriptions are not beside the project"
)


def validator(file: str, schema: str) -> jsonschema.Draft202012Validator:
    description = json.loads((DESCRIPTIONS / file).read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(
        {
            "$ref": f"#/components/schemas/{schema}",
            "components": description["components"],
        },
        format_checker=jsonschema.FormatChecker(),
    )


def check(schema: str, body: Any, file: str = "edge.v1beta1.json") -> None:  # noqa: ANN401 - JSON
    validator(file, schema).validate(body)


@pytest.fixture(params=["monday", "rows:50", "empty"])
def anywhere(request: pytest.FixtureRequest) -> Iterator[Simulator]:
    with start_simulator(request.param) as simulator:
        yield simulator


def test_lists_and_plans(anywhere: Simulator) -> None:
    with edge_client(anywhere) as client:
        for project in ("ops-prod", "ops-dev"):
            for region in ("eu01", "eu02"):
                listed = client.get(instances_path(anywhere, project, region)).json()
                check("instanceList", listed)
        check("planList", client.get(f"/v1beta1/projects/{project_id(anywhere)}/plans").json())


def test_single_answers(sim: Simulator, admin: httpx.Client) -> None:
    demo = named_path(sim, "demo")
    check("instance", admin.get(demo).json())
    check("token", admin.get(f"{demo}/token").json())
    check("kubeconfig", admin.get(f"{demo}/kubeconfig").json())
    releases = admin.get("/v1beta1/listcompatiblekubernetesreleases?talosVersion=v1.10.7")
    check("kubernetesReleaseList", releases.json())
    plan = next(iter(sim.world.stackit.plans))
    made = admin.post(instances_path(sim), json={"displayName": "labs", "planId": plan})
    check("instance", made.json())


def test_errors(sim: Simulator, admin: httpx.Client) -> None:
    bad = admin.get(f"{named_path(sim, 'demo')}/token?expirationSeconds=1")
    check("badRequest", bad.json())
    assert isinstance(bad.json()["code"], str)
    anonymous = httpx.get(f"{admin.base_url}{instances_path(sim)}", trust_env=False)
    check("unauthorizedRequest", anonymous.json())


def test_the_token_endpoint_and_the_key_file(sim: Simulator) -> None:
    file = "service-account.v2.json"
    refused = httpx.post(f"{sim.base_url}/stackit/service-account/token", trust_env=False)
    check("Error", refused.json(), file)
    world = sim.world.stackit
    key = world.key_of(may_write=True)
    check("CreateServiceAccountKeyResponse", json.loads(key_file(world, key)), file)
    pair = sim.stackit.tokens.issue(key.identity)
    answer = httpx.post(
        f"{sim.base_url}/stackit/service-account/token",
        data={"grant_type": "refresh_token", "refresh_token": pair.refresh_token},
        trust_env=False,
    )
    check("CreateShortLivedAccessTokenResponse", answer.json(), file)


def test_a_wrong_answer_would_be_seen() -> None:
    with pytest.raises(jsonschema.ValidationError):
        check("instance", {"id": "demo", "displayName": "demo"})
    with pytest.raises(jsonschema.ValidationError):
        check("instanceList", {"instances": [{"id": "x" * 17}]})
