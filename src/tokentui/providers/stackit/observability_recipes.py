"""How a technical user is used: sending metrics, logs and traces, and reading them.

Sources: Prometheus' configuration reference (remote_write), Grafana Loki's on promtail clients,
the OpenTelemetry Collector's on the OTLP/HTTP exporter and the basicauth extension, and
Grafana's on provisioning data sources, all read 2026-08-21.
"""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

from tokentui.domain.recipe import Encoding, Part, Recipe, Slot, Syntax
from tokentui.providers.stackit.observability_urls import (
    LOGS_PUSH,
    LOGS_QUERY,
    METRICS_PUSH,
    METRICS_QUERY,
    OTLP_LOGS,
    OTLP_TRACES,
)
from tokentui.providers.stackit.wire import safe_url

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_NAME = Slot(Part.NAME, Encoding.QUOTED)
_PASSWORD = Slot(Part.SECRET, Encoding.QUOTED)
_Piece = str | Slot


def user_recipes(urls: Mapping[str, str]) -> tuple[Recipe, ...]:
    """Give the recipes for which the instance names an address under https."""
    safe = {name: url for name, url in urls.items() if safe_url(url)}
    made = (
        _remote_write(safe.get(METRICS_PUSH)),
        _loki_push(safe.get(LOGS_PUSH)),
        _collector(safe.get(OTLP_LOGS), safe.get(OTLP_TRACES)),
        _data_sources(safe.get(METRICS_QUERY), safe.get(LOGS_QUERY)),
        _query(safe.get(METRICS_QUERY)),
    )
    return tuple(recipe for recipe in made if recipe is not None)


def _remote_write(url: str | None) -> Recipe | None:
    if url is None:
        return None
    return Recipe(
        "remote-write",
        "Prometheus remote_write",
        Syntax.YAML,
        (f"remote_write:\n  - url: {json.dumps(url)}\n    basic_auth:\n", *_basic_auth(6)),
        "an ingest address; for prometheus.yml",
    )


def _loki_push(url: str | None) -> Recipe | None:
    if url is None:
        return None
    return Recipe(
        "loki-push",
        "Loki push with promtail",
        Syntax.YAML,
        (f"clients:\n  - url: {json.dumps(url)}\n    basic_auth:\n", *_basic_auth(6)),
        "an ingest address; for promtail's configuration, Alloy reads it through its converter",
    )


def _collector(logs: str | None, traces: str | None) -> Recipe | None:
    exporters = [
        f"  otlphttp/{word}:\n    {key}: {json.dumps(url)}\n    auth:\n"
        "      authenticator: basicauth/stackit\n"
        for word, key, url in (
            ("logs", "logs_endpoint", logs),
            ("traces", "endpoint", traces),
        )
        if url is not None
    ]
    if not exporters:
        return None
    pieces: Sequence[_Piece] = (
        "extensions:\n  basicauth/stackit:\n    client_auth:\n",
        *_basic_auth(6),
        "exporters:\n",
        *exporters,
        "service:\n  extensions: [basicauth/stackit]\n",
    )
    return Recipe(
        "otel-collector",
        "OpenTelemetry Collector",
        Syntax.YAML,
        tuple(pieces),
        "ingest addresses; write each $ of the password as $$, and name the exporters in pipelines",
    )


def _data_sources(metrics: str | None, logs: str | None) -> Recipe | None:
    known = (("prometheus", "STACKIT metrics", metrics), ("loki", "STACKIT logs", logs))
    pieces: list[_Piece] = ["apiVersion: 1\ndatasources:\n"]
    for kind, title, url in known:
        if url is not None:
            pieces += [
                f"  - name: {title}\n    type: {kind}\n    access: proxy\n"
                f"    url: {json.dumps(url)}\n    basicAuth: true\n    basicAuthUser: ",
                _NAME,
                "\n    secureJsonData:\n      basicAuthPassword: ",
                _PASSWORD,
                "\n",
            ]
    if len(pieces) == 1:
        return None
    return Recipe(
        "grafana-datasource",
        "Grafana data sources",
        Syntax.YAML,
        tuple(pieces),
        "query addresses, not the front end of Grafana itself; write each $ of the password as $$",
    )


def _query(url: str | None) -> Recipe | None:
    if url is None:
        return None
    address = shlex.quote(f"{url.rstrip('/')}/api/v1/query?query=up")
    return Recipe(
        "curl",
        "One query with curl",
        Syntax.SHELL,
        (
            "printf 'Authorization: Basic %s\\n' '",
            Slot(Part.BASIC, Encoding.BASE64),
            f"' |\n  curl --fail --header @- {address}\n",
        ),
        "a query address",
    )


def _basic_auth(indent: int) -> tuple[_Piece, ...]:
    margin = " " * indent
    return (f"{margin}username: ", _NAME, f"\n{margin}password: ", _PASSWORD, "\n")
