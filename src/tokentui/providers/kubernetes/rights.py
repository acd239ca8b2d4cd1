"""What the sign-in may do, asked before it is offered.

Sources: kubernetes/api 10b39a39 authorization/v1; a kube-apiserver v1.20.2, measured. A right that
holds for objects of certain names alone is not seen by a question without a name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokentui.domain.errors import Forbidden, NotFound
from tokentui.providers.kubernetes import wire
from tokentui.providers.kubernetes.kept import Kept
from tokentui.providers.kubernetes.wire import Rule, Verdict

if TYPE_CHECKING:
    from tokentui.providers.kubernetes.api import Api

_KEPT_S = 60.0
_ALL = "*"


@dataclass(frozen=True, slots=True)
class Act:
    """What is done with what."""

    verb: str
    resource: str
    subresource: str = ""

    @property
    def full_resource(self) -> str:
        """The resource as rules name it."""
        return f"{self.resource}/{self.subresource}" if self.subresource else self.resource

    def attributes(self, namespace: str) -> dict[str, str]:
        """Give what the server is asked; no namespace: in all of them."""
        asked = {
            "namespace": namespace,
            "verb": self.verb,
            "resource": self.resource,
            "subresource": self.subresource,
        }
        return {key: value for key, value in asked.items() if value}

    def is_allowed_by(self, rule: Rule, name: str) -> bool:
        """Whether a rule allows it for the object of that name."""
        return (
            bool({self.verb, _ALL} & set(rule.verbs))
            and bool({"", _ALL} & set(rule.groups))
            and bool({self.full_resource, f"*/{self.subresource}", _ALL} & set(rule.resources))
            and (not rule.names or name in rule.names)
        )


MINT = Act("create", "serviceaccounts", "token")
CREATE_ACCOUNT = Act("create", "serviceaccounts")
DELETE_ACCOUNT = Act("delete", "serviceaccounts")
CREATE_SECRET = Act("create", "secrets")
DELETE_SECRET = Act("delete", "secrets")


class Rights:
    """Asks for each right once: in all namespaces, then in one, then for one name."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._verdicts = Kept(self._ask, _KEPT_S)
        self._rules = Kept(self._ask_rules, _KEPT_S)

    async def objection(self, act: Act, namespace: str, name: str = "") -> str:
        """Say why the sign-in may not do it; empty: it may, or nobody knows.

        Raises `ProviderError`.
        """
        for place in ("", namespace):
            verdict = await self._verdicts.get((act, place))
            if verdict.allowed:
                return ""
        if name:
            rules = await self._rules.get(namespace)
            if any(act.is_allowed_by(rule, name) for rule in rules):
                return ""
        told = f" ({verdict.reason})" if verdict.reason else ""
        return (
            f"the sign-in may not {act.verb} {act.full_resource} in the namespace {namespace}{told}"
        )

    async def everywhere(self, act: Act) -> bool:
        """Whether the sign-in may do it in every namespace. Raises `ProviderError`."""
        return (await self._verdicts.get((act, ""))).allowed

    async def aclose(self) -> None:
        """Stop questions that are under way."""
        await self._verdicts.aclose()
        await self._rules.aclose()

    async def _ask(self, key: tuple[Act, str]) -> Verdict:
        act, namespace = key
        try:
            return wire.verdict(await self._api.may(act.attributes(namespace)))
        except (Forbidden, NotFound):
            return Verdict(True)  # who may not even ask finds out by trying

    async def _ask_rules(self, namespace: str) -> tuple[Rule, ...]:
        try:
            return wire.rules(await self._api.rules(namespace))
        except (Forbidden, NotFound):
            return ()
