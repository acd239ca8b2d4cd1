"""The JSON forms of the service-account API.

Source: STACKIT service-account API description v2, read 2026-08-21. Fields without a value are
absent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.simulator.keys import private_pem
from tokentui.simulator.stackit.edge_wire import rfc3339
from tokentui.simulator.stackit.world import SERVICE_ACCOUNT_PREFIX

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import rsa

    from tokentui.simulator.stackit.model import Identity, LegacyToken, ServiceAccountKey
    from tokentui.simulator.stackit.world import StackitWorld

_Json = dict[str, object]


def account_json(account: Identity) -> _Json:
    """Return an account."""
    return {
        "id": account.id,
        "email": account.email,
        "projectId": account.project_id,
        "internal": account.internal,
    }


def key_json(key: ServiceAccountKey) -> _Json:
    """Return a key as lists and the answer to a change show it."""
    shown: _Json = {
        "id": key.id,
        "createdAt": rfc3339(key.created),
        "keyType": key.key_type,
        "keyOrigin": key.origin,
        "keyAlgorithm": key.algorithm,
        "active": key.active,
    }
    if key.valid_until is not None:
        shown["validUntil"] = rfc3339(key.valid_until)
    return shown


def key_details_json(world: StackitWorld, key: ServiceAccountKey) -> _Json:
    """Return one key with its public half."""
    return key_json(key) | {"publicKey": key.certificate, "credentials": _credentials(world, key)}


def created_key_json(
    world: StackitWorld, key: ServiceAccountKey, private_key: rsa.RSAPrivateKey | None
) -> _Json:
    """Return a new key, with the private half if the service generated it."""
    credentials = _credentials(world, key) | {"tokenEndpoint": token_endpoint(world)}
    if private_key is not None:
        credentials["privateKey"] = private_pem(private_key)
    return key_details_json(world, key) | {"credentials": credentials}


def legacy_token_json(token: LegacyToken) -> _Json:
    """Return what is told of a retired token after its creation."""
    return {
        "id": token.id,
        "createdAt": rfc3339(token.created),
        "validUntil": rfc3339(token.valid_until),
        "active": token.active,
    }


def token_endpoint(world: StackitWorld) -> str:
    """Return the full address of the token endpoint."""
    return f"{world.ground.base_url}{SERVICE_ACCOUNT_PREFIX}/token"


def _credentials(world: StackitWorld, key: ServiceAccountKey) -> _Json:
    return {
        "kid": key.id,
        "iss": key.identity.email,
        "sub": key.identity.id,
        "aud": world.service_account_audience,
    }
