"""The calls to an API server. None uses `dryRun`: for a TokenRequest it makes a real token.

Sources: the description of Kubernetes v1.36; a kube-apiserver v1.20.2, measured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from tokentui.domain.errors import NotFound, ProviderError, Refused
from tokentui.providers.http_call import Call
from tokentui.providers.http_errors import bad_answer
from tokentui.providers.kubernetes import wire
from tokentui.providers.kubernetes.status import CONFLICT, Words
from tokentui.providers.kubernetes.wire import Reply

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from tokentui.providers.kubernetes.session import Session
    from tokentui.providers.kubernetes.wire import Rows

AUTHENTICATION = ("apis", "authentication.k8s.io", "v1")
AUTHORIZATION = ("apis", "authorization.k8s.io", "v1")
WHO_AM_I = (*AUTHENTICATION, "selfsubjectreviews")
MAY_I = (*AUTHORIZATION, "selfsubjectaccessreviews")

_REACH = "reach the cluster"
"""What both first calls are for, so that a list which needs them both fails with one sentence."""

_METADATA_ALONE = f"application/json;as={wire.METADATA_LIST};v=v1;g=meta.k8s.io"
_MERGE = {"Content-Type": "application/merge-patch+json"}
_ROWS_A_PAGE = 500
_MOST_PAGES = 2000


def path_of(*parts: str) -> str:
    """Give a path of any parts."""
    return "/".join(("", *(quote(part, safe="") for part in parts)))


def review(version: str, kind: str, spec: Mapping[str, object] | None = None) -> dict[str, object]:
    """Give the body of a question that is asked as an object."""
    body: dict[str, object] = {"apiVersion": version, "kind": kind}
    return body if spec is None else {**body, "spec": spec}


def who_am_i() -> dict[str, object]:
    """Give the body that asks who one is."""
    return review("authentication.k8s.io/v1", "SelfSubjectReview")


def may_i(attributes: Mapping[str, str]) -> dict[str, object]:
    """Give the body that asks for a right."""
    spec = {"resourceAttributes": attributes}
    return review("authorization.k8s.io/v1", "SelfSubjectAccessReview", spec)


class Api:
    """The part of the API that tells who one is and keeps service accounts and their tokens."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def version(self) -> Reply:
        """Ask for the version, which is open to all."""
        return await self._read("GET", _REACH, ("version",))

    async def who_am_i(self, words: Words) -> Reply:
        """Ask who one is; `words` has what a refusal says. Servers before 1.28 do not know it."""
        return await self._read("POST", _REACH, WHO_AM_I, who_am_i(), words=words)

    async def may(self, attributes: Mapping[str, str]) -> Reply:
        """Ask whether one may do something."""
        return await self._read("POST", "ask for one's own rights", MAY_I, may_i(attributes))

    async def rules(self, namespace: str) -> Reply:
        """Ask for all that one may do in a namespace."""
        body = review("authorization.k8s.io/v1", "SelfSubjectRulesReview", {"namespace": namespace})
        what = f"ask for one's own rights in {namespace}"
        return await self._read("POST", what, (*AUTHORIZATION, "selfsubjectrulesreviews"), body)

    def namespaces(self) -> AsyncIterator[Rows]:
        """List the namespaces."""
        return self._pages("list namespaces", ("api", "v1", "namespaces"), ("NamespaceList",))

    def accounts(self, namespace: str) -> AsyncIterator[Rows]:
        """List the service accounts of a namespace; empty: of all."""
        where = ("namespaces", namespace) if namespace else ()
        what = f"list service accounts of {namespace or 'all namespaces'}"
        path = ("api", "v1", *where, "serviceaccounts")
        return self._pages(what, path, ("ServiceAccountList",))

    def secrets(self, namespace: str, selector: Mapping[str, str]) -> AsyncIterator[Rows]:
        """List the heads of Secrets: what is in them never leaves the server."""
        return self._pages(
            f"list the tokens of {namespace}",
            ("api", "v1", "namespaces", namespace, "secrets"),
            (),
            selector,
        )

    async def account(self, namespace: str, name: str) -> Reply:
        """Look at the head of a service account."""
        path = ("api", "v1", "namespaces", namespace, "serviceaccounts", name)
        return await self._read("GET", f"look at the service account {namespace}/{name}", path)

    async def create_account(self, namespace: str, body: Mapping[str, object], name: str) -> Reply:
        """Make a service account, once."""
        path = ("api", "v1", "namespaces", namespace, "serviceaccounts")
        what = f"make the service account {name} in {namespace}"
        return await self._once("POST", what, path, body)

    async def request_token(self, namespace: str, name: str, spec: Mapping[str, object]) -> Reply:
        """Make a token, once. The body names no object: servers of today refuse a wrong one."""
        path = ("api", "v1", "namespaces", namespace, "serviceaccounts", name, "token")
        body = review("authentication.k8s.io/v1", "TokenRequest", spec)
        return await self._once("POST", f"make a token for {namespace}/{name}", path, body)

    async def create_secret(self, namespace: str, body: Mapping[str, object], name: str) -> Reply:
        """Make a Secret, once."""
        what = f"make the Secret {name} in {namespace}"
        return await self._once(
            "POST", what, ("api", "v1", "namespaces", namespace, "secrets"), body
        )

    async def annotate_secret(
        self, namespace: str, name: str, annotations: Mapping[str, str]
    ) -> None:
        """Set annotations of a Secret."""
        path = ("api", "v1", "namespaces", namespace, "secrets", name)
        body = {"metadata": {"annotations": annotations}}
        await self._once("PATCH", f"annotate the Secret {name}", path, body, _MERGE)

    async def delete(self, what: str, namespace: str, resource: str, name: str, uid: str) -> None:
        """Delete the object that has this id, and no other of that name.

        Raises `NotFound` also where another has the name by now.
        """
        path = ("api", "v1", "namespaces", namespace, resource, name)
        body = {"apiVersion": "v1", "kind": "DeleteOptions", "preconditions": {"uid": uid}}
        words = Words()
        try:
            await self._once("DELETE", what, path, body, words=words)
        except Refused as error:
            if words.reason != CONFLICT:
                raise
            raise NotFound(error.message, error.next_step, why=error.why) from None

    async def aclose(self) -> None:
        """Close the connections."""
        await self._session.aclose()

    async def _pages(
        self,
        what: str,
        path: tuple[str, ...],
        kinds: tuple[str, ...],
        selector: Mapping[str, str] | None = None,
    ) -> AsyncIterator[Rows]:
        """Give a list of heads part by part; one that grew too old is begun again, once.

        Where the list may also come whole, for want of an answer with heads alone, `kinds` names
        how it is called then.
        """
        headers = {"Accept": f"{_METADATA_ALONE}, application/json" if kinds else _METADATA_ALONE}
        following, began_again = "", False
        for _ in range(_MOST_PAGES):
            params: dict[str, str | int] = {"limit": _ROWS_A_PAGE, **(selector or {})}
            if following:
                params["continue"] = following
            try:
                reply = await self._read("GET", what, path, params=params, headers=headers)
            except NotFound:  # 410, as long as there is something to go on with
                if not following or began_again:
                    raise
                following, began_again = "", True
                continue
            rows = wire.rows(reply, (wire.METADATA_LIST, *kinds))
            yield rows
            following = rows.following
            if not following:
                return
        raise bad_answer(reply.call, "never comes to its end", making=False)

    async def _read(
        self,
        method: str,
        what: str,
        path: tuple[str, ...],
        json: object = None,
        *,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        words: Words | None = None,
    ) -> Reply:
        words = words or Words()
        call = await self._call(method, what, path, json, words, params, headers)
        try:
            return Reply(call, await self._session.read(call))
        except ProviderError as error:
            raise words.told(error) from None

    async def _once(
        self,
        method: str,
        what: str,
        path: tuple[str, ...],
        json: object,
        headers: Mapping[str, str] | None = None,
        *,
        words: Words | None = None,
    ) -> Reply:
        words = words or Words()
        call = await self._call(method, what, path, json, words, None, headers)
        try:
            return Reply(call, await self._session.once(call))
        except ProviderError as error:
            raise words.told(error) from None

    async def _call(
        self,
        method: str,
        what: str,
        path: tuple[str, ...],
        json: object,
        words: Words,
        params: Mapping[str, str | int] | None,
        headers: Mapping[str, str] | None,
    ) -> Call:
        server = (await self._session.context()).cluster.server
        return Call(
            method,
            server + path_of(*path),
            what,
            params=params or {},
            json=json,
            headers=dict(headers or {}),
            error_text=words,
        )
