"""KKP's calls.

Source: the swagger files of the release branches 2.12 to 2.31 and kubermatic/dashboard c996f110,
as of August 2026. Projects, accounts and tokens are in v1 alone; clusters in v2 since 2.15 and
their kubeconfigs since 2.16, before in v1 below their datacenter.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

from tokentui.domain.errors import BadAnswer, Forbidden, NotFound, Outcome, ProviderError
from tokentui.providers.http_call import Call
from tokentui.providers.kubermatic import wire
from tokentui.providers.kubermatic.fields import Reply
from tokentui.providers.signed import SignedHttp

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from tokentui.providers.auth import SignIn
    from tokentui.providers.http import Http
    from tokentui.providers.http_call import Answer
    from tokentui.providers.kubermatic.places import Place
    from tokentui.providers.kubermatic.settings import KubermaticSettings

_NO_API = "look whether a proxy asks for a login there, and whether url is right"
_BLOCKED = "an expired or invalid token blocks the list of this old server: delete it"
_SLOW = 4.0
_NO_SECRET = ("service account has no secret", "no token defined")


class NoSuchPath(NotFound):
    """The path itself is missing, as on a server that is too old for it: the API did not answer."""


class NoSecretYet(ProviderError):
    """The server has not filled in the secret of a cluster's service account."""


class BlockedList(ProviderError):
    """An old server cannot list tokens because of some, whose ids are `tokens`."""

    def __init__(self, error: ProviderError, tokens: tuple[str, ...]) -> None:
        super().__init__(error.message, _BLOCKED, trace_id=error.trace_id, why=error.why)
        self.tokens = tokens


class Words:
    """Reads the server's own words out of the last error; `spoke`: it was the API's."""

    def __init__(self) -> None:
        self.said = ""
        self.spoke = False

    def __call__(self, payload: object) -> str:
        self.said = wire.error_text(payload)
        self.spoke = bool(self.said)
        return self.said


class Api:
    """Sends what KKP is asked."""

    def __init__(
        self,
        http: Http,
        own_sign_in: SignIn,
        settings: KubermaticSettings,
        clock: Callable[[], datetime],
    ) -> None:
        self._signed = SignedHttp(http, own_sign_in)
        self._url = settings.url
        self._clock = clock
        self._clock_off = timedelta()
        self.name = settings.name

    def age(self, created_at: datetime | None) -> timedelta | None:
        """Give the age of something by the server's clock, as far as that has been told."""
        return None if created_at is None else self._clock() + self._clock_off - created_at

    async def version(self) -> Reply:
        """Ask for the installation's version."""
        return await self.read(f"ask {self.name} for its version", "v1", "version")

    async def me(self) -> Reply:
        """Ask who is signed in."""
        return await self.read(f"ask {self.name} who is signed in", "v1", "me")

    async def projects(self) -> Reply:
        """List the projects; who is no global admin sees the own ones.

        It can be slow: the server counts the clusters on every seed.
        """
        what = f"list the projects of {self.name}"
        params = {"displayAll": "true"}
        return await self.read(what, "v1", "projects", params=params, patience=_SLOW)

    async def clusters(self, project: wire.Project) -> Reply:
        """List the clusters of a project; a seed that is down makes the list shorter."""
        what = f"list the clusters of {project.name}"
        try:
            return await self.read(what, "v2", "projects", project.id, "clusters")
        except NoSuchPath:
            return await self.read(what, "v1", "projects", project.id, "clusters")

    async def cluster(self, what: str, place: Place) -> Reply:
        """Ask for one cluster, which project managers may not."""
        return await self.read(what, "v2", *cluster_path(place))

    async def kubeconfig(self, what: str, place: Place) -> Reply:
        """Download the kubeconfig of a cluster, once."""
        return await self._of_cluster("GET", what, place, "kubeconfig", is_text=True)

    async def revoke_kubeconfigs(self, what: str, place: Place, role: str) -> None:
        """Replace the token of all kubeconfigs of a role, `admin` or `viewer`."""
        await self._of_cluster("PUT", what, place, "viewertoken" if role == "viewer" else "token")

    async def read(
        self,
        what: str,
        *path: str,
        params: Mapping[str, str | int] | None = None,
        patience: float = 1.0,
    ) -> Reply:
        """Ask for something."""
        words = Words()
        call = self._call("GET", what, path, words, params=params, patience=patience)
        try:
            return self._reply(call, await self._signed.read(call))
        except ProviderError as error:
            if isinstance(error, BadAnswer):
                error.next_step = _NO_API
            raise _told(error, words) from None

    async def once(
        self, method: str, what: str, *path: str, json: object = None, is_text: bool = False
    ) -> Reply:
        """Make, change or end something, or download a secret, exactly once."""
        words = Words()
        call = self._call(method, what, path, words, json=json, is_text=is_text)
        try:
            return self._reply(call, await self._signed.once(call))
        except ProviderError as error:
            if method == "GET" and error.outcome is Outcome.UNKNOWN:
                error.next_step = wire.DOWNLOAD_AGAIN
            raise _told(error, words) from None

    async def aclose(self) -> None:
        """Stop the sign-in and close the connections."""
        await self._signed.aclose()

    async def _of_cluster(
        self, method: str, what: str, place: Place, last: str, *, is_text: bool = False
    ) -> Reply:
        """Use v2, and v1 with the datacenter where there is no such path in v2.

        Since 2.31 a cluster that is not there is answered with a page, too.
        """
        try:
            return await self.once(method, what, "v2", *cluster_path(place), last, is_text=is_text)
        except NoSuchPath:
            dc = await self._dc(place)
            if not dc:
                raise
        path = ("v1", "projects", place.project, "dc", dc, "clusters", place.cluster, last)
        return await self.once(method, what, *path, is_text=is_text)

    async def _dc(self, place: Place) -> str:
        what = f"find the datacenter of {place.cluster}"
        reply = await self.read(what, "v1", "projects", place.project, "clusters")
        listed, _ = wire.clusters(reply)
        return next((one.dc for one in listed.items if one.id == place.cluster), "")

    def _reply(self, call: Call, answer: Answer) -> Reply:
        if answer.clock_off is not None:
            self._clock_off = answer.clock_off
        return Reply(call, answer)

    def _call(
        self,
        method: str,
        what: str,
        path: tuple[str, ...],
        words: Words,
        *,
        params: Mapping[str, str | int] | None = None,
        json: object = None,
        is_text: bool = False,
        patience: float = 1.0,
    ) -> Call:
        below = "/".join(quote(part, safe="") for part in path)
        return Call(
            method,
            f"{self._url}/api/{below}",
            what,
            params=params or {},
            json=json,
            error_text=words,
            is_text=is_text,
            patience=patience,
        )


def accounts_path(project_id: str) -> tuple[str, ...]:
    """Give the path of a project's service accounts."""
    return "v1", "projects", project_id, "serviceaccounts"


def account_path(place: Place) -> tuple[str, ...]:
    """Give the path of a project's service account."""
    return *accounts_path(place.project), place.account


def cluster_path(place: Place) -> tuple[str, ...]:
    """Give the path of a cluster below its version."""
    return "projects", place.project, "clusters", place.cluster


def cluster_accounts_path(place: Place) -> tuple[str, ...]:
    """Give the path of a cluster's service accounts."""
    return "v2", *cluster_path(place), "serviceaccount"


def cluster_account_path(place: Place) -> tuple[str, ...]:
    """Give the path of a cluster's service account."""
    return *cluster_accounts_path(place), place.namespace, place.account


def _told(error: ProviderError, words: Words) -> ProviderError:
    """Give an error the type that its words tell."""
    if isinstance(error, NotFound) and not words.spoke:
        return NoSuchPath(error.message, error.next_step, trace_id=error.trace_id)
    if any(one in words.said for one in _NO_SECRET):
        return NoSecretYet(error.message, "try again in a moment")
    blocking = wire.blocking_tokens(words.said) if type(error) is ProviderError else ()
    if blocking:
        return BlockedList(error, blocking)
    if isinstance(error, Forbidden):
        error.next_step = "ask an owner of the project for the right; the sign-in itself is fine"
    return error
