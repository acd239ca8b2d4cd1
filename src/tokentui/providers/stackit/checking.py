"""Checks a new Edge credential at the API server that it opens."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tokentui.domain.model import Form, Instance, Verification
from tokentui.providers.http_check import is_safe_url
from tokentui.providers.kube import check_kubeconfig, check_token

if TYPE_CHECKING:
    from tokentui.domain.model import Issued
    from tokentui.providers.http import Http


async def check(http: Http, issued: Issued, template: str) -> Verification:
    """Ask the API server of the template for a token, the kubeconfig's own for a kubeconfig."""
    if issued.kind.form is Form.KUBECONFIG:
        return await check_kubeconfig(http, issued.secret)
    server = api_server(issued.target, template) if isinstance(issued.target, Instance) else ""
    if not server:
        return Verification(None, "it could not be checked: its API server is not known")
    return await check_token(http, server, issued.secret)


def api_server(instance: Instance, template: str) -> str:
    """Fill the template in; empty if it needs the Edge UI's host and that is not known."""
    host = urlsplit(instance.ui_url).hostname or ""
    if "{host}" in template and not host:
        return ""
    server = template.format(host=host, id=instance.native_id)
    return server if is_safe_url(server) else ""
