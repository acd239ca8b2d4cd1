"""How to use a service token where it goes.

Sources: rancher/stackstate-product-docs 5975d81 (pages on service tokens, the collector, Prometheus
remote_write, health data and the MCP server), StackVista/stackstate-cli e31157a and the values of
StackVista/helm-charts 26b50b4; read 2026-08-21.
"""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tokentui.domain.recipe import Encoding, Part, Recipe, Slot, Syntax
from tokentui.providers.stackstate import about

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokentui.domain.model import Kind
    from tokentui.providers.stackstate.settings import StackstateSettings

_IN_QUOTES = Slot(Part.TOKEN, Encoding.QUOTED)
_IN_SHELL = Slot(Part.TOKEN, Encoding.SHELL)
_NEEDS_INGESTION = "the token needs a role with update-metrics"
_BOOTSTRAP_NOTE = (
    "the key is serviceToken in camel case, Helm ignores other spellings; ttl is one number with "
    "one unit (ms, s, m, h, d), no weeks and no sums; stackstate-power-user may not manage service "
    "tokens; any other long random text will do, too"
)


def recipes_for(kind: Kind, settings: StackstateSettings) -> tuple[Recipe, ...]:
    """Give the texts for a kind; an ingestion token has no use at the API."""
    if kind == about.TOKEN:
        return (*_of_api(settings), *_of_ingestion(settings, _NEEDS_INGESTION))
    return _of_ingestion(settings, "") if kind == about.INGESTION_TOKEN else ()


def _of_api(settings: StackstateSettings) -> Sequence[Recipe]:
    return (
        _curl("curl", "curl with X-API-Key", "X-API-Key: ", settings),
        _curl("curl-authorization", "curl with Authorization", "Authorization: ApiKey ", settings),
        _sts_config(settings),
        _sts_save(settings),
        _helm_bootstrap(),
        _mcp(settings),
    )


def _of_ingestion(settings: StackstateSettings, note: str) -> tuple[Recipe, ...]:
    return (
        _agent(settings, note),
        _receiver(settings, note),
        _otlp(settings, note),
        _remote_write(settings, note),
        _remote_write_basic(settings, note),
    )


def _curl(key: str, title: str, header: str, settings: StackstateSettings) -> Recipe:
    url = shlex.quote(f"{settings.api_url}/server/info")
    pieces = (
        f"printf '{header}%s\\n' ",
        _IN_SHELL,
        f" |\n  curl --fail --header @- {url}\n",
    )
    return Recipe(key, title, Syntax.SHELL, pieces)


def _sts_config(settings: StackstateSettings) -> Recipe:
    name = json.dumps(settings.name)
    pieces = (
        f"current-context: {name}\n"
        "contexts:\n"
        f"  - name: {name}\n"
        "    context:\n"
        f"      url: {json.dumps(settings.url)}\n"
        "      service-token: ",
        _IN_QUOTES,
        f"\n      api-path: {json.dumps(settings.api_path)}\n",
    )
    note = "belongs to ~/.config/stackstate-cli/config.yaml, which sts leaves readable by others"
    return Recipe("sts-config", "context of the sts command line", Syntax.YAML, pieces, note)


def _sts_save(settings: StackstateSettings) -> Recipe:
    pieces = (
        f"export STS_CLI_URL={shlex.quote(settings.url)}\nexport STS_CLI_SERVICE_TOKEN=",
        _IN_SHELL,
        f"\nsts context save --name {shlex.quote(settings.name)}\n",
    )
    note = "set both variables: the address alone sends the token of the current context there"
    return Recipe("sts-save", "sts context save", Syntax.SHELL, pieces, note)


def _helm_bootstrap() -> Recipe:
    pieces = (
        "stackstate:\n  authentication:\n    serviceToken:\n      bootstrap:\n        token: ",
        _IN_QUOTES,
        '\n        roles: [stackstate-admin]\n        ttl: "24h"\n',
    )
    title = "bootstrap token of a new server, Helm values"
    return Recipe("helm-bootstrap", title, Syntax.YAML, pieces, _BOOTSTRAP_NOTE)


def _mcp(settings: StackstateSettings) -> Recipe:
    name, url = json.dumps(settings.name), json.dumps(f"{settings.url}/mcp")
    pieces = (
        f'{{"mcpServers": {{{name}: {{"type": "http", "url": {url}, "headers": {{"X-API-Key": ',
        _IN_QUOTES,
        "}}}}\n",
    )
    return Recipe("mcp", "MCP server", Syntax.JSON, pieces)


def _agent(settings: StackstateSettings, note: str) -> Recipe:
    pieces = (
        "stackstate:\n"
        f"  url: {json.dumps(f'{settings.url}/receiver/stsAgent')}\n"
        "  cluster:\n"
        '    name: "<cluster>"\n'
        "  apiKey: ",
        _IN_QUOTES,
        "\n",
    )
    return Recipe("agent", "agent, Helm values", Syntax.YAML, pieces, note)


def _receiver(settings: StackstateSettings, note: str) -> Recipe:
    url = shlex.quote(f"{settings.url}/receiver/stsAgent/intake")
    pieces = (
        f"printf 'url = \"%s?api_key=%s\"\\n' {url} '",
        Slot(Part.TOKEN, Encoding.URL),
        "' |\n  curl --fail --config - --json @payload.json\n",
    )
    logged = "the token is part of the address, which proxies write into their logs"
    told = f"{note}; {logged}" if note else logged
    return Recipe("receiver", "agent receiver with api_key", Syntax.SHELL, pieces, told)


def _otlp(settings: StackstateSettings, note: str) -> Recipe:
    host = urlsplit(settings.url).hostname or ""
    pieces = (
        "extensions:\n  bearertokenauth:\n    scheme: SUSEObservability\n    token: ",
        _IN_QUOTES,
        "\nexporters:\n"
        "  otlphttp/suse-observability:\n"
        "    auth:\n"
        "      authenticator: bearertokenauth\n"
        f"    endpoint: {json.dumps(f'https://otlp-http-{host}')}\n"
        "service:\n"
        "  extensions: [bearertokenauth]\n",
    )
    ask = "ask the operator for the host of OTLP if it is not this one"
    told = f"{note}; {ask}" if note else ask
    return Recipe("otlp", "OpenTelemetry collector", Syntax.YAML, pieces, told)


def _remote_write(settings: StackstateSettings, note: str) -> Recipe:
    pieces = (f"{_remote_write_head(settings)}    headers:\n      sts-api-key: ", _IN_QUOTES, "\n")
    title = "Prometheus remote_write with a header"
    return Recipe("remote-write", title, Syntax.YAML, pieces, note)


def _remote_write_basic(settings: StackstateSettings, note: str) -> Recipe:
    pieces = (
        f"{_remote_write_head(settings)}    basic_auth:\n      username: apikey\n      password: ",
        _IN_QUOTES,
        "\n",
    )
    title = "Prometheus remote_write with basic auth"
    return Recipe("remote-write-basic", title, Syntax.YAML, pieces, note)


def _remote_write_head(settings: StackstateSettings) -> str:
    url = json.dumps(f"{settings.url}/receiver/prometheus/api/v1/write")
    return f"remote_write:\n  - url: {url}\n"
