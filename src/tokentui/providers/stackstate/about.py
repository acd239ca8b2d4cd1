"""What StackState is, what it makes and how one signs in: declarations only.

Sources: StackVista/stackstate-openapi 4d7c254 and StackVista/stackstate-cli e31157a, read
2026-08-21.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tokentui.domain.about import About, Setting, SettingType
from tokentui.domain.model import Ability, Form, Kind, KindKey, ProviderKey
from tokentui.providers.auth import SIGN_INS

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY = ProviderKey("stackstate")
INSTANCE_NOUN = "sts"
DEFAULT_API_PATH = "/api"

OWN_HEADERS = "X-API-Key"
AUTHORIZATION = "Authorization"
HEADERS = (OWN_HEADERS, AUTHORIZATION)

SERVICE_TOKEN = "service-token"  # noqa: S105  # a word, not a value
API_TOKEN = "api-token"  # noqa: S105  # a word, not a value
SERVICE_ACCOUNT = "service-account"
TOKEN_TYPES = (SERVICE_TOKEN, API_TOKEN, SERVICE_ACCOUNT)

ROLES = (
    "stackstate-admin",
    "stackstate-guest",
    "stackstate-k8s-admin",
    "stackstate-k8s-troubleshooter",
    "stackstate-power-user",
)
"""The roles that come with a server (StackVista/helm-charts 26b50b4, read 2026-08-21)."""

_ANOTHER = "make another one and delete this one"
_CANNOT: Mapping[Ability, str] = {
    Ability.RENAME: f"StackState cannot rename a service token: {_ANOTHER}",
    Ability.MOVE_END: f"StackState cannot move the end of a service token: {_ANOTHER}",
    Ability.SWITCH: "StackState cannot switch a service token off: it can only be deleted",
    Ability.REGENERATE: f"StackState cannot renew a service token in place: {_ANOTHER}",
}
_DEPRECATED = "ingestion API keys are deprecated, and newer servers have none"
_ABILITIES = frozenset({Ability.LIST, Ability.REVOKE, Ability.VERIFY, Ability.TWO_AT_ONCE})

TOKEN = Kind(
    KindKey("token"),
    "Service token",
    "service token",
    Form.TOKEN,
    _ABILITIES,
    _CANNOT,
    made_for=(INSTANCE_NOUN,),
)
INGESTION_TOKEN = Kind(
    KindKey("ingestion-token"),
    "Ingestion token",
    "ingestion token",
    Form.TOKEN,
    _ABILITIES,
    _CANNOT,
    made_for=(INSTANCE_NOUN,),
)
INGESTION_KEY = Kind(
    KindKey("ingestion-key"),
    "Ingestion API key",
    "ingestion key",
    Form.TOKEN,
    frozenset({Ability.LIST, Ability.REVOKE}),
    {
        ability: f"{_DEPRECATED}: make an ingestion token and delete this key"
        for ability in Ability
        if ability not in (Ability.LIST, Ability.REVOKE)
    },
    made_for=(INSTANCE_NOUN,),
)

SETTINGS = (
    Setting("url", SettingType.URL, "address of the server, as in the browser", required=True),
    Setting(
        "api_path", SettingType.TEXT, "path of the API below the address", default=DEFAULT_API_PATH
    ),
    Setting(
        "header",
        SettingType.TEXT,
        "header that carries the token: StackState's own, or the standard one",
        default=OWN_HEADERS,
        choices=HEADERS,
    ),
)

_TYPE = Setting(
    "type",
    SettingType.TEXT,
    "what the token is: a service token, a person's API token, or the JWT of a Kubernetes "
    "service account",
    default=SERVICE_TOKEN,
    choices=TOKEN_TYPES,
)

ABOUT = About(
    key=KEY,
    title="SUSE Observability (StackState)",
    instance_noun=INSTANCE_NOUN,
    settings=SETTINGS,
    sign_ins=tuple(replace(method, settings=(*method.settings, _TYPE)) for method in SIGN_INS),
    kinds=(TOKEN, INGESTION_TOKEN, INGESTION_KEY),
    no_accounts="tokens have their own roles",
)
