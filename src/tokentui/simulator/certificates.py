"""The simulator's own certificate authority and the certificate of its TLS listener."""

from __future__ import annotations

import ipaddress
import ssl
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

# Clients check certificates by the real time, whatever the simulated clock says.
_VALID_BEFORE = timedelta(days=1)
_VALID_AFTER = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class TlsIdentity:
    """A TLS server context and the authority that signed its certificate."""

    context: ssl.SSLContext
    ca_pem: str
    ca: x509.Certificate
    ca_key: ec.EllipticCurvePrivateKey

    def client(self, common_name: str, organization: str) -> ClientPair:
        """Make a certificate with which a client can name itself to the listener."""
        key = ec.generate_private_key(ec.SECP256R1())
        parts = ((NameOID.ORGANIZATION_NAME, organization), (NameOID.COMMON_NAME, common_name))
        subject = x509.Name([x509.NameAttribute(kind, value) for kind, value in parts])
        certificate = (
            _builder(subject, self.ca.subject, key.public_key())
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
            .add_extension(_authority_id(self.ca_key), critical=False)
            .sign(self.ca_key, hashes.SHA256())
        )
        return ClientPair(_pem(certificate), _key_pem(key).decode("ascii"))


@dataclass(frozen=True, slots=True)
class ClientPair:
    """A client's certificate and its private key, both as PEM text."""

    certificate_pem: str
    key_pem: str


def make_tls_identity() -> TlsIdentity:
    """Make an authority and a certificate for 127.0.0.1 and localhost."""
    ca_key = ec.generate_private_key(ec.SECP256R1())
    ca = _authority(ca_key)
    leaf_key = ec.generate_private_key(ec.SECP256R1())
    leaf = _leaf(leaf_key, ca, ca_key)
    ca_pem = _pem(ca)
    return TlsIdentity(_server_context(leaf, leaf_key, ca_pem), ca_pem, ca, ca_key)


def _authority(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = _name("tokentui simulator CA")
    return (
        _builder(name, name, key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _leaf(
    key: ec.EllipticCurvePrivateKey, ca: x509.Certificate, ca_key: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    return (
        _builder(_name("localhost"), ca.subject, key.public_key())
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(_authority_id(ca_key), critical=False)
        .sign(ca_key, hashes.SHA256())
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _VALID_BEFORE)
        .not_valid_after(now + _VALID_AFTER)
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _authority_id(ca_key: ec.EllipticCurvePrivateKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key())


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _server_context(
    leaf: x509.Certificate, key: ec.EllipticCurvePrivateKey, ca_pem: str
) -> ssl.SSLContext:
    """Return a context that asks clients for a certificate and does without."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_verify_locations(cadata=ca_pem)
    context.verify_mode = ssl.CERT_OPTIONAL
    chain = _key_pem(key) + leaf.public_bytes(serialization.Encoding.PEM)
    # The ssl module loads a chain from a file only; the file lives for this call, mode 0600.
    with tempfile.NamedTemporaryFile(prefix="tokentui-simulator-") as file:
        file.write(chain)
        file.flush()
        context.load_cert_chain(Path(file.name))
    return context
