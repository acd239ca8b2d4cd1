"""The state of one simulated installation."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeVar

from tokentui.simulator.kubermatic.model import (
    ACCOUNT_PREFIX,
    TOKEN_PREFIX,
    Account,
    Caller,
    Cluster,
    Project,
    Token,
    User,
    id_of,
    new_id,
)
from tokentui.simulator.kubermatic.signing import AccountSigner, PersonSigner

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tokentui.simulator.ground import Ground

CLUSTERS_PREFIX: Final = "/imke-clusters"
DOMAIN: Final = "imke.example"

_Named = TypeVar("_Named", Project, Account, Token, Cluster)


class KubermaticServer:
    """One installation; its plain attributes are switches that may be set while it serves.

    `version`: the minor version, as `2.31`. `settle_seconds`: how long new accounts, groups and
    tokens wait for their rights. `stale_seconds`: how long downloads hand out the kubeconfig of
    before a revocation. `secret_seconds`: how long a new service account of a cluster waits for its
    secret. `dead_seed`: name of the seed that does not answer, empty: none.
    `kubeconfig_disabled`: an operator has switched the download off. `uploaded`: the kubeconfigs
    that people gave for clusters elsewhere, by project and id of the cluster. `text` touches the
    messages that the server itself writes. `downloads` counts the kubeconfigs handed out.
    """

    def __init__(self, ground: Ground, name: str, version: str) -> None:
        self.ground = ground
        self.name = name
        self.version = version
        self.settle_seconds = 0.0
        self.stale_seconds = 0.0
        self.secret_seconds = 0.0
        self.dead_seed = ""
        self.kubeconfig_disabled = False
        self.text: Callable[[str], str] = _unchanged
        self.projects: dict[str, Project] = {}
        self.accounts: dict[str, Account] = {}
        self.tokens: dict[str, Token] = {}
        self.clusters: dict[str, Cluster] = {}
        self.users: dict[str, User] = {}
        self.uploaded: dict[tuple[str, str], str] = {}
        self.logged_out: set[str] = set()
        self.mints = 0
        self.downloads = 0
        self._tokens_by_account: dict[str, dict[str, Token]] = {}
        self.signer = AccountSigner(ground)
        self.persons = PersonSigner(ground, f"{ground.base_url}/{name}/dex")

    @property
    def path(self) -> str:
        """The path of the installation, below which the API lies."""
        return f"/{self.name}"

    @property
    def url(self) -> str:
        """The address of the installation on the plain listener."""
        return self.ground.base_url + self.path

    @property
    def tls_url(self) -> str:
        """The address of the installation on the TLS listener."""
        return self.ground.tls_url + self.path

    @property
    def minor(self) -> int:
        """The number after the first point of the version."""
        return int(self.version.split(".")[1])

    def now(self) -> datetime:
        """Return the simulated instant in whole seconds, as the server keeps times."""
        return self.ground.clock.now().replace(microsecond=0)

    def after(self, seconds: float) -> datetime:
        """Return the instant that many seconds from now."""
        return self.ground.clock.now() + timedelta(seconds=seconds)

    def is_before(self, instant: datetime) -> bool:
        """Whether an instant has not come yet."""
        return self.ground.clock.now() < instant

    def project_named(self, name: str) -> Project:
        """Return the project of that name; raises KeyError."""
        return _first(self.projects, name)

    def account_named(self, name: str) -> Account:
        """Return the oldest service account of that name; raises KeyError."""
        return _first(self.accounts, name)

    def token_named(self, name: str) -> Token:
        """Return the oldest token of that name; raises KeyError."""
        return _first(self.tokens, name)

    def cluster_named(self, name: str) -> Cluster:
        """Return the cluster of that name; raises KeyError."""
        return _first(self.clusters, name)

    def accounts_of(self, project_id: str) -> list[Account]:
        """Return the service accounts of a project in order of creation."""
        return [one for one in self.accounts.values() if one.project_id == project_id]

    def tokens_of(self, account: Account) -> list[Token]:
        """Return the tokens of a service account in order of creation."""
        return list(self._tokens_by_account.get(account.id, {}).values())

    def clusters_of(self, project_id: str) -> list[Cluster]:
        """Return the clusters of a project on the seeds that answer."""
        return [
            one
            for one in self.clusters.values()
            if one.project_id == project_id and self.reaches(one)
        ]

    def reaches(self, cluster: Cluster) -> bool:
        """Whether the seed of a cluster answers."""
        return cluster.seed != self.dead_seed

    def user(self, email: str) -> User:
        """Return the person of that mail; signing in for the first time makes one."""
        if email not in self.users:
            self.users[email] = User(id_of(email), email.partition("@")[0], email, self.now())
        return self.users[email]

    def create_account(self, project_id: str, name: str, group: str) -> Account:
        """Make a service account as the API does."""
        account = Account(
            id=new_id(),
            project_id=project_id,
            name=name,
            group=group,
            created=self.now(),
            ready_at=self.after(self.settle_seconds),
            inactive_answers=1,
        )
        self.accounts[account.id] = account
        return account

    def delete_account(self, account: Account) -> None:
        """Delete a service account with its tokens."""
        del self.accounts[account.id]
        for token in self.tokens_of(account):
            self.drop_token(token)

    def add_token(self, token: Token) -> None:
        """Let a token exist."""
        self.tokens[token.id] = token
        self._tokens_by_account.setdefault(token.account_id, {})[token.id] = token

    def drop_token(self, token: Token) -> None:
        """Let a token exist no longer."""
        del self.tokens[token.id]
        del self._tokens_by_account[token.account_id][token.id]

    def create_token(self, account: Account, name: str) -> Token:
        """Make a token as the API does."""
        token_id = new_id()
        token = Token(
            id=token_id,
            account_id=account.id,
            project_id=account.project_id,
            name=name,
            created=self.now(),
            ready_at=self.after(self.settle_seconds),
            secret=self.signer.sign(email_of(account), account.project_id, token_id),
        )
        self.add_token(token)
        self.mints += 1
        return token

    def regenerate(self, account: Account, token: Token) -> None:
        """Replace the secret of a token; the old one is worth nothing afterwards."""
        token.secret = self.signer.sign(email_of(account), account.project_id, token.id)
        self.mints += 1

    def id_token(self, email: str, life: timedelta = timedelta(days=30)) -> str:
        """Return an ID token of a person."""
        return self.persons.sign(email, self.user(email).name, life)

    def role(self, caller: Caller, project: Project) -> str | None:
        """Return the group of a caller in a project, None if they are no member."""
        if caller.account is not None:
            own = caller.account.project_id == project.id
            return caller.account.group if own else None
        return project.members.get(caller.email)


def email_of(account: Account) -> str:
    """Return the mail address that stands for a service account."""
    return f"{ACCOUNT_PREFIX}{account.id}@{DOMAIN}"


def bare_id(text: str) -> str:
    """Return an id of an account or token without the prefix that the server also takes."""
    return text.removeprefix(ACCOUNT_PREFIX).removeprefix(TOKEN_PREFIX)


def _first(things: dict[str, _Named], name: str) -> _Named:
    for thing in things.values():
        if thing.name == name:
            return thing
    raise KeyError(name)


def _unchanged(text: str) -> str:
    return text
