"""The JSON forms of the Observability API.

Source: STACKIT observability API description v1, schemas and examples, read 2026-08-21. The
description requires `error` and `project_id` inside `instance` without defining them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.simulator.stackit.world import uuid_of

if TYPE_CHECKING:
    from tokentui.simulator.stackit.observability_model import ObservabilityInstance, TechnicalUser

_Json = dict[str, object]

_RETENTION_DAYS = 90
_LIMITS = {
    "alertMatchers": 10,
    "alertReceivers": 10,
    "alertRules": 100,
    "amount": 0,
    "bucketSize": 20,
    "grafanaGlobalDashboards": 20,
    "grafanaGlobalOrgs": 1,
    "grafanaGlobalSessions": 10,
    "grafanaGlobalUsers": 10,
    "logsAlert": 10,
    "logsStorage": 20,
    "samplesPerScrape": 0,
    "targetNumber": 5,
    "totalMetricSamples": 5000,
    "tracesStorage": 20,
}


def row_json(instance: ObservabilityInstance) -> _Json:
    """Return an instance as the list shows it."""
    row: _Json = {
        "id": instance.listed_id,
        "instance": instance.id,
        "name": instance.name,
        "planName": instance.plan_name,
        "serviceName": instance.service_name,
        "status": instance.status,
    }
    return row if instance.error is None else row | {"error": instance.error}


def detail_json(instance: ObservabilityInstance, message: str) -> _Json:
    """Return one instance with its addresses."""
    plan_id = uuid_of(f"observability-plan/{instance.plan_name!r}")
    return {
        "id": instance.id,
        "name": instance.name,
        "message": message,
        "error": instance.error,
        "dashboardUrl": instance.urls["grafanaUrl"] + "/overview",
        "isUpdatable": True,
        "parameters": {},
        "planId": plan_id,
        "planName": instance.plan_name,
        "planSchema": "{}",
        "serviceName": instance.service_name,
        "status": instance.status,
        "instance": _inner_json(instance, plan_id),
    }


def user_json(user: TechnicalUser) -> _Json:
    """Return a technical user without its password."""
    info = {"username": user.username}
    if user.description is not None:
        info["description"] = user.description
    return {"id": user.username, "name": user.username, "credentialsInfo": info}


def created_user_json(user: TechnicalUser) -> _Json:
    """Return a new technical user with its password."""
    made: _Json = {"username": user.username, "password": user.password}
    return made if user.description is None else made | {"description": user.description}


def _inner_json(instance: ObservabilityInstance, plan_id: str) -> _Json:
    inner: _Json = {
        "instance": instance.id,
        "name": instance.name,
        "cluster": "stackit1",
        "project_id": instance.project_id,
        "error": instance.error,
        "grafanaAdminEnabled": instance.admin_password is not None,
        "grafanaPublicReadAccess": False,
        "grafanaUseStackitSso": instance.admin_password is None,
        "metricsRetentionTimeRaw": _RETENTION_DAYS,
        "metricsRetentionTime5m": _RETENTION_DAYS,
        "metricsRetentionTime1h": _RETENTION_DAYS,
        "plan": _LIMITS
        | {"id": plan_id, "planId": plan_id, "name": instance.plan_name, "description": "basic"},
        **instance.urls,
    }
    if instance.admin_password is None:
        return inner
    leaked = {"grafanaAdminUser": "admin", "grafanaAdminPassword": instance.admin_password}
    return inner | leaked
