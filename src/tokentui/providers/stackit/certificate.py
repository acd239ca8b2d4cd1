"""Checks the certificate of a key pair that a person made.

Source: service-account API description v2, publicKey of CreateServiceAccountKeyPayload, read
2026-08-21: the public key of an RSA pair in an X.509 certificate.
"""

from __future__ import annotations

from tokentui.domain.errors import Refused

_BEGIN, _END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
_WHOLE = f"give one certificate alone, from {_BEGIN} to {_END}"


def checked_certificate(text: str) -> str:
    """Give a PEM certificate as it is sent. Raises `Refused` for anything else.

    Takes milliseconds, and more the first time: cryptography is imported here.
    """
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    if "PRIVATE KEY" in text:
        raise _refused("holds a private key")
    begin, _, rest = text.strip().partition(_BEGIN)
    body, _, after = rest.partition(_END)
    if begin or after or not body:
        raise _refused("is no X.509 certificate in PEM")
    try:
        key = x509.load_pem_x509_certificate(text.encode()).public_key()
    except (ValueError, UnsupportedAlgorithm):
        raise _refused("is no X.509 certificate in PEM") from None
    if not isinstance(key, RSAPublicKey):
        raise _refused("is not the certificate of an RSA key", "make a pair with RSA")
    return text


def _refused(why: str, next_step: str = _WHOLE) -> Refused:
    return Refused(f"what was given as own certificate {why}, and was not sent", next_step)
