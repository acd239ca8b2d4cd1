"""The kinds of credentials and accounts that STACKIT has, and what can be done with them.

Sources: the API descriptions edge v1beta1, observability v1 and service-account v2, read
2026-08-21.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.domain.about import AccountKind
from tokentui.domain.account import AccountAbility
from tokentui.domain.model import Ability, Form, Kind, KindKey, ProviderKey

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY = ProviderKey("stackit")
EDGE_NOUN = "edge"
OBSERVABILITY_NOUN = "obs"
ACCOUNT_NOUN = "service account"

_ONLY_ITS_END = "STACKIT keeps no list of Edge credentials: it is valid until its end"
_EDGE_CANNOT: Mapping[Ability, str] = {
    Ability.LIST: "STACKIT keeps no list of Edge credentials: the ledger is the only record",
    Ability.REVOKE: "STACKIT cannot revoke an Edge credential: it is valid until its end",
    Ability.REGENERATE: f"{_ONLY_ITS_END}; make another one",
    Ability.RENAME: "an Edge credential has no name at STACKIT",
    Ability.SWITCH: _ONLY_ITS_END,
    Ability.MOVE_END: f"{_ONLY_ITS_END}; make another one",
}
_EDGE_ABILITIES = frozenset({Ability.VERIFY, Ability.TWO_AT_ONCE})

EDGE_TOKEN = Kind(
    KindKey("token"),
    "Token",
    "edge token",
    Form.TOKEN,
    _EDGE_ABILITIES,
    _EDGE_CANNOT,
    made_for=(EDGE_NOUN,),
)
EDGE_KUBECONFIG = Kind(
    KindKey("kubeconfig"),
    "Kubeconfig",
    "edge kubeconfig",
    Form.KUBECONFIG,
    _EDGE_ABILITIES,
    _EDGE_CANNOT,
    made_for=(EDGE_NOUN,),
)

_NEW_THEN_DELETE = "make a new one, put it where this one is used, then delete this one"
USER = Kind(
    KindKey("user"),
    "Technical user",
    "obs user",
    Form.PASSWORD,
    frozenset({Ability.LIST, Ability.VERIFY, Ability.REVOKE, Ability.TWO_AT_ONCE}),
    {
        Ability.RENAME: "STACKIT makes the name of a technical user and keeps it",
        Ability.MOVE_END: "a technical user never ends: delete it when it is not needed",
        Ability.SWITCH: "STACKIT cannot switch a technical user off: it can only be deleted",
        Ability.REGENERATE: f"STACKIT cannot change its password: {_NEW_THEN_DELETE}",
    },
    end_verb="delete",
    made_for=(OBSERVABILITY_NOUN,),
)
SERVICE_ACCOUNT_KEY = Kind(
    KindKey("key"),
    "Service account key",
    "sa key",
    Form.KEY_FILE,
    frozenset(
        {
            Ability.LIST,
            Ability.VERIFY,
            Ability.REVOKE,
            Ability.SWITCH,
            Ability.MOVE_END,
            Ability.TWO_AT_ONCE,
        }
    ),
    {
        Ability.RENAME: "a key has no name at STACKIT, only an id",
        Ability.REGENERATE: f"STACKIT cannot change a key: {_NEW_THEN_DELETE}",
    },
    end_verb="delete",
    made_for=(ACCOUNT_NOUN,),
)
_ITS_TIME = "the time of an access token is fixed when it is made: make another one"
ACCESS_TOKEN = Kind(
    KindKey("access-token"),
    "Access token (retired)",
    "sa token",
    Form.TOKEN,
    frozenset({Ability.LIST, Ability.VERIFY, Ability.REVOKE, Ability.TWO_AT_ONCE}),
    {
        Ability.RENAME: "an access token has no name at STACKIT, only an id",
        Ability.MOVE_END: _ITS_TIME,
        Ability.SWITCH: "STACKIT cannot switch an access token off for a while: only revoke it",
        Ability.REGENERATE: _ITS_TIME,
    },
    end_verb="revoke",
    made_for=(ACCOUNT_NOUN,),
)
KINDS = (EDGE_TOKEN, EDGE_KUBECONFIG, USER, SERVICE_ACCOUNT_KEY, ACCESS_TOKEN)

SERVICE_ACCOUNT = AccountKind(
    ACCOUNT_NOUN,
    frozenset({AccountAbility.CREATE, AccountAbility.DELETE}),
    {
        AccountAbility.RENAME: (
            "STACKIT makes its e-mail address out of the name, and neither can be changed"
        ),
        AccountAbility.REGROUP: (
            "its roles are given in the portal, project by project: the API for accounts knows none"
        ),
    },
)
