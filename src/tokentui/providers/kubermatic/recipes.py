"""How credentials of KKP are used: curl, kubectl, role bindings.

Sources: the swagger file of 2.31 and kubermatic/docs 1fb86c41, as of August 2026; Kubernetes'
documentation on role bindings.
"""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING

from tokentui.domain.recipe import Encoding, Part, Recipe, Slot, Syntax

if TYPE_CHECKING:
    from tokentui.providers.kubermatic.places import Place
    from tokentui.providers.kubermatic.settings import KubermaticSettings

GROUPS_NOTE = (
    "the account's group decides: a Viewer reads, an Editor also changes clusters and downloads "
    "kubeconfigs, a Project Manager makes accounts and tokens and is shut out of clusters"
)
_EDITORS = "the token's account must be an Editor: project managers are shut out of clusters"
_FULL_RIGHTS = "an admin kubeconfig is a cluster-admin's and never ends: keep it to yourself"
_AS_ADMIN = "apply it with the cluster's admin kubeconfig: a new account may do nothing"
_TOKEN_IN_SHELL = Slot(Part.TOKEN, Encoding.SHELL)
_NOT_IN_A_NAME = re.compile(r"[^a-z0-9-]+")


def token_recipes(settings: KubermaticSettings, project_id: str) -> tuple[Recipe, ...]:
    """Give the recipes of a project's token."""
    return (
        Recipe(
            "curl",
            "List the projects with curl",
            Syntax.SHELL,
            _curl(f"{settings.url}/api/v1/projects"),
            GROUPS_NOTE,
        ),
        Recipe(
            "header",
            "Header of a call",
            Syntax.TEXT,
            ("Authorization: Bearer ", Slot(Part.TOKEN), "\n"),
            f"never as ?token= in an address, which servers log; {GROUPS_NOTE}",
        ),
        Recipe(
            "cluster-role-binding",
            "Bind a cluster role to a cluster service account",
            Syntax.SHELL,
            _curl(
                f"{settings.url}/api/v2/projects/{project_id}/clusters/<cluster id>"
                "/clusterroles/view/clusterbindings",
                '{"serviceAccount": "<name>", "serviceAccountNamespace": "<namespace>"}',
            ),
            _EDITORS,
        ),
    )


def kubeconfig_recipes(name: str) -> tuple[Recipe, ...]:
    """Give the recipes of a cluster's kubeconfig."""
    binding = (
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\n"
        "metadata:\n  name: view-for-somebody\n"
        "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\n"
        "subjects:\n"
        '  - {apiGroup: rbac.authorization.k8s.io, kind: User, name: "<e-mail>"}\n',
    )
    title = "Give a person a role in the whole cluster"
    return (
        _kubectl(name, _FULL_RIGHTS),
        Recipe(
            "cluster-role-binding", title, Syntax.YAML, binding, "the person signs in with OIDC"
        ),
    )


def account_recipes(place: Place) -> tuple[Recipe, ...]:
    """Give the recipes of the kubeconfig of a cluster's service account."""
    name, namespace = json.dumps(place.account), json.dumps(place.namespace)
    binding = (
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata:\n"
        f"  name: {json.dumps(f'view-for-{_word(place.account)}')}\n  namespace: {namespace}\n"
        "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\n"
        f"subjects:\n  - {{kind: ServiceAccount, name: {name}, namespace: {namespace}}}\n",
    )
    title = "Give the account a role in its namespace"
    return (
        _kubectl(place.account, "it may do what the roles allow that are bound to the account"),
        Recipe("role-binding", title, Syntax.YAML, binding, _AS_ADMIN),
    )


def _curl(url: str, body: str = "") -> tuple[str | Slot, ...]:
    sent = f" --json {shlex.quote(body)}" if body else ""
    return (
        "printf 'Authorization: Bearer %s\\n' ",
        _TOKEN_IN_SHELL,
        f" |\n  curl --fail --header @-{sent} {shlex.quote(url)}\n",
    )


def _kubectl(name: str, note: str) -> Recipe:
    file = f"{_word(name)}.kubeconfig"
    pieces = (
        "(umask 077; set -C\nprintf '%s\\n' ",
        Slot(Part.SECRET, Encoding.SHELL),
        f" > {file}) &&\nkubectl --kubeconfig={file} get namespaces\n",
    )
    return Recipe("kubectl", "One command with kubectl", Syntax.SHELL, pieces, note)


def _word(name: str) -> str:
    """Give a name that Kubernetes and a shell take as it is."""
    return _NOT_IN_A_NAME.sub("-", name.lower()).strip("-")[:200] or "kkp"
