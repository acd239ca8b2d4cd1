"""Checks a new token at the API server that it is for.

Source: a kube-apiserver v1.20.2, measured: `/version` is answered without any sign-in, and with a
client certificate a token beside it does not count.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tokentui.domain import jwt
from tokentui.domain.errors import Forbidden, NotFound, NotSignedIn, ProviderError
from tokentui.domain.model import Form, Verification
from tokentui.domain.secret import Secret
from tokentui.domain.text import clean
from tokentui.providers.http_call import Call
from tokentui.providers.http_check import fits_header
from tokentui.providers.kube import access_of
from tokentui.providers.kubernetes import wire
from tokentui.providers.kubernetes.api import MAY_I, WHO_AM_I, may_i, path_of, who_am_i
from tokentui.providers.kubernetes.minting import FOR_AUDIENCES, account_uid
from tokentui.providers.kubernetes.rights import MINT
from tokentui.providers.kubernetes.status import Words

if TYPE_CHECKING:
    from tokentui.domain.model import Issued
    from tokentui.providers.http import Http
    from tokentui.providers.kubernetes.ids import AccountRef
    from tokentui.providers.kubernetes.session import Session

_REMEMBERED = "; something was just ended, and the server remembers what it accepted for 10 s"
_NEW_ACCOUNT = "it is for a new account of that name: the one of the list was deleted"
_OWN = "kubernetes.default"
"""What most servers call themselves as an audience begins with, after `https://`."""


async def check(
    session: Session, issued: Issued, ref: AccountRef, *, just_ended: bool = False
) -> Verification:
    """Ask who the token is, by a connection that has no other sign-in.

    `just_ended`: a token or an account was ended so lately that a yes may be of yesterday.
    """
    audiences = dict(issued.facts).get(FOR_AUDIENCES)
    token = _token_of(issued)
    if token is None or not fits_header(token):
        return Verification(False, "it holds no token that could be sent")
    if audiences and _other_audiences(token):
        told = f"it is for {clean(audiences, 200)}: it was not tried at the API server"
        return Verification(None, told)
    http = await session.unsigned()
    try:
        checked = await _asked(http, (await session.context()).cluster.server, token, ref)
    except NotSignedIn:
        others = _other_audiences(token)
        refused = Verification(False, "the API server does not accept it")
        said = f"it is for {clean(others, 200)}: that the API server refuses it says nothing of it"
        return Verification(None, said) if others else refused
    except ProviderError as error:
        return Verification(None, f"it could not be checked from here: {error.sentence}")
    finally:
        await http.aclose()
    if checked.ok and account_uid(token) not in ("", ref.uid):
        return replace(checked, ok=False, sentence=f"{checked.sentence}, but {_NEW_ACCOUNT}")
    if checked.ok and just_ended:
        return replace(checked, sentence=checked.sentence + _REMEMBERED)
    return checked


async def _asked(http: Http, server: str, token: Secret, ref: AccountRef) -> Verification:
    """Ask who the token is; servers before 1.28 are asked for a right instead."""
    bearer = {"Authorization": Secret(f"Bearer {token.reveal()}")}
    words = Words()
    call = Call(
        "POST",
        server + path_of(*WHO_AM_I),
        "check the token",
        json=who_am_i(),
        headers=bearer,
        error_text=words,
    )
    try:
        answer = await http.read(call, attempts=1)
        name = wire.user(wire.Reply(call, answer)).name
    except (Forbidden, NotFound) as error:
        _raise_if_nobody(words, error)
        words = Words()
        body = may_i(MINT.attributes(ref.namespace))
        url = server + path_of(*MAY_I)
        call = Call("POST", url, "check the token", json=body, headers=bearer, error_text=words)
        try:
            answer = await http.read(call, attempts=1)
        except Forbidden as forbidden:
            _raise_if_nobody(words, forbidden)
            return Verification(True, f"the API server knows it as {words.user or 'somebody'}")
        return Verification(True, "the API server accepts it", answer.took, answer.clock_off)
    if name != ref.user_name:
        return Verification(False, f"the API server takes it for {name}, not {ref.user_name}")
    told = f"the API server accepts it as {name}"
    return Verification(True, told, answer.took, answer.clock_off)


def _raise_if_nobody(words: Words, error: ProviderError) -> None:
    told = words.told(error)
    if isinstance(told, NotSignedIn):
        raise told from None


def _token_of(issued: Issued) -> Secret | None:
    if issued.kind.form is not Form.KUBECONFIG:
        return issued.secret
    access = access_of(issued.secret)
    return access.token if access else None


def _other_audiences(token: Secret) -> str:
    """Give the audiences of a token that is for others than the server that issued it."""
    claims = jwt.claims(token.reveal()) or {}
    listed, issuer = claims.get("aud"), claims.get("iss")
    names = listed if isinstance(listed, list) else [listed] if isinstance(listed, str) else []
    if not names or issuer in names or any(_OWN in str(name) for name in names):
        return ""
    return ", ".join(str(name) for name in names)
