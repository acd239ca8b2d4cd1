"""The addresses of an Observability instance, all on the TLS listener.

Source: STACKIT observability API description v1, schema InstanceSensitiveData, read 2026-08-21.
The vendor tells instances apart by host for traces, by path elsewhere; here by path throughout.
Addresses of gRPC are host and port without a scheme.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

OBSERVABILITY_TLS_PREFIX: Final = "/observability"

_HTTP: Final = {
    "alertingUrl": "alerting/{id}",
    "grafanaUrl": "ui/{id}",
    "jaegerHttpUrl": "jaeger-http/{id}",
    "jaegerHttpTracesUrl": "jaeger-http/{id}",
    "jaegerUiUrl": "jaeger-ui/{id}",
    "logsUrl": "logs/{id}",
    "logsPushUrl": "logs/{id}/loki/api/v1/push",
    "metricsEndpointUrl": "metrics-endpoint/{id}/metrics",
    "metricsUrl": "storage/{id}",
    "otlpHttpLogsUrl": "logs/{id}/otlp/v1/logs",
    "otlpHttpTracesUrl": "otlp-http/{id}",
    "pushMetricsUrl": "push/{id}/api/v1/receive",
    "targetsUrl": "targets/{id}",
    "zipkinSpansUrl": "zipkin/{id}",
}
_GRPC: Final = ("jaegerTracesUrl", "otlpGrpcTracesUrl", "otlpTracesUrl")


def urls_of(tls_url: str, instance_id: str) -> dict[str, str]:
    """Return every address by its field."""
    base = tls_url + OBSERVABILITY_TLS_PREFIX
    urls = {name: f"{base}/{path.format(id=instance_id)}" for name, path in _HTTP.items()}
    return urls | dict.fromkeys(_GRPC, urlsplit(tls_url).netloc)
