"""What Cloudfleet is, what it makes and how one signs in: declarations only.

Sources: cloudfleet.ai/docs/organization/api-tokens and .../reference/api-reference, the vendor's
repository cloudfleetai/cloudfleet-plugin-claude 94912b0; read 2026-08-21.
"""

from __future__ import annotations

from tokentui.domain.about import About, Setting, SettingType
from tokentui.domain.model import Ability, Form, Kind, KindKey, ProviderKey
from tokentui.providers.auth import SIGN_INS

KEY = ProviderKey("cloudfleet")
ORGANIZATION = "organization"
CLUSTER = "CFKE cluster"
DEFAULT_URL = "https://api.cloudfleet.ai/v1"
CONSOLE_URL = "https://console.cloudfleet.ai"

ADMINISTRATOR = "Administrator"
USER = "User"
ROLES = (USER, ADMINISTRATOR)
"""The roles, spelled as the vendor does; the first is the one with fewer rights."""

CLIENT_CREDENTIALS = "client_credentials"
BEARER = "bearer"
BASIC = "basic"
AUTH_MODES = (CLIENT_CREDENTIALS, BEARER, BASIC)
POST = "post"
CLIENT_AUTHS = (POST, BASIC)

API_TOKEN = Kind(
    KindKey("api-token"),
    "API token",
    "API token",
    Form.TOKEN,
    frozenset(
        {
            Ability.LIST,
            Ability.VERIFY,
            Ability.RENAME,
            Ability.REGENERATE,
            Ability.REVOKE,
            Ability.TWO_AT_ONCE,
        }
    ),
    {
        Ability.MOVE_END: "an API token of Cloudfleet never ends: delete it when it is done",
        Ability.SWITCH: "Cloudfleet cannot switch an API token off: it can only be deleted",
    },
    made_for=(ORGANIZATION,),
    needs={Ability.RENAME: "wire.update_token"},
)

SETTINGS = (
    Setting("organization_id", SettingType.TEXT, "id of the organization, a UUID", required=True),
    Setting("url", SettingType.URL, "address of the API, with its version", default=DEFAULT_URL),
    Setting(
        "auth_mode",
        SettingType.TEXT,
        "what `auth` gives: the secret of an API token that is exchanged for a JWT "
        "(client_credentials) or sent with each call (basic), or a JWT itself (bearer)",
        default=CLIENT_CREDENTIALS,
        choices=AUTH_MODES,
    ),
    Setting(
        "token_url",
        SettingType.TEXT,
        "address where id and secret are exchanged for a JWT, {organization_id} is filled in; "
        "needed for client_credentials, and not documented: ask Cloudfleet for it",
    ),
    Setting(
        "token_id",
        SettingType.TEXT,
        "id of the API token that is signed in with; not needed for bearer",
    ),
    Setting(
        "client_auth",
        SettingType.TEXT,
        "how id and secret are sent to token_url: in the form (post) or in a header (basic)",
        default=POST,
        choices=CLIENT_AUTHS,
    ),
    Setting("scope", SettingType.TEXT, "scope to ask token_url for"),
    Setting("audience", SettingType.TEXT, "audience to ask token_url for"),
    Setting(
        "wire",
        SettingType.TEXT_MAP,
        "other requests and field names than the ones shipped, which are inferred",
    ),
)

ABOUT = About(
    key=KEY,
    title="Cloudfleet",
    instance_noun=ORGANIZATION,
    settings=SETTINGS,
    sign_ins=SIGN_INS,
    kinds=(API_TOKEN,),
    no_accounts="API tokens have roles of their own, and people sign in by single sign-on",
    caution=(
        "its requests, field names and sign-in are inferred, not confirmed by the vendor's "
        "documentation; each can be overridden in the profile, under `wire`, `auth_mode` and "
        "`token_url`"
    ),
)
