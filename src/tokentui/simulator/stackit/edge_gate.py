"""Who may do what with which Edge instance.

Source: STACKIT edge API description v1beta1 (x-stackit-authorization), read 2026-08-21. What the
service says for an unknown project or region, and where Edge is not enabled, is not published:
403 and 400 here.
"""

from __future__ import annotations

import json
import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from tokentui.simulator.stackit.edge_errors import EdgeError
from tokentui.simulator.stackit.model import REGIONS

if TYPE_CHECKING:
    from starlette.requests import Request

    from tokentui.simulator.stackit.access_tokens import AccessTokens
    from tokentui.simulator.stackit.model import EdgeInstance, Identity, Project
    from tokentui.simulator.stackit.world import StackitWorld


class EdgeGate:
    """Reads caller, project, region and instance from a request, or refuses it."""

    def __init__(self, world: StackitWorld, tokens: AccessTokens) -> None:
        self._world = world
        self._tokens = tokens

    def identity(self, request: Request) -> Identity:
        """Return the caller."""
        identity = self._tokens.caller(request)
        if identity is None:
            raise EdgeError(HTTPStatus.UNAUTHORIZED, "Authorization failed")
        return identity

    def reader(self, request: Request) -> Identity:
        """Return the caller if it may list and read."""
        identity = self.identity(request)
        if not identity.may_read:
            raise EdgeError(HTTPStatus.FORBIDDEN, "Missing permission on the project")
        return identity

    def writer(self, request: Request) -> Identity:
        """Return the caller if it may create, change, delete and mint."""
        identity = self.identity(request)
        if not identity.may_write:
            raise EdgeError(HTTPStatus.FORBIDDEN, "Missing permission on the project")
        return identity

    def project(self, request: Request) -> Project:
        """Return the project of the path."""
        project_id = request.path_params["project_id"]
        try:
            uuid.UUID(project_id)
        except ValueError:
            raise EdgeError(HTTPStatus.BAD_REQUEST, "projectId must be a UUID") from None
        project = self._world.projects.get(project_id)
        if project is None:
            raise EdgeError(HTTPStatus.FORBIDDEN, "Missing permission on the project")
        return project

    def place(self, request: Request) -> tuple[Project, str]:
        """Return project and region of the path, where Edge must be enabled."""
        project = self.project(request)
        region = request.path_params["region_id"]
        if region not in REGIONS:
            raise EdgeError(HTTPStatus.BAD_REQUEST, f"Region {region} is unknown")
        if not project.edge_enabled:
            raise EdgeError(
                HTTPStatus.FORBIDDEN,
                "Service cloud.stackit.edge-cloud is not enabled in the project",
            )
        return project, region

    def instance(self, request: Request) -> EdgeInstance:
        """Return the instance of the path, by its id or by its display name."""
        project, region = self.place(request)
        wanted_id = request.path_params.get("instance_id")
        wanted_name = request.path_params.get("display_name")
        for instance in self._world.instances(project.id, region):
            if instance.id == wanted_id or instance.display_name == wanted_name:
                return instance
        raise EdgeError(HTTPStatus.NOT_FOUND, "Instance not found")


async def json_object(request: Request) -> dict[str, Any]:
    """Return the body, which must be a JSON object."""
    try:
        body = json.loads(await request.body())
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise EdgeError(HTTPStatus.BAD_REQUEST, "Body is not a JSON object")
    return body
