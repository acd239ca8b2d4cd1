"""What STACKIT is, what it makes and how one signs in: declarations only.

Sources: STACKIT's edge API description v1beta1 and service-account v2, read 2026-08-21.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tokentui.domain.about import About, Setting, SettingType, SignInMethod
from tokentui.domain.model import Ability, Form, Kind, KindKey, ProviderKey
from tokentui.providers.auth import SIGN_INS

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY = ProviderKey("stackit")
KEY_FLOW = "service-account-key"
INSTANCE_NOUN = "edge"

SHORTEST = timedelta(seconds=600)
LONGEST = timedelta(seconds=15_552_000)
PORTAL_DEFAULT = timedelta(minutes=10)

EDGE_URL = "https://edge.api.stackit.cloud"
TOKEN_URL = "https://service-account.api.stackit.cloud/token"  # noqa: S105  # an address
EDGE_KUBERNETES_URL = "https://{host}:6443"
"""An assumption: the description names no API server, and 6443 is Kubernetes' usual port."""

_ONLY_ITS_END = "STACKIT keeps no list of Edge credentials: it is valid until its end"
_CANNOT: Mapping[Ability, str] = {
    Ability.LIST: "STACKIT keeps no list of Edge credentials: the ledger is the only record",
    Ability.REVOKE: "STACKIT cannot revoke an Edge credential: it is valid until its end",
    Ability.REGENERATE: f"{_ONLY_ITS_END}; make another one",
    Ability.RENAME: "an Edge credential has no name at STACKIT",
    Ability.SWITCH: _ONLY_ITS_END,
    Ability.MOVE_END: f"{_ONLY_ITS_END}; make another one",
}
_ABILITIES = frozenset({Ability.VERIFY, Ability.TWO_AT_ONCE})

TOKEN = Kind(KindKey("token"), "Token", "edge token", Form.TOKEN, _ABILITIES, _CANNOT)
KUBECONFIG = Kind(
    KindKey("kubeconfig"), "Kubeconfig", "edge kubeconfig", Form.KUBECONFIG, _ABILITIES, _CANNOT
)

SETTINGS = (
    Setting("project_id", SettingType.TEXT, "UUID of the project; or set `projects`"),
    Setting("projects", SettingType.TEXT_MAP, "several projects, as name: UUID"),
    Setting("region", SettingType.TEXT, "region; or set `regions`", default="eu01"),
    Setting("regions", SettingType.TEXTS, "several regions"),
    Setting(
        "endpoints",
        SettingType.TEXT_MAP,
        "other addresses for `edge`, `token` and `edge_kubernetes`, the last with {host} or {id}",
    ),
)

SERVICE_ACCOUNT_KEY = SignInMethod(
    KEY_FLOW,
    "a service-account key file",
    (
        Setting("path", SettingType.PATH, "the key's JSON file", required=True),
        Setting("token_url", SettingType.URL, "token endpoint instead of the one in the file"),
    ),
)

ABOUT = About(
    key=KEY,
    title="STACKIT",
    instance_noun=INSTANCE_NOUN,
    settings=SETTINGS,
    sign_ins=(SERVICE_ACCOUNT_KEY, *SIGN_INS),
    kinds=(TOKEN, KUBECONFIG),
)
