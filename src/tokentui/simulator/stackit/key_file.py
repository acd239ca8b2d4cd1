"""The key file of a service account.

Source: STACKIT service-account API description v2, schema CreateServiceAccountKeyResponse, read
2026-08-21.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tokentui.simulator.keys import certificate_pem, private_pem
from tokentui.simulator.stackit.edge_wire import rfc3339
from tokentui.simulator.stackit.world import SERVICE_ACCOUNT_PREFIX

if TYPE_CHECKING:
    from tokentui.simulator.stackit.model import ServiceAccountKey
    from tokentui.simulator.stackit.world import StackitWorld


def key_file(world: StackitWorld, key: ServiceAccountKey) -> str:
    """Return the text of the file, private key included, as the portal hands it out once."""
    answer = {
        "id": key.id,
        "publicKey": certificate_pem(key.private_key, key.identity.id, key.created),
        "createdAt": rfc3339(key.created),
        "keyType": "USER_MANAGED",
        "keyOrigin": "GENERATED",
        "keyAlgorithm": f"RSA_{key.private_key.key_size}",
        "active": key.active,
        "credentials": {
            "kid": key.id,
            "iss": key.identity.email,
            "sub": key.identity.id,
            "aud": world.service_account_audience,
            "privateKey": private_pem(key.private_key),
            "tokenEndpoint": token_endpoint(world),
        },
    }
    return json.dumps(answer, indent=2) + "\n"


def token_endpoint(world: StackitWorld) -> str:
    """Return the full address of the token endpoint."""
    return f"{world.ground.base_url}{SERVICE_ACCOUNT_PREFIX}/token"
