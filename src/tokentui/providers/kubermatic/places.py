"""Where things are in an installation, and their ids for us, which name the installation too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from tokentui.domain.errors import Refused
from tokentui.domain.text import clean

if TYPE_CHECKING:
    from tokentui.domain.model import ProfileName

_CLUSTERS, _ACCOUNTS, _CLUSTER_ACCOUNTS = "clusters", "serviceaccounts", "serviceaccount"


@dataclass(frozen=True, slots=True)
class Place:
    """A cluster, a project's service account, or with both a cluster's service account.

    `namespace` is that of a cluster's service account, whose `account` is its name.
    """

    project: str
    cluster: str = ""
    account: str = ""
    namespace: str = ""


class Places:
    """Makes ids for an installation and takes them apart."""

    def __init__(self, server_id: str, profile: ProfileName) -> None:
        self._begin = f"{server_id}#"
        self._profile = profile

    def id_of(self, place: Place) -> str:
        """Give the id of a place."""
        parts = [place.project]
        if place.cluster:
            parts += [_CLUSTERS, place.cluster]
        if place.namespace:
            parts += [_CLUSTER_ACCOUNTS, place.namespace, place.account]
        elif place.account:
            parts += [_ACCOUNTS, place.account]
        return self._begin + "/".join(quote(part, safe="") for part in parts)

    def place_of(self, target_id: str, name: str) -> Place:
        """Take an id apart. Raises `Refused` for what belongs to another installation."""
        path = target_id.removeprefix(self._begin)
        match [unquote(part) for part in path.split("/")] if path != target_id else []:
            case [project, "clusters", cluster]:
                return Place(project, cluster)
            case [project, "serviceaccounts", account]:
                return Place(project, account=account)
            case [project, "clusters", cluster, "serviceaccount", namespace, account]:
                return Place(project, cluster, account, namespace)
        raise Refused(
            f"{clean(name, 60)} is not of the installation that profile {self._profile} has now",
            "refresh the list, or give the profile its former url again",
        )
