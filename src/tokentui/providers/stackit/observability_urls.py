"""What the addresses of an Observability instance are for.

The names are those of the API description v1, read 2026-08-21, which does not say what each is
for: that is read from the names and from STACKIT's pages on sending and reading data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.domain.model import Detail

if TYPE_CHECKING:
    from tokentui.providers.stackit.wire_observability import InstanceDetail

INGEST, QUERY, FRONT_ENDS, MANAGEMENT = "ingest", "query", "front ends", "management"
METRICS_QUERY = "metricsUrl"
METRICS_PUSH = "pushMetricsUrl"
LOGS_QUERY = "logsUrl"
LOGS_PUSH = "logsPushUrl"
OTLP_LOGS = "otlpHttpLogsUrl"
OTLP_TRACES = "otlpHttpTracesUrl"

_MEANING = (
    (INGEST, METRICS_PUSH, "Prometheus remote_write"),
    (INGEST, LOGS_PUSH, "Loki push"),
    (INGEST, OTLP_LOGS, "OTLP logs over HTTP"),
    (INGEST, OTLP_TRACES, "OTLP traces over HTTP"),
    (INGEST, "otlpGrpcTracesUrl", "OTLP traces over gRPC"),
    (INGEST, "otlpTracesUrl", "OTLP traces"),
    (INGEST, "jaegerTracesUrl", "Jaeger traces over gRPC"),
    (INGEST, "jaegerHttpTracesUrl", "Jaeger traces over HTTP, deprecated"),
    (INGEST, "jaegerHttpUrl", "Jaeger traces over HTTP"),
    (INGEST, "zipkinSpansUrl", "Zipkin spans"),
    (QUERY, METRICS_QUERY, "metrics, as Prometheus"),
    (QUERY, LOGS_QUERY, "logs, as Loki"),
    (QUERY, "metricsEndpointUrl", "the instance's own metrics"),
    (FRONT_ENDS, "grafanaUrl", "Grafana"),
    (FRONT_ENDS, "alertingUrl", "Alertmanager"),
    (FRONT_ENDS, "targetsUrl", "scrape targets"),
    (FRONT_ENDS, "jaegerUiUrl", "Jaeger"),
)


def details_of(detail: InstanceDetail) -> tuple[Detail, ...]:
    """Give the addresses by what they are for; ones with unknown names come last."""
    known = {name for _, name, _ in _MEANING}
    found = [
        Detail(group, label, detail.urls[name])
        for group, name, label in _MEANING
        if name in detail.urls
    ]
    if detail.grafana_admin:
        found.append(
            Detail(
                FRONT_ENDS,
                "Grafana admin",
                f"{detail.grafana_admin}: STACKIT still sends its deprecated password, which is "
                "masked and not kept here",
            )
        )
    if detail.dashboard_url:
        found.append(Detail(MANAGEMENT, "portal", detail.dashboard_url))
    if detail.plan:
        found.append(Detail(MANAGEMENT, "plan", detail.plan))
    others = sorted(name for name in detail.urls if name not in known)
    found += [Detail("other addresses", _label(name), detail.urls[name]) for name in others]
    return tuple(found)


def _label(name: str) -> str:
    return name if name.isascii() and name.isalnum() else "an address"
