"""A whole installation as an application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException

from tokentui.simulator.kubermatic.account_api import AccountApi
from tokentui.simulator.kubermatic.binding_api import BindingApi
from tokentui.simulator.kubermatic.cluster_account_api import ClusterAccountApi
from tokentui.simulator.kubermatic.cluster_api import ClusterApi
from tokentui.simulator.kubermatic.errors import ApiError, api_error_handler, router_error
from tokentui.simulator.kubermatic.gate import Gate
from tokentui.simulator.kubermatic.kubeconfig_api import KubeconfigApi
from tokentui.simulator.kubermatic.project_api import ProjectApi
from tokentui.simulator.kubermatic.token_api import TokenApi

if TYPE_CHECKING:
    from tokentui.simulator.kubermatic.server import KubermaticServer


def server_app(server: KubermaticServer) -> Starlette:
    """Return the application to mount at the installation's path."""
    gate = Gate(server)
    apis = (
        ProjectApi(server, gate),
        AccountApi(server, gate),
        TokenApi(server, gate),
        ClusterApi(server, gate),
        KubeconfigApi(server, gate),
        ClusterAccountApi(server, gate),
        BindingApi(server, gate),
    )
    app = Starlette(
        routes=[route for api in apis for route in api.routes()],
        exception_handlers={ApiError: api_error_handler(server), HTTPException: router_error},
    )
    app.router.redirect_slashes = False
    return app
