"""What KKP is, what it makes and how one signs in: declarations only.

Sources: kubermatic/dashboard c996f110 and the release branches' swagger files 2.12 to 2.31, as of
August 2026.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.domain.about import About, AccountKind, Setting, SettingType
from tokentui.domain.account import AccountAbility
from tokentui.domain.model import Ability, Form, Kind, KindKey, ProviderKey
from tokentui.providers.auth import SIGN_INS

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY = ProviderKey("kubermatic")
CLUSTER_NOUN = "KKP cluster"
ACCOUNT_NOUN = "service account"
CLUSTER_ACCOUNT_NOUN = "cluster service account"

PRESETS: Mapping[str, str] = {"imke": "https://imke.cloud"}

GROUPS: Mapping[str, str] = {
    "viewers": "Viewer",
    "editors": "Editor",
    "projectmanagers": "Project Manager",
}
"""The groups that a service account can be in, with the words of KKP's portal."""

_ANOTHER = "make another one and delete this one"
_AFTER_REVOKING = "revoke it, then download the one that KKP puts in its place"
_WITH_ACCOUNT = "delete its cluster service account and make a new one"

TOKEN = Kind(
    KindKey("token"),
    "Token",
    "project token",
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
        Ability.MOVE_END: "KKP ends every token after three years: regenerate it for three more",
        Ability.SWITCH: "KKP cannot switch a token off: it can only be deleted",
    },
    made_for=(ACCOUNT_NOUN,),
)
KUBECONFIG = Kind(
    KindKey("kubeconfig"),
    "Kubeconfig",
    "cluster kubeconfig",
    Form.KUBECONFIG,
    frozenset({Ability.LIST, Ability.VERIFY, Ability.REVOKE}),
    {
        Ability.RENAME: "KKP's kubeconfigs have no names, a cluster has one for each role",
        Ability.MOVE_END: "a kubeconfig of KKP never ends: it can only be revoked",
        Ability.SWITCH: "KKP cannot switch a kubeconfig off: it can only be revoked",
        Ability.REGENERATE: f"KKP renews no kubeconfig in place: {_AFTER_REVOKING}",
        Ability.TWO_AT_ONCE: "a cluster has one for each role, and every download is a copy of it",
    },
    end_verb="revoke",
    made_for=(CLUSTER_NOUN,),
    shared=True,
)
ACCOUNT_KUBECONFIG = Kind(
    KindKey("service-account-kubeconfig"),
    "Service account kubeconfig",
    "account kubeconfig",
    Form.KUBECONFIG,
    frozenset({Ability.LIST, Ability.VERIFY}),
    {
        Ability.RENAME: "its name is that of its cluster service account",
        Ability.MOVE_END: f"it never ends: {_WITH_ACCOUNT}",
        Ability.SWITCH: f"KKP cannot switch it off: {_WITH_ACCOUNT}",
        Ability.REGENERATE: f"KKP cannot renew it: {_WITH_ACCOUNT}",
        Ability.REVOKE: f"KKP cannot revoke it alone: {_WITH_ACCOUNT}",
        Ability.TWO_AT_ONCE: "an account has one, and every download is a copy of it",
    },
    made_for=(CLUSTER_ACCOUNT_NOUN,),
    shared=True,
)

SETTINGS = (
    Setting(
        "preset",
        SettingType.TEXT,
        f"a known installation: imke is iMKE at {PRESETS['imke']}",
        choices=tuple(PRESETS),
    ),
    Setting("url", SettingType.URL, "address of the installation; goes before the preset's"),
    Setting("projects", SettingType.TEXTS, "ids or names of projects; without it, all"),
)

SERVICE_ACCOUNT = AccountKind(
    ACCOUNT_NOUN,
    frozenset(AccountAbility),
    group_label="group",
)
CLUSTER_SERVICE_ACCOUNT = AccountKind(
    CLUSTER_ACCOUNT_NOUN,
    frozenset({AccountAbility.CREATE, AccountAbility.DELETE}),
    {
        AccountAbility.RENAME: f"Kubernetes cannot rename a service account: {_ANOTHER}",
        AccountAbility.REGROUP: "its rights are role bindings in the cluster: bind a role there",
    },
)

ABOUT = About(
    key=KEY,
    title="Kubermatic (KKP, iMKE)",
    instance_noun=CLUSTER_NOUN,
    settings=SETTINGS,
    sign_ins=SIGN_INS,
    kinds=(TOKEN, KUBECONFIG, ACCOUNT_KUBECONFIG),
    account_kinds=(SERVICE_ACCOUNT, CLUSTER_SERVICE_ACCOUNT),
    caution="it was built from KKP's published source code and descriptions, and never tried "
    "against a live iMKE",
)
