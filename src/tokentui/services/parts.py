"""A credential just made, taken apart: what recipes and destinations need of it."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

from tokentui.domain.errors import DeliveryError
from tokentui.domain.kubeconfig import Origin, from_server, render
from tokentui.domain.model import Form, Instance, InstanceId
from tokentui.domain.recipe import Part
from tokentui.domain.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tokentui.domain.kubeconfig import Entry
    from tokentui.domain.model import Issued
    from tokentui.services.held import Held


def whole(issued: Issued) -> Secret:
    """Give all of it as one text: with a password its user name, a kubeconfig as YAML."""
    match issued.kind.form:
        case Form.KUBECONFIG:
            return render(kubeconfig_entry(issued))
        case Form.PASSWORD:
            return Secret(f"{issued.name}:{issued.secret.reveal()}")
        case Form.TOKEN | Form.KEY_FILE:
            return issued.secret


def parts_of(issued: Issued) -> Mapping[Part, Secret]:
    """Take it apart, as far as its form has parts; the authority is PEM text."""
    parts = {Part.SECRET: issued.secret}
    if issued.name:
        parts[Part.NAME] = Secret(issued.name)
    if issued.remote_id:
        parts[Part.ID] = Secret(issued.remote_id)
    match issued.kind.form:
        case Form.TOKEN:
            parts[Part.TOKEN] = issued.secret
        case Form.PASSWORD:
            parts[Part.BASIC] = whole(issued)
        case Form.KUBECONFIG:
            parts |= _of_kubeconfig(kubeconfig_entry(issued))
        case Form.KEY_FILE:
            pass
    return parts


def known_parts(of: Held | Issued) -> Mapping[Part, str]:
    """Give what is known of a credential without its secret."""
    parts = {Part.NAME: of.name, Part.ID: of.remote_id}
    return {part: text for part, text in parts.items() if text}


def kubeconfig_entry(issued: Issued) -> Entry:
    """Read a kubeconfig as its server answered it. Raises `DeliveryError` for other forms."""
    if issued.kind.form is not Form.KUBECONFIG:
        raise DeliveryError(
            f"a {issued.kind.noun} is no kubeconfig", "make a kubeconfig for this instance instead"
        )
    document: object = json.loads(issued.secret.reveal())
    return from_server(
        document,
        name=_entry_name(issued),
        origin=Origin(issued.target.profile, InstanceId(_opened(issued))),
    )


def _entry_name(issued: Issued) -> str:
    """Name an entry after its profile, its place, what it opens, and its role there if it has one.

    Names repeat between places and profiles, instances' too, and of two files in `KUBECONFIG`
    that name the same entry kubectl takes the first: the other's context then opens the first
    one's system without a word. No file knows the other one, so the name alone must differ.
    """
    target = issued.target
    words = (target.profile, target.scope, target.name, _role(issued))
    return "-".join(part for word in words for part in word.split())


def _opened(issued: Issued) -> str:
    """Give what an entry stands for: two roles at one instance stand side by side."""
    role = _role(issued)
    return f"{issued.target.id}/{role}" if role else issued.target.id


def _role(issued: Issued) -> str:
    """Give what an instance calls this one of its kubeconfigs, such as admin; empty: nothing."""
    return issued.name if isinstance(issued.target, Instance) else ""


def _of_kubeconfig(entry: Entry) -> dict[Part, Secret]:
    parts = {Part.SECRET: render(entry), Part.SERVER: Secret(entry.server)}
    if entry.authority:
        pem = base64.b64decode(entry.authority).decode("ascii", "replace")
        parts[Part.AUTHORITY] = Secret(pem)
    if entry.token is not None:
        parts[Part.TOKEN] = entry.token
    return parts
