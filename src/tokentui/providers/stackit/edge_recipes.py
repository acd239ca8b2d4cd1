"""How Edge credentials are used: Edge UI, Argo CD, curl, kubectl.

Sources: STACKIT's page on signing in to the Edge UI with a cluster token, and Argo CD's
documentation on declarative cluster secrets, both read 2026-08-21.
"""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING

from tokentui.domain.recipe import Encoding, Part, Recipe, Slot, Syntax

if TYPE_CHECKING:
    from tokentui.domain.model import Instance

_ASSUMED = "the API server's address is assumed from the Edge UI's: check it in a kubeconfig"
_NO_FORBIDDEN = re.compile(r"[^a-z0-9-]+")


def token_recipes(instance: Instance, server: str) -> tuple[Recipe, ...]:
    """Give the recipes of a token; without a known server only the Edge UI's."""
    if not server:
        return (_edge_ui(instance),)
    argo = (
        *_argo_head(instance, json.dumps(server)),
        "  config: |\n    {",
        '"bearerToken": ',
        Slot(Part.TOKEN, Encoding.QUOTED),
        ', "tlsClientConfig": {"insecure": false}}\n',
    )
    without_ca = "add the authority of the API server as caData unless your system trusts it"
    return (
        _edge_ui(instance),
        Recipe("argocd", "Argo CD cluster Secret", Syntax.YAML, argo, f"{_ASSUMED}; {without_ca}"),
        Recipe(
            "curl",
            "One call with curl",
            Syntax.SHELL,
            (
                "printf 'Authorization: Bearer %s\\n' ",
                Slot(Part.TOKEN, Encoding.SHELL),
                f" |\n  curl --fail --header @- {shlex.quote(server + '/version')}\n",
            ),
            _ASSUMED,
        ),
        Recipe(
            "kubectl",
            "One command with kubectl",
            Syntax.SHELL,
            (
                f"kubectl --server={shlex.quote(server)} --token=",
                Slot(Part.TOKEN, Encoding.SHELL),
                " get nodes\n",
            ),
            f"{_ASSUMED}; others on this host see the token while the command runs",
        ),
    )


def kubeconfig_recipes(instance: Instance) -> tuple[Recipe, ...]:
    """Give the recipes of a kubeconfig, whose server and authority are its own."""
    argo = (
        *_argo_head(instance, Slot(Part.SERVER, Encoding.QUOTED)),
        "  config: |\n    {",
        '"bearerToken": ',
        Slot(Part.TOKEN, Encoding.QUOTED),
        ', "tlsClientConfig": {"insecure": false, "caData": "',
        Slot(Part.AUTHORITY, Encoding.BASE64),
        '"}}\n',
    )
    curl = (
        "printf %s '",
        Slot(Part.AUTHORITY, Encoding.BASE64),
        "' | base64 -d > ca.pem &&\n",
        "printf 'Authorization: Bearer %s\\n' ",
        Slot(Part.TOKEN, Encoding.SHELL),
        " |\n  curl --fail --header @- --cacert ca.pem ",
        Slot(Part.SERVER, Encoding.SHELL),
        "/version\n",
    )
    kubectl = (
        "(umask 077; set -C\nprintf '%s\\n' ",
        Slot(Part.SECRET, Encoding.SHELL),
        f" > {_word(instance)}.kubeconfig) &&\n",
        f"kubectl --kubeconfig={_word(instance)}.kubeconfig get nodes\n",
    )
    return (
        Recipe("argocd", "Argo CD cluster Secret", Syntax.YAML, argo),
        Recipe("curl", "One call with curl", Syntax.SHELL, curl),
        Recipe("kubectl", "One command with kubectl", Syntax.SHELL, kubectl),
    )


def _edge_ui(instance: Instance) -> Recipe:
    where = instance.ui_url or "the Edge UI, from the portal's menu Go to Edge UI"
    return Recipe(
        "edge-ui",
        "Sign in to the Edge UI",
        Syntax.TEXT,
        (f"Open {where}\nPaste this into the field Cluster Token:\n", Slot(Part.TOKEN), "\n"),
    )


def _argo_head(instance: Instance, server: str | Slot) -> tuple[str | Slot, ...]:
    word = _word(instance)
    return (
        "apiVersion: v1\nkind: Secret\nmetadata:\n"
        f"  name: cluster-{word}\n  namespace: argocd\n"
        "  labels:\n    argocd.argoproj.io/secret-type: cluster\n"
        f"type: Opaque\nstringData:\n  name: {json.dumps(word)}\n  server: ",
        server,
        "\n",
    )


def _word(instance: Instance) -> str:
    """Give a name that Kubernetes, YAML and a shell take as it is."""
    word = _NO_FORBIDDEN.sub("-", instance.native_id.lower()).strip("-")
    return word or "edge"
