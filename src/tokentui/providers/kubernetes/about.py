"""What a Kubernetes cluster is, what is made there and how one signs in: declarations only.

Sources: kubernetes/kubernetes 0411cc70 (pkg/registry/core/serviceaccount/storage/token.go),
kubernetes/api 10b39a39, and a kube-apiserver v1.20.2, measured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.domain.about import About, AccountKind, Setting, SettingType, SignInMethod
from tokentui.domain.account import AccountAbility
from tokentui.domain.model import Ability, Form, Kind, KindKey, ProviderKey

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY = ProviderKey("kubernetes")
INSTANCE_NOUN = "Kubernetes cluster"
ACCOUNT_NOUN = "service account"
KUBECONFIG = "kubeconfig"
BINDABLE = ("secret", "pod")
"""Kinds of objects that a token can be bound to on servers of any age, in lower case."""

_ANOTHER = "make another one"
_FIXED: Mapping[Ability, str] = {
    Ability.RENAME: f"Kubernetes cannot rename a token: {_ANOTHER}",
    Ability.MOVE_END: f"Kubernetes cannot move the end of a token: {_ANOTHER}",
    Ability.SWITCH: "Kubernetes cannot switch a token off: it is valid or it is over",
    Ability.REGENERATE: f"Kubernetes cannot renew a token in place: {_ANOTHER}",
}
_UNLISTED: Mapping[Ability, str] = {
    **_FIXED,
    Ability.LIST: "Kubernetes keeps no list of requested tokens: the ledger is the only record",
    Ability.REVOKE: "it ends only with its account or bound object",
}
_LIVES_ALONE = frozenset({Ability.VERIFY, Ability.TWO_AT_ONCE})
_ANCHORED = _LIVES_ALONE | {Ability.LIST, Ability.REVOKE}

TOKEN = Kind(
    KindKey("token"),
    "Token",
    "k8s token",
    Form.TOKEN,
    _LIVES_ALONE,
    _UNLISTED,
    made_for=(ACCOUNT_NOUN,),
)
REVOCABLE_TOKEN = Kind(
    KindKey("revocable-token"),
    "Revocable token",
    "k8s revocable token",
    Form.TOKEN,
    _ANCHORED,
    _FIXED,
    end_verb="revoke",
    made_for=(ACCOUNT_NOUN,),
)
SECRET_TOKEN = Kind(
    KindKey("secret-token"),
    "Secret token",
    "k8s secret token",
    Form.TOKEN,
    frozenset({Ability.LIST, Ability.REVOKE}),
    {
        **_FIXED,
        Ability.VERIFY: "its value stays in its Secret: tokentui never reads it",
        Ability.TWO_AT_ONCE: "tokens that never end are not made here: make a revocable token",
    },
    made_for=(ACCOUNT_NOUN,),
)
ACCOUNT_KUBECONFIG = Kind(
    KindKey("kubeconfig"),
    "Kubeconfig",
    "k8s kubeconfig",
    Form.KUBECONFIG,
    _LIVES_ALONE,
    _UNLISTED,
    made_for=(ACCOUNT_NOUN,),
)
KINDS = (TOKEN, REVOCABLE_TOKEN, SECRET_TOKEN, ACCOUNT_KUBECONFIG)

SERVICE_ACCOUNT = AccountKind(
    ACCOUNT_NOUN,
    frozenset({AccountAbility.CREATE, AccountAbility.DELETE}),
    {
        AccountAbility.RENAME: "Kubernetes cannot rename a service account: make another one",
        AccountAbility.REGROUP: "RoleBindings give a service account its rights, by its name: "
        "change those; how to use it has texts for them",
    },
)

SETTINGS = (
    Setting("context", SettingType.TEXT, "context of the kubeconfig, if not its current one"),
    Setting(
        "kubeconfig",
        SettingType.PATH,
        "the kubeconfig; without it those in $KUBECONFIG, else ~/.kube/config",
    ),
    Setting(
        "namespaces",
        SettingType.TEXTS,
        "namespaces to show; without it all, or the context's where they cannot be listed",
    ),
    Setting(
        "exec_allowed",
        SettingType.TEXT,
        "the mark of the sign-in program that may be run; the error that refuses it names it",
    ),
)

ABOUT = About(
    key=KEY,
    title="Kubernetes",
    instance_noun=INSTANCE_NOUN,
    settings=SETTINGS,
    sign_ins=(SignInMethod(KUBECONFIG, "the user of a kubeconfig's context", ()),),
    kinds=KINDS,
    account_kinds=(SERVICE_ACCOUNT,),
)
