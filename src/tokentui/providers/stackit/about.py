"""What STACKIT is and how one signs in: declarations only.

Sources: the API descriptions edge v1beta1, observability v1, service-account v2 and
resource-manager v2, read 2026-08-21.
"""

from __future__ import annotations

from tokentui.domain.about import About, Setting, SettingType, SignInMethod
from tokentui.providers.auth import SIGN_INS
from tokentui.providers.stackit.kinds import KEY, KINDS, SERVICE_ACCOUNT

KEY_FLOW = "service-account-key"
CLI_SESSION = "stackit-cli"
WORKLOAD_IDENTITY = "workload-identity"

EDGE = "edge"
OBSERVABILITY = "observability"
SERVICE_ACCOUNTS = "service-accounts"
SERVICES = (EDGE, OBSERVABILITY, SERVICE_ACCOUNTS)

SETTINGS = (
    Setting("project_id", SettingType.TEXT, "UUID of the project; or set `projects`"),
    Setting("projects", SettingType.TEXT_MAP, "several projects, as name: UUID"),
    Setting("region", SettingType.TEXT, "region; or set `regions`", default="eu01"),
    Setting("regions", SettingType.TEXTS, "several regions"),
    Setting(
        "services",
        SettingType.TEXTS,
        "which of STACKIT's services to show",
        default=SERVICES,
        choices=SERVICES,
    ),
    Setting(
        "legacy_tokens",
        SettingType.FLAG,
        "manage access tokens of service accounts too, which STACKIT has retired",
        default=False,
    ),
    Setting(
        "endpoints",
        SettingType.TEXT_MAP,
        "other addresses for `edge`, `observability`, `service_account`, `resource_manager`, "
        "`token`, `identity_provider` (the last two whole, as https://host/path) and "
        "`edge_kubernetes` with {host} or {id}",
    ),
)

SIGN_IN_BY_KEY = SignInMethod(
    KEY_FLOW,
    "a service-account key file",
    (
        Setting("path", SettingType.PATH, "the key's JSON file", required=True),
        Setting("token_url", SettingType.URL, "token endpoint instead of the one in the file"),
    ),
)
SIGN_IN_BY_CLI = SignInMethod(
    CLI_SESSION,
    "the session of the command `stackit`",
    (
        Setting("cli_profile", SettingType.TEXT, "profile of the command, if not its active one"),
        Setting("timeout", SettingType.SECONDS, "longest run of the command", default=20.0),
    ),
)
SIGN_IN_BY_WORKLOAD = SignInMethod(
    WORKLOAD_IDENTITY,
    "a workload's token file, federated with a service account",
    (
        Setting("path", SettingType.PATH, "file with the workload's token", required=True),
        Setting("email", SettingType.TEXT, "e-mail of the service account", required=True),
    ),
)

ABOUT = About(
    key=KEY,
    title="STACKIT",
    instance_noun="instance",
    settings=SETTINGS,
    sign_ins=(SIGN_IN_BY_KEY, SIGN_IN_BY_CLI, SIGN_IN_BY_WORKLOAD, *SIGN_INS),
    kinds=KINDS,
    account_kinds=(SERVICE_ACCOUNT,),
)
