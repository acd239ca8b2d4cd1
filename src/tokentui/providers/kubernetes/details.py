"""What there is to know of a cluster or a service account beside its row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.domain.model import Account, Detail
from tokentui.domain.text import clean
from tokentui.providers.kubernetes import wire
from tokentui.providers.kubernetes.ids import account_ref
from tokentui.providers.kubernetes.own import caller_of

if TYPE_CHECKING:
    from tokentui.domain.model import Target
    from tokentui.providers.kubernetes.api import Api
    from tokentui.providers.kubernetes.session import Session


async def details_of(of: Target, session: Session, api: Api) -> tuple[Detail, ...]:
    """Tell the cluster's version, address and sign-in, or an account's names in the cluster."""
    context = await session.context()
    if isinstance(of, Account):
        ref = account_ref(of.id, of.name, context.cluster.id)
        return (
            Detail("account", "namespace", ref.namespace),
            Detail("account", "user", ref.user_name),
            Detail("account", "groups", f"system:serviceaccounts:{ref.namespace}"),
            Detail("account", "uid", ref.uid),
        )
    version, platform = wire.version(await api.version())
    caller = await caller_of(api, session)
    told = (
        ("cluster", "version", version),
        ("cluster", "platform", platform),
        ("cluster", "server", clean(context.cluster.server, 300)),
        ("kubeconfig", "context", clean(context.name, 80)),
        ("kubeconfig", "namespace", clean(context.namespace, 63)),
        ("kubeconfig", "user", clean(context.user_name, 80)),
        ("signed in", "as", caller.user.name),
        ("signed in", "groups", clean(", ".join(caller.user.groups), 300)),
    )
    return tuple(Detail(*one) for one in told if one[2])
