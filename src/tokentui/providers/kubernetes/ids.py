"""The ids of what a cluster holds: they name the server and what Kubernetes tells apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokentui.domain.errors import Refused
from tokentui.domain.model import AccountId, CredentialId
from tokentui.domain.text import clean

if TYPE_CHECKING:
    from tokentui.providers.kubernetes.wire import Row

_MARK = "#"
_USER_PREFIX = "system:serviceaccount:"


@dataclass(frozen=True, slots=True)
class AccountRef:
    """A service account; one that is made anew under its name has another `uid`."""

    server: str
    namespace: str
    name: str
    uid: str

    @property
    def id(self) -> AccountId:
        """The id within the profile."""
        return AccountId(f"{self.server}{_MARK}{self.namespace}/{self.name}/{self.uid}")

    @property
    def user_name(self) -> str:
        """What the cluster calls it in rights and logs."""
        return f"{_USER_PREFIX}{self.namespace}:{self.name}"


def account_ref(target_id: str, name: str, server: str) -> AccountRef:
    """Read an id. Raises `Refused` for one of another server than the profile has now."""
    its_server, _, path = target_id.rpartition(_MARK)
    parts = path.split("/")
    if its_server != server or len(parts) != 3:
        raise Refused(
            f"{clean(name, 60)} is not of the cluster that the profile has now",
            "refresh the list, or give the profile its former context again",
        )
    return AccountRef(server, *parts)


def secret_id(row: Row) -> CredentialId:
    """Give the id of a credential that lives in a Secret."""
    return CredentialId(f"{row.name}/{row.uid}")


def secret_of(credential_id: str) -> tuple[str, str]:
    """Read name and uid of a Secret."""
    name, _, uid = credential_id.partition("/")
    return name, uid
