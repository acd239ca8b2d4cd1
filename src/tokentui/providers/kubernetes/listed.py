"""The tokens that a cluster lists: those in Secrets, and those bound to a Secret of ours.

Sources: kubernetes.io "Secrets" and KEP 2799 (labels of legacy tokens), read 2026-08-21; a
kube-apiserver v1.20.2, measured. Only the heads of Secrets are asked for.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tokentui.domain.errors import Forbidden, ProviderError
from tokentui.domain.model import Ability, Credential, CredentialState, Page
from tokentui.domain.text import clean
from tokentui.providers.kubernetes import about, wire
from tokentui.providers.kubernetes.accounts import OWNED
from tokentui.providers.kubernetes.ids import secret_id
from tokentui.providers.kubernetes.kept import Kept
from tokentui.providers.kubernetes.own import own_secret
from tokentui.providers.kubernetes.rights import DELETE_SECRET

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tokentui.domain.model import Account, Kind
    from tokentui.providers.kubernetes.api import Api
    from tokentui.providers.kubernetes.ids import AccountRef
    from tokentui.providers.kubernetes.own import OwnSecret
    from tokentui.providers.kubernetes.rights import Rights
    from tokentui.providers.kubernetes.session import Session
    from tokentui.providers.kubernetes.wire import Row

KEPT_S = 2.0
"""How long the lists of a namespace serve all accounts that are asked about."""

ACCOUNT = "tokentui/service-account"
ACCOUNT_UID = "tokentui/service-account-uid"
ENDS_AT = "tokentui/ends-at"
DESCRIPTION = "tokentui/description"
"""What we write beside the Secret that a token is bound to."""

_LEGACY_ACCOUNT = "kubernetes.io/service-account.name"
_LEGACY_UID = "kubernetes.io/service-account.uid"
_LAST_USED = "kubernetes.io/legacy-token-last-used"
_INVALID_SINCE = "kubernetes.io/legacy-token-invalid-since"
_LEGACY = {"fieldSelector": "type=kubernetes.io/service-account-token"}
_OURS = {"labelSelector": ",".join(f"{name}={value}" for name, value in OWNED.items())}


@dataclass(slots=True)
class _Listed:
    """The Secrets of a namespace by account and its uid."""

    legacy: defaultdict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    ours: defaultdict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    failed: list[ProviderError] = field(default_factory=list)
    is_closed: bool = False


class ListedTokens:
    """Lists a namespace once for all of its accounts."""

    def __init__(self, session: Session, api: Api, rights: Rights) -> None:
        self._session = session
        self._api = api
        self._rights = rights
        self._kept = Kept(self._list, KEPT_S)

    async def of(self, account: Account, ref: AccountRef) -> Page[Credential]:
        """Give the listed tokens of an account; silent where Secrets may not be seen."""
        try:
            listed = await self._kept.get(ref.namespace)
            if listed.is_closed:
                return Page(silent=frozenset({about.SECRET_TOKEN.key, about.REVOCABLE_TOKEN.key}))
            own = await own_secret(self._session)
            legacy = _rows_of(ref, listed.legacy, _LEGACY_UID)
            ours = _rows_of(ref, listed.ours, ACCOUNT_UID)
            items = [await self._credential(row, account, ref, own, ours=False) for row in legacy]
            items += [await self._credential(row, account, ref, own, ours=True) for row in ours]
        except ProviderError as error:
            return Page(failed=(error,))
        return Page(tuple(items), tuple(listed.failed))

    def drop(self) -> None:
        """Forget the lists: something was made or ended."""
        self._kept.drop()

    async def aclose(self) -> None:
        """Stop lists that are under way."""
        await self._kept.aclose()

    async def _list(self, namespace: str) -> _Listed:
        listed = _Listed()
        outcomes = await asyncio.gather(
            self._fill(namespace, _LEGACY, listed, ours=False),
            self._fill(namespace, _OURS, listed, ours=True),
            return_exceptions=True,
        )
        for error in filter(None, outcomes):
            if not isinstance(error, Forbidden):
                raise error
            listed.is_closed = True
        return listed

    async def _fill(
        self, namespace: str, selector: Mapping[str, str], listed: _Listed, *, ours: bool
    ) -> None:
        seen: set[str] = set()
        by_account = listed.ours if ours else listed.legacy
        key = ACCOUNT if ours else _LEGACY_ACCOUNT
        async for rows in self._api.secrets(namespace, selector):
            listed.failed += rows.failed
            for row in rows.rows:
                if row.uid not in seen and key in row.annotations:
                    seen.add(row.uid)
                    by_account[row.annotations[key]].append(row)

    async def _credential(
        self, row: Row, account: Account, ref: AccountRef, own: OwnSecret | None, *, ours: bool
    ) -> Credential:
        why_not = await self._rights.objection(DELETE_SECRET, ref.namespace, row.name)
        kind: Kind = about.REVOCABLE_TOKEN if ours else about.SECRET_TOKEN
        is_invalid = _INVALID_SINCE in row.labels
        ends_at = wire.instant(row.annotations.get(ENDS_AT, "")) if ours else None
        return Credential(
            profile=account.profile,
            provider=about.KEY,
            kind=kind.key,
            id=secret_id(row),
            name=row.name,
            state=CredentialState.INVALID if is_invalid else CredentialState.ACTIVE,
            made_at=row.created_at,
            ends_at=ends_at,
            target_id=account.id,
            target_name=account.name,
            target_noun=account.noun,
            scope=account.scope,
            state_text="its end is not known" if ours and ends_at is None else "",
            description=clean(row.annotations.get(DESCRIPTION, ""), 200) if ours else "",
            is_own=own is not None and own.is_it(ref, row),
            cannot={Ability.REVOKE: why_not} if why_not else {},
            facts=_facts(row),
        )


def _rows_of(ref: AccountRef, by_account: Mapping[str, list[Row]], key: str) -> list[Row]:
    """Give the Secrets of this account, and not of one that had its name before."""
    rows = by_account.get(ref.name, ())
    return [row for row in rows if row.annotations.get(key, ref.uid) == ref.uid]


def _facts(row: Row) -> tuple[tuple[str, str], ...]:
    told = (
        ("Secret", f"{row.namespace}/{row.name}"),
        ("last used", clean(row.labels.get(_LAST_USED, ""), 40)),
        ("invalid since", clean(row.labels.get(_INVALID_SINCE, ""), 40)),
    )
    return tuple(fact for fact in told if fact[1])
