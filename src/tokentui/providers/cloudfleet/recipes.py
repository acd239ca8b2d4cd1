"""How to use an API token where it goes.

Sources: cloudfleet.ai/docs/organization/api-tokens and .../container-registry/authentication, and
cloudfleetai/cloudfleet-plugin-claude 94912b0 for the command line; read 2026-08-21.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from tokentui.domain.recipe import Encoding, Part, Recipe, Slot, Syntax
from tokentui.providers.cloudfleet import about
from tokentui.providers.cloudfleet.api import organization_call
from tokentui.providers.cloudfleet.registry_hosts import REGIONS, host_in
from tokentui.providers.cloudfleet.tokens import USER_PREFIX

if TYPE_CHECKING:
    from tokentui.providers.cloudfleet.settings import CloudfleetSettings

_ID = Slot(Part.ID, Encoding.SHELL)
_SECRET = Slot(Part.TOKEN, Encoding.SHELL)
_ID_IN_URL = Slot(Part.ID, Encoding.URL)
_SECRET_IN_URL = Slot(Part.TOKEN, Encoding.URL)
_LOWER_ID = Slot(Part.ID, Encoding.LOWER)

_CURL = "curl --fail --silent --show-error"
_AS_HEADER = "  jq --raw-output '\"Authorization: Bearer \" + .access_token' |\n"

_ROLES_NOTE = (
    "by its role alone an Administrator is cluster-admin on every cluster of the organization and "
    "a User may view: bind only what a User needs beside that; the id is in lower case here, and "
    "nowhere else"
)
_CLI_NOTE = (
    "the command takes the secret as an argument, so it is in the process list while it runs and "
    "in the shell's history, unless that leaves out what begins with a blank"
)
_CURL_NOTE = "needs jq; a JWT lives for minutes, so get a new one for each run"
_REGISTRY_NOTE = (
    f"put {', '.join(REGIONS[:-1])} or {REGIONS[-1]} in place of <region>; an Administrator may "
    "push, a User may pull; that id and secret are user name and password is inferred"
)


def recipes_for(settings: CloudfleetSettings) -> tuple[Recipe, ...]:
    """Give the texts for an API token of the organization."""
    return (
        _cli_profile(settings),
        *_curl(settings),
        _kubernetes_user(),
        _role_binding(),
        _cluster_role_binding(),
        _registry_login(settings),
    )


def _cli_profile(settings: CloudfleetSettings) -> Recipe:
    pieces = (
        " cloudfleet auth add-profile token ",
        Slot(Part.NAME, Encoding.SHELL),
        f" {shlex.quote(settings.organization_id)} ",
        _ID,
        " ",
        _SECRET,
        "\n",
    )
    return Recipe("cli-profile", "profile of the CLI", Syntax.SHELL, pieces, _CLI_NOTE)


def _curl(settings: CloudfleetSettings) -> tuple[Recipe, ...]:
    """Give a call of the API in the way in which the profile signs in; nothing if none is known."""
    if settings.auth_mode == about.BASIC:
        pieces: tuple[str | Slot, ...] = (
            "printf '%s:%s' ",
            _ID,
            " ",
            _SECRET,
            " |\n  base64 | tr -d '\\n' | sed 's/^/Authorization: Basic /' |\n",
            _call(settings),
        )
        return (Recipe("curl", "curl with id and secret", Syntax.SHELL, pieces),)
    if not settings.token_url:
        return ()
    pieces = (*_exchange(settings), _AS_HEADER, _call(settings))
    title = "curl with client credentials"
    return (Recipe("curl", title, Syntax.SHELL, pieces, _CURL_NOTE),)


def _exchange(settings: CloudfleetSettings) -> tuple[str | Slot, ...]:
    """Send id and secret to the token endpoint, percent-encoded in both ways."""
    asked = {"scope": settings.scope, "audience": settings.audience}
    form = urlencode({"grant_type": "client_credentials"} | {k: v for k, v in asked.items() if v})
    if settings.client_auth == about.BASIC:
        pair: tuple[str | Slot, ...] = (
            "printf 'user = \"%s:%s\"\\n' '",
            _ID_IN_URL,
            "' '",
            _SECRET_IN_URL,
            f"' |\n  {_CURL} --config - --data {shlex.quote(form)}",
        )
    else:
        pair = (
            f"printf %s '{form}&client_id=",
            _ID_IN_URL,
            "&client_secret=",
            _SECRET_IN_URL,
            f"' |\n  {_CURL} --data @-",
        )
    return (*pair, f" {shlex.quote(settings.token_url)} |\n")


def _call(settings: CloudfleetSettings) -> str:
    """Read the organization with the header that comes from the command before."""
    call = organization_call(settings)
    method = "" if call.method == "GET" else f" --request {call.method}"
    return f"  {_CURL}{method} --header @- {shlex.quote(call.url)}\n"


def _kubernetes_user() -> Recipe:
    pieces = (USER_PREFIX, _LOWER_ID, "\n")
    return Recipe("kubernetes-user", "Kubernetes user name", Syntax.TEXT, pieces, _ROLES_NOTE)


def _role_binding() -> Recipe:
    pieces = (*_binding("RoleBinding", '  namespace: "<namespace>"\n'), *_subject())
    return Recipe("role-binding", "RoleBinding", Syntax.YAML, pieces, _ROLES_NOTE)


def _cluster_role_binding() -> Recipe:
    pieces = (*_binding("ClusterRoleBinding", ""), *_subject())
    return Recipe("cluster-role-binding", "ClusterRoleBinding", Syntax.YAML, pieces, _ROLES_NOTE)


def _binding(kind: str, namespace: str) -> tuple[str | Slot, ...]:
    return (
        f"apiVersion: rbac.authorization.k8s.io/v1\nkind: {kind}\n"
        f'metadata:\n  name: "{USER_PREFIX}',
        _LOWER_ID,
        f'-edit"\n{namespace}'
        "roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: ClusterRole\n  name: edit\n",
    )


def _subject() -> tuple[str | Slot, ...]:
    return (
        "subjects:\n  - apiGroup: rbac.authorization.k8s.io\n    kind: User\n"
        f'    name: "{USER_PREFIX}',
        _LOWER_ID,
        '"\n',
    )


def _registry_login(settings: CloudfleetSettings) -> Recipe:
    host = shlex.quote(host_in("<region>", settings.organization_id))
    pieces = (
        "printf %s ",
        _SECRET,
        " |\n  docker login --username ",
        _ID,
        f" --password-stdin {host}\n",
    )
    title = "login to the container registry"
    return Recipe("registry-login", title, Syntax.SHELL, pieces, _REGISTRY_NOTE)
