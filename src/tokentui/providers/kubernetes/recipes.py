"""How a service account's token is used, and what gives the account its rights.

Sources: kubernetes.io "Using RBAC Authorization" and "Organizing Cluster Access Using kubeconfig
Files", Argo CD's page on declarative cluster Secrets, the manuals of `gh secret set` and
`glab variable set`; read 2026-08-21.
"""

from __future__ import annotations

import base64
import json
import shlex
from typing import TYPE_CHECKING

from tokentui.domain.recipe import Encoding, Part, Recipe, Slot, Syntax
from tokentui.domain.text import clean
from tokentui.providers.kubernetes import about

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokentui.domain.model import Kind
    from tokentui.providers.kubernetes.access import Cluster
    from tokentui.providers.kubernetes.ids import AccountRef

Pieces = tuple[str | Slot, ...]

_IN_SHELL = Slot(Part.TOKEN, Encoding.SHELL)
_IN_QUOTES = Slot(Part.TOKEN, Encoding.QUOTED)
_NARROWER = "view, edit and admin are roles that every cluster has: take the least that will do"
_SHORT = "the token has an end: Argo CD loses the cluster then"


def recipes_for(kind: Kind, cluster: Cluster, ref: AccountRef) -> tuple[Recipe, ...]:
    """Give the texts for a kind, and for the account's rights."""
    rights = (_role_binding(ref), _cluster_role_binding(ref))
    if kind == about.ACCOUNT_KUBECONFIG:
        return (_kubeconfig(ref), *rights)
    if kind == about.SECRET_TOKEN:
        return rights
    return (_curl(cluster), _kubectl(cluster), _argocd(cluster, ref), *_ci(), *rights)


def _curl(cluster: Cluster) -> Recipe:
    pieces: Pieces = (
        *_authority_file(cluster),
        "printf 'Authorization: Bearer %s\\n' ",
        _IN_SHELL,
        f" |\n  curl --fail --header @- {_authority_flag(cluster, '--cacert')}"
        f"{shlex.quote(cluster.server + '/api')}\n",
    )
    return Recipe("curl", "One call with curl", Syntax.SHELL, pieces)


def _kubectl(cluster: Cluster) -> Recipe:
    pieces: Pieces = (
        *_authority_file(cluster),
        f"kubectl --server={shlex.quote(cluster.server)} "
        f"{_authority_flag(cluster, '--certificate-authority')}{_name_flag(cluster)}--token=",
        _IN_SHELL,
        " auth whoami\n",
    )
    note = "others on this host see the token while the command runs; a kubeconfig is safer"
    return Recipe("kubectl", "One command with kubectl", Syntax.SHELL, pieces, note)


def _kubeconfig(ref: AccountRef) -> Recipe:
    file = f"{ref.namespace}-{ref.name}.kubeconfig"
    pieces: Pieces = (
        "(umask 077; set -C\nprintf '%s\\n' ",
        Slot(Part.SECRET, Encoding.SHELL),
        f" > {file}) &&\nkubectl --kubeconfig={file} auth whoami\n",
    )
    return Recipe("kubeconfig", "One command with this kubeconfig", Syntax.SHELL, pieces)


def _argocd(cluster: Cluster, ref: AccountRef) -> Recipe:
    tls: dict[str, object] = {"insecure": False}
    if cluster.authorities:
        tls["caData"] = _encoded(cluster.authorities)
    if cluster.server_name:
        tls["serverName"] = cluster.server_name
    name = json.dumps(f"{clean(cluster.name, 80)}-{ref.namespace}-{ref.name}")
    pieces: Pieces = (
        "apiVersion: v1\nkind: Secret\nmetadata:\n"
        f"  name: cluster-{ref.namespace}-{ref.name}\n  namespace: argocd\n"
        "  labels:\n    argocd.argoproj.io/secret-type: cluster\n"
        f"type: Opaque\nstringData:\n  name: {name}\n  server: {json.dumps(cluster.server)}\n"
        '  config: |\n    {"bearerToken": ',
        _IN_QUOTES,
        f', "tlsClientConfig": {json.dumps(tls)}}}\n',
    )
    return Recipe("argocd", "Argo CD cluster Secret", Syntax.YAML, pieces, _SHORT)


def _ci() -> Sequence[Recipe]:
    return (
        _variable("github", "CI variable of GitHub", "gh secret set KUBE_TOKEN"),
        _variable(
            "gitlab", "CI variable of GitLab", "glab variable set KUBE_TOKEN --masked --protected"
        ),
    )


def _variable(key: str, title: str, command: str) -> Recipe:
    return Recipe(key, title, Syntax.SHELL, ("printf '%s' ", _IN_SHELL, f" |\n  {command}\n"))


def _role_binding(ref: AccountRef) -> Recipe:
    text = (
        f"{_binding_head('RoleBinding', f'{ref.name}-edit')}"
        f"  namespace: {json.dumps(ref.namespace)}\n{_binding_rest(ref, 'edit')}"
    )
    title = "Rights inside its namespace: RoleBinding"
    return Recipe("role-binding", title, Syntax.YAML, (text,), _NARROWER)


def _cluster_role_binding(ref: AccountRef) -> Recipe:
    name = f"{ref.namespace}-{ref.name}-view"
    text = f"{_binding_head('ClusterRoleBinding', name)}{_binding_rest(ref, 'view')}"
    title = "Rights in all namespaces: ClusterRoleBinding"
    return Recipe("cluster-role-binding", title, Syntax.YAML, (text,), _NARROWER)


def _binding_head(kind: str, name: str) -> str:
    return (
        f"apiVersion: rbac.authorization.k8s.io/v1\nkind: {kind}\n"
        f"metadata:\n  name: {json.dumps(name)}\n"
    )


def _binding_rest(ref: AccountRef, role: str) -> str:
    return (
        "subjects:\n  - kind: ServiceAccount\n"
        f"    name: {json.dumps(ref.name)}\n    namespace: {json.dumps(ref.namespace)}\n"
        f"roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: ClusterRole\n  name: {role}\n"
    )


def _authority_file(cluster: Cluster) -> Sequence[str]:
    """Write the cluster's authority, which is no secret, to a new file for the command after it."""
    if not cluster.authorities:
        return ()
    encoded = shlex.quote(_encoded(cluster.authorities))
    return (f"(set -C; printf %s {encoded} | base64 -d > ca.pem) &&\n",)


def _authority_flag(cluster: Cluster, flag: str) -> str:
    return f"{flag}=ca.pem " if cluster.authorities else ""


def _name_flag(cluster: Cluster) -> str:
    """Name the server in whose name its certificate is, where that is another than its host."""
    name = cluster.server_name
    return f"--tls-server-name={shlex.quote(name)} " if name else ""


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
