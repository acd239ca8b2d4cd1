"""What exists in the simulated Observability service.

Source: STACKIT observability API description v1, read 2026-08-21.
"""

from __future__ import annotations

import hmac
import re
import secrets
import uuid
from dataclasses import dataclass, field
from typing import Final

CREATE_SUCCEEDED = "CREATE_SUCCEEDED"
STATUSES: Final = (
    "CREATING",
    CREATE_SUCCEEDED,
    "CREATE_FAILED",
    "DELETING",
    "DELETE_SUCCEEDED",
    "DELETE_FAILED",
    "UPDATING",
    "UPDATE_SUCCEEDED",
    "UPDATE_FAILED",
)

_MAX_NAME = 60


@dataclass(frozen=True, slots=True)
class TechnicalUser:
    """A user name and password for ingest and query, without a date of its own."""

    username: str
    password: str
    description: str | None = None


@dataclass(slots=True)
class ObservabilityInstance:
    """An instance, addressed by `id`; `listed_id` is what its row in the list has as `id`.

    `urls` are the addresses in the detail, by field. `admin_password` is None where the default
    admin of Grafana is switched off.
    """

    id: str
    listed_id: str
    name: str
    project_id: str
    urls: dict[str, str]
    status: str = CREATE_SUCCEEDED
    plan_name: str = "Observability-Basic-EU01"
    service_name: str = "STACKIT Observability"
    error: str | None = None
    admin_password: str | None = None
    users: dict[str, TechnicalUser] = field(default_factory=dict)

    def add_user(self, description: str | None) -> TechnicalUser:
        """Make a technical user with a name and a password of its own."""
        name = re.sub("[^A-Za-z0-9-]", "-", self.name)[:_MAX_NAME]
        user = TechnicalUser(f"{name}_{self.id}_{uuid.uuid4()}", new_password(), description)
        self.users[user.username] = user
        return user

    def admits(self, username: str, password: str) -> bool:
        """Whether a living technical user has this name and password."""
        user = self.users.get(username)
        return user is not None and hmac.compare_digest(
            user.password.encode(), password.encode("utf-8", "replace")
        )


class Observability:
    """All instances."""

    def __init__(self) -> None:
        self._instances: dict[str, ObservabilityInstance] = {}

    def add(self, instance: ObservabilityInstance) -> None:
        """Let an instance exist."""
        self._instances[instance.id] = instance

    def all(self) -> list[ObservabilityInstance]:
        """Return every instance in order of creation."""
        return list(self._instances.values())

    def of_project(self, project_id: str) -> list[ObservabilityInstance]:
        """Return the instances of a project in order of creation."""
        return [one for one in self._instances.values() if one.project_id == project_id]

    def get(self, instance_id: str) -> ObservabilityInstance | None:
        """Return the instance with that id."""
        return self._instances.get(instance_id)

    def named(self, name: str) -> ObservabilityInstance:
        """Return the instance with that name; raises KeyError."""
        for instance in self._instances.values():
            if instance.name == name:
                return instance
        raise KeyError(name)


def new_password() -> str:
    """Return a password as long as the description's example."""
    return secrets.token_hex(16)
