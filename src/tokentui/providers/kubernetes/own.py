"""Who the profile is signed in as, and with which listed credential."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.x509.oid import NameOID

from tokentui.domain import jwt
from tokentui.domain.errors import Forbidden, NotFound
from tokentui.domain.text import clean
from tokentui.providers.kubernetes import wire
from tokentui.providers.kubernetes.status import Words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from tokentui.domain.secret import Secret
    from tokentui.providers.kubernetes.api import Api
    from tokentui.providers.kubernetes.ids import AccountRef
    from tokentui.providers.kubernetes.proofs import Proof
    from tokentui.providers.kubernetes.session import Session
    from tokentui.providers.kubernetes.wire import Row, User

_LEGACY = "kubernetes.io/serviceaccount/"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a call counts as. `clock_off` None: nobody said."""

    user: User
    clock_off: timedelta | None = None


@dataclass(frozen=True, slots=True)
class OwnSecret:
    """The Secret that the profile's token comes from or is bound to; a legacy token has no uid."""

    namespace: str
    name: str
    uid: str
    account_uid: str

    def is_it(self, account: AccountRef, row: Row) -> bool:
        """Whether a Secret of an account is this one."""
        return (
            (self.namespace, self.name) == (account.namespace, row.name)
            and self.uid in ("", row.uid)
            and self.account_uid == account.uid
        )


async def caller_of(api: Api, session: Session) -> Caller:
    """Ask who one is; servers before 1.28 do not say it to everybody. Raises `ProviderError`."""
    words = Words()
    try:
        reply = await api.who_am_i(words)
    except (Forbidden, NotFound):
        signer = await session.signer()
        proof = await signer.proofs.get()
        name = words.user or _said_by(proof) or signer.context.user_name
        return Caller(wire.User(clean(name, 300)))
    return Caller(wire.user(reply), reply.answer.clock_off)


async def own_names(api: Api, session: Session) -> frozenset[str]:
    """Give the names that the sign-in itself has and counts as. Raises `ProviderError`."""
    caller = await caller_of(api, session)
    subject = _claims((await session.proof()).token).get("sub")
    return frozenset({caller.user.name, str(subject or "")})


async def own_secret(session: Session) -> OwnSecret | None:
    """Give the Secret behind the profile's own token, None if there is none."""
    claims = _claims((await session.proof()).token)
    about = claims.get("kubernetes.io")
    if isinstance(about, dict):
        secret, account = about.get("secret"), about.get("serviceaccount")
        if not isinstance(secret, dict) or not isinstance(account, dict):
            return None
        parts = (about.get("namespace"), secret.get("name"), secret.get("uid"), account.get("uid"))
        return OwnSecret(*(str(part) for part in parts))
    name = claims.get(f"{_LEGACY}secret.name")
    if name is None:
        return None
    namespace = claims.get(f"{_LEGACY}namespace")
    return OwnSecret(
        str(namespace), str(name), "", str(claims.get(f"{_LEGACY}service-account.uid"))
    )


def _said_by(proof: Proof) -> str:
    """Give whom a token or a certificate names; the server is not asked."""
    subject = _claims(proof.token).get("sub")
    if isinstance(subject, str) and subject:
        return subject
    return _common_name(proof.certificate) if proof.certificate else ""


def _claims(token: Secret | None) -> Mapping[str, object]:
    return (jwt.claims(token.reveal()) if token else None) or {}


def _common_name(certificate: Secret) -> str:
    try:
        subject = x509.load_pem_x509_certificate(certificate.reveal().encode()).subject
    except ValueError:
        return ""
    names = subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else ""
