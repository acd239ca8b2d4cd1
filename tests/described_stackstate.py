"""StackState's API as the vendor describes it, StackVista/stackstate-openapi 4d7c254."""

from __future__ import annotations

from typing import cast

from described_check import ANY, Departure, Described

_ERRORS = "GenericErrorsResponse"
_PLAIN = "text/plain"
_OLDER = "a server that is older than the description does not have the endpoint"


def _with_domains(body: object) -> object:
    return {"applicationDomains": ["Observability"], **cast("dict[str, object]", body)}


STACKSTATE = (
    Described(
        "/stackstate/[^/]+(?:/gateway/sts)?/api",
        [
            "stackstate/openapi-bundled.yaml",
            "stackstate/legacy-ingestion-api-keys-subset.yaml",
        ],
        elsewhere="/api",
        departures={
            ("serverInfo", 200): Departure(
                "servers before 2026 do not tell their domains", as_described=_with_domains
            ),
            ("getUserAuthorizationFor", 404): Departure(_OLDER, media=_PLAIN),
            ("getUserSessionAvailableRoles", 404): Departure(_OLDER, media=_PLAIN),
            ("getIngestionApiKeys", 404): Departure(
                "a server that is younger than ingestion keys has no such endpoint", media=_PLAIN
            ),
            ("deleteServiceToken", 404): Departure(
                "one of three answers that servers give for what is gone", schema=_ERRORS
            ),
            ("deleteIngestionApiKey", 404): Departure(
                "one of three answers that servers give for what is gone", schema=_ERRORS
            ),
            ("getUserAuthorizationFor", 403): Departure("no, said by the status alone"),
            (ANY, 401): Departure("described for serverInfo; others do alike", schema=_ERRORS),
            (ANY, 403): Departure("the form is that of other errors", schema=_ERRORS),
        },
    ),
    Described(
        "/stackstate/[^/]+",
        not_described={
            "POST /(otlp/v1/traces|receiver/.*)": "the description leaves the receivers out",
        },
    ),
)
