"""Clients of the simulated KKP; each answer they get is held against the published description.

The description is wrong or silent in places, which `_Description` mends: 401, 403, 404 and 409 have
the body of every other error; kubeconfigs are files, not arrays of bytes; deletions and revocations
answer `{}`; Semver is a text, where 2.17 says an object; since 2.31 the v2 kubeconfig endpoint
refuses with a page; bindings stand in the whole descriptions alone and healthz in none.
"""

from __future__ import annotations

import json
import re
import ssl
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import jsonschema
import yaml

from tokentui.simulator.kubermatic.seeds import ADMIN, OWNER
from tokentui.simulator.kubermatic.world import MAIN

if TYPE_CHECKING:
    from tokentui.simulator.kubermatic.server import KubermaticServer
    from tokentui.simulator.server import Simulator

DESCRIPTIONS = Path(__file__).parents[2] / "shared" / "openapi" / "kubermatic"

WITHOUT_MANAGERS = "2.16"
"""The last version without the group of project managers."""
VERSIONS = ("2.16", "2.17", "2.21", "2.22", "2.23", "2.31")
SERVERS = (*(f"imke-{version}" for version in VERSIONS[:-1]), MAIN)

_UNDESCRIBED = re.compile(r"/api/v1/healthz|.*/(clusterbindings|bindings)")
_GATED_OFF = "/api/v1/kubeconfig"  # described, but served behind a feature gate only
_FILE = re.compile(r".*/(oidc)?kubeconfig")


def server_of(sim: Simulator, name: str = MAIN) -> KubermaticServer:
    """Return an installation."""
    return sim.world.kubermatic.servers[name]


def person(sim: Simulator, email: str = OWNER, server: str = MAIN) -> httpx.Client:
    """Return a client signed in as a person."""
    return bearer(sim, server_of(sim, server).id_token(email), server)


def admin(sim: Simulator, server: str = MAIN) -> httpx.Client:
    """Return a client signed in as the global admin."""
    return person(sim, ADMIN, server)


def machine(sim: Simulator, token: str, server: str = MAIN) -> httpx.Client:
    """Return a client signed in with the token of a service account, by the token's name."""
    return bearer(sim, server_of(sim, server).token_named(token).secret, server)


def bearer(sim: Simulator, text: str, server: str = MAIN) -> httpx.Client:
    """Return a client with a token; without text, without one."""
    one = server_of(sim, server)

    def check(response: httpx.Response) -> None:
        response.read()
        check_answer(one, response)

    return httpx.Client(
        base_url=one.url,
        headers={"authorization": f"Bearer {text}"} if text else {},
        event_hooks={"response": [check]},
        trust_env=False,
        timeout=30,
    )


def accounts_path(server: KubermaticServer, project: str = "shop") -> str:
    """Return the path of a project's service accounts."""
    return f"/api/v1/projects/{server.project_named(project).id}/serviceaccounts"


def tokens_path(server: KubermaticServer, account: str = "deployer") -> str:
    """Return the path of a service account's tokens."""
    one = server.account_named(account)
    return f"/api/v1/projects/{one.project_id}/serviceaccounts/{one.id}/tokens"


def clusters_path(server: KubermaticServer, project: str = "shop") -> str:
    """Return the path of a project's clusters in v2."""
    return f"/api/v2/projects/{server.project_named(project).id}/clusters"


def cluster_path(server: KubermaticServer, cluster: str = "web", *, v1: bool = False) -> str:
    """Return the path of a cluster in v2, or in v1 with its datacenter."""
    one = server.cluster_named(cluster)
    if v1:
        return f"/api/v1/projects/{one.project_id}/dc/{one.dc}/clusters/{one.id}"
    return f"/api/v2/projects/{one.project_id}/clusters/{one.id}"


def message(response: httpx.Response, status: int) -> str:
    """Return the message of a refusal in JSON, whose status and code must be this."""
    assert response.status_code == status, response.text
    error = response.json()["error"]
    assert error["code"] == status
    return str(error["message"])


def kubeconfig(answer: httpx.Response) -> dict[str, Any]:
    """Return the content of a download."""
    assert answer.status_code == 200, answer.text
    content: dict[str, Any] = yaml.safe_load(answer.text)
    return content


def token_in(answer: httpx.Response) -> str:
    """Return the token of a download's only user."""
    (user,) = kubeconfig(answer)["users"]
    return str(user["user"]["token"])


def opens(sim: Simulator, server: KubermaticServer, token: str, cluster: str = "web") -> bool:
    """Whether the API of a cluster takes a token."""
    context = ssl.create_default_context(cadata=sim.ca_pem)
    with httpx.Client(verify=context, trust_env=False) as client:
        url = f"{server.cluster_named(cluster).url}/version"
        answer = client.get(url, headers={"authorization": f"Bearer {token}"})
    assert answer.status_code in {200, 401}
    return answer.status_code == 200


def check_answer(server: KubermaticServer, response: httpx.Response) -> None:
    """Hold an answer against the description of the installation's version."""
    if not DESCRIPTIONS.is_dir() or server.version not in VERSIONS:
        return
    path = response.request.url.path.removeprefix(server.path)
    check_body(server.version, response.request.method, path, response)


def check_body(version: str, method: str, path: str, response: httpx.Response) -> None:
    """Hold an answer to a request against a version's description."""
    described = _operation(version, method, path)
    kind = response.headers.get("content-type", "").partition(";")[0]
    if described is None or path == _GATED_OFF:
        expected = response.status_code == 404 and kind == "text/plain"
        assert expected or _UNDESCRIBED.fullmatch(path), f"{method} {path} is not described"
        return
    if response.is_error:
        if kind == "text/html":
            assert version == "2.31"
            assert re.fullmatch(r"/api/v2/.*/clusters/[^/]+/kubeconfig", path)
            return
        _validate(version, {"$ref": "#/definitions/errorResponse"}, response.json())
        return
    answer = described["responses"][str(response.status_code)]
    if _FILE.fullmatch(path):
        assert kind == "application/octet-stream"
    elif "schema" in answer:
        _validate(version, answer["schema"], response.json())
    else:
        assert response.json() == {}


@cache
def _description(version: str) -> dict[str, Any]:
    """Read a description; whole objects are strict, that no field is invented."""
    text = (DESCRIPTIONS / f"kkp-v{version}-credentials-subset.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    whole = DESCRIPTIONS / f"kkp-v{version}-swagger-full.json"
    if whole.exists():
        document = json.loads(whole.read_text(encoding="utf-8"))
    for name, schema in document["definitions"].items():
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
        if name == "Semver":
            schema["type"] = "string"
    return document


def _operation(version: str, method: str, path: str) -> dict[str, Any] | None:
    for template, item in _description(version)["paths"].items():
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template))
        if re.fullmatch(pattern, path) and method.lower() in item:
            operation: dict[str, Any] = item[method.lower()]
            return operation
    return None


def _validate(version: str, schema: dict[str, Any], value: object) -> None:
    whole = {"allOf": [schema], "definitions": _description(version)["definitions"]}
    jsonschema.Draft4Validator(whole, format_checker=jsonschema.FormatChecker()).validate(value)
