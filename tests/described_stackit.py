"""STACKIT's APIs as the vendor describes them, read 2026-08-21."""

from __future__ import annotations

from described_check import ANY, Departure, Described

_EDGE_FORM = "the description names no body for it; the form is that of its 400 and 401"
_EDGE_403 = "the description has no 403; a service account without the role gets one all the same"
_LATE = "the description has no 404 for a key that is gone, and has Error for other things gone"

STACKIT = (
    Described(
        "/stackit/edge",
        ["stackit/edge.v1beta1.json"],
        elsewhere="",
        departures={
            (ANY, 403): Departure(_EDGE_403, schema="badRequest"),
            (ANY, 404): Departure(_EDGE_FORM, schema="badRequest"),
        },
    ),
    Described("/stackit/observability", ["stackit/observability.v1.json"], elsewhere=""),
    Described(
        "/stackit/service-account",
        ["stackit/service-account.v2.json"],
        elsewhere="",
        departures={("DeleteServiceAccountKey", 404): Departure(_LATE, schema="Error")},
    ),
    Described("/stackit/resource-manager", ["stackit/resource-manager.v0.json"], elsewhere=""),
    Described(
        "/stackit/idp",
        not_described={
            "POST /oauth/v2/token": "the identity provider is described by RFC 6749 alone",
        },
    ),
    Described(
        "/observability",
        not_described={
            "GET /storage/[^/]+/api/v1/query": "Prometheus' own API, which the vendor passes on",
            "POST /push/[^/]+/api/v1/receive": "Prometheus' own API, which the vendor passes on",
        },
    ),
)
