"""Discovery documents and key sets of the issuers (OpenID Connect Discovery 1.0, RFC 7517)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jwt.algorithms import RSAAlgorithm

from tokentui.simulator.cloudfleet.jwts import ALGORITHM

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

_Json = dict[str, object]


def discovery_json(issuer: str, key_set_url: str) -> _Json:
    """Return what every discovery document holds."""
    return {
        "issuer": issuer,
        "jwks_uri": key_set_url,
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
    }


def key_set_json(key: RSAPublicKey, key_id: str) -> _Json:
    """Return a key set of one key."""
    form = RSAAlgorithm.to_jwk(key, as_dict=True)
    return {"keys": [form | {"kid": key_id, "use": "sig", "alg": ALGORITHM}]}
