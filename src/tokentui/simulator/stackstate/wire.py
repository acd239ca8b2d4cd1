"""The JSON forms of the API; optional fields are absent when unset.

Source: StackVista/stackstate-openapi 4d7c254 and, for ingestion keys, the description that
StackVista/stackstate-cli carried before its commit dd86ba6; both read 2026-08-21.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tokentui.simulator.stackstate.model import IngestionKey, ServiceToken, Subject, User
    from tokentui.simulator.stackstate.world import StackstateServer


def token_json(token: ServiceToken) -> dict[str, object]:
    """Return a service token as the list shows it, without its secret."""
    shown = {
        "id": token.id,
        "lastUpdateTimestamp": token.updated_ms,
        "name": token.name,
        "description": token.description,
        "expiration": token.expires_ms,
        "roles": list(token.roles),
        "dedicatedSubject": token.dedicated_subject,
    }
    return _present(shown)


def created_token_json(server: StackstateServer, token: ServiceToken) -> dict[str, object]:
    """Return the answer to a creation, the only one with the secret; it names no id."""
    shown = {
        "name": server.text(token.name),
        "token": token.secret,
        "expiration": token.expires_ms,
    }
    return _present(shown)


def key_json(key: IngestionKey) -> dict[str, object]:
    """Return an ingestion key as the list shows it, without its secret."""
    shown = {
        "id": key.id,
        "lastUpdateTimestamp": key.updated_ms,
        "name": key.name,
        "description": key.description,
        "expiration": key.expires_ms,
    }
    return _present(shown)


def subject_json(subject: Subject) -> dict[str, object]:
    """Return a subject as the list shows it."""
    return {"handle": subject.handle, "source": subject.source.value}


def api_token_json(user: User) -> dict[str, object]:
    """Return a person's API token, secret included."""
    return {
        "id": user.id,
        "lastUpdateTimestamp": user.updated_ms,
        "name": "default",
        "token": user.api_token,
    }


def profile_json(user: User) -> dict[str, object]:
    """Return a person's profile."""
    return {
        "id": user.id,
        "lastUpdateTimestamp": user.updated_ms,
        "name": user.name,
        "displayName": user.display_name,
        "starredViews": [],
        "systemNotificationsRead": [],
        "hideUnavailableMonitors": False,
        "hideUnavailableMetrics": False,
        "hideUnavailableConnections": False,
    }


def server_info_json(server: StackstateServer) -> dict[str, object]:
    """Return what the server says of itself; old ones lack the platform's version and domains."""
    text = server.text
    if server.is_old:
        return {
            "version": _version_json(server, 5, 1, 8, "8c41d07a"),
            "deploymentMode": text("SelfHosted"),
        }
    return {
        "version": _version_json(server, 7, 0, 3, "3fa9c2d1"),
        "deploymentMode": text("SelfHosted"),
        "platformVersion": text("2.9.0"),
        "applicationDomains": [text("Observability")],
    }


def subscription_json(server: StackstateServer) -> dict[str, object]:
    """Return the state of the licence."""
    tenant, plan = server.text(server.name), server.text("enterprise")
    return {"_type": "LicensedSubscription", "subscription": {"tenant": tenant, "plan": plan}}


def _version_json(
    server: StackstateServer, major: int, minor: int, patch: int, commit: str
) -> dict[str, object]:
    return {
        "major": major,
        "minor": minor,
        "patch": patch,
        "diff": server.text(""),
        "commit": server.text(commit),
        "isDev": False,
    }


def _present(fields: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value is not None}
