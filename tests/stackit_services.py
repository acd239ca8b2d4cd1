"""Clients of the simulated STACKIT's services, and the check against their descriptions."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx
import jsonschema
import jwt
import pytest

from simulator_fixtures import access_token, project_id

if TYPE_CHECKING:
    from tokentui.simulator.server import Simulator
    from tokentui.simulator.stackit.model import Identity

DESCRIPTIONS = Path(__file__).parents[1].parent / "shared" / "openapi" / "stackit"
described = pytest.mark.skipif(
    not DESCRIPTIONS.is_dir(), reason="the vendor's API descriptions are not beside the project"
)


def service_client(sim: Simulator, service: str, *, may_write: bool = True) -> httpx.Client:
    """Return a client of one of STACKIT's APIs, signed in as the admin or as the reader."""
    return bearer_client(sim, service, access_token(sim, may_write=may_write))


def bearer_client(sim: Simulator, service: str, token: str) -> httpx.Client:
    """Return a client of one of STACKIT's APIs with this token."""
    return httpx.Client(
        base_url=f"{sim.base_url}/stackit/{service}",
        headers={"authorization": f"Bearer {token}"},
        trust_env=False,
        timeout=30,
    )


def account_named(sim: Simulator, name: str) -> Identity:
    """Return the service account whose email begins with that name."""
    accounts = sim.world.stackit.accounts.all()
    return next(one for one in accounts if one.email.startswith(f"{name}-"))


def all_path(sim: Simulator, project: str = "ops-prod") -> str:
    """Return the path of a project's service accounts."""
    return f"/v2/projects/{project_id(sim, project)}/service-accounts"


def path_of(sim: Simulator, name: str) -> str:
    """Return the path of a service account, by the beginning of its email."""
    account = account_named(sim, name)
    email = quote(account.email, safe="")
    return f"/v2/projects/{account.project_id}/service-accounts/{email}"


def keys_of(sim: Simulator, client: httpx.Client, name: str) -> list[dict[str, Any]]:
    """Return the keys of a service account as listed."""
    items: list[dict[str, Any]] = client.get(f"{path_of(sim, name)}/keys").json()["items"]
    return items


def new_key(sim: Simulator, client: httpx.Client, name: str, **body: str) -> dict[str, Any]:
    """Order a key and return the answer."""
    answer = client.post(f"{path_of(sim, name)}/keys", json=body)
    assert answer.status_code == 201, answer.text
    key: dict[str, Any] = answer.json()
    return key


def exchange(sim: Simulator, key: dict[str, Any]) -> httpx.Response:
    """Sign in with a key as the service handed it out."""
    credentials = key["credentials"]
    now = sim.clock.now()
    claims = {name: credentials[name] for name in ("iss", "sub", "aud")} | {
        "jti": str(uuid.uuid4()),
        "iat": now,
        "exp": now + timedelta(minutes=10),
    }
    assertion = jwt.encode(
        claims, credentials["privateKey"], algorithm="RS512", headers={"kid": credentials["kid"]}
    )
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion}
    return httpx.post(credentials["tokenEndpoint"], data=form, trust_env=False)


def check(file: str, schema: str, body: object) -> None:
    """Check a body against a schema of the vendor's description."""
    whole = {"$ref": f"#/components/schemas/{schema}", "components": _components(file)}
    checker = jsonschema.FormatChecker()
    jsonschema.Draft202012Validator(whole, format_checker=checker).validate(body)


@cache
def _components(file: str) -> object:
    description = json.loads((DESCRIPTIONS / file).read_text(encoding="utf-8"))
    return _with_null(description["components"])


def _with_null(schema: object) -> object:
    """Return a schema of OpenAPI 3.0 with `nullable` as JSON Schema says it."""
    if isinstance(schema, list):
        return [_with_null(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    changed = {name: _with_null(value) for name, value in schema.items()}
    if changed.pop("nullable", False) is True:
        changed["type"] = [changed["type"], "null"]
    return changed
