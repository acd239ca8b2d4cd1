"""The organization of the simulated STACKIT with its folders and projects, as JSON.

Source: STACKIT resource-manager API description v2, read 2026-08-21.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from tokentui.simulator.stackit.edge_wire import rfc3339
from tokentui.simulator.stackit.world import uuid_of

if TYPE_CHECKING:
    from tokentui.simulator.stackit.model import Project
    from tokentui.simulator.stackit.world import StackitWorld

ORGANIZATION = "ACME"
_AGE = timedelta(days=700)
_Json = dict[str, object]


class ResourceTree:
    """Where each project belongs; everything is as old as the organization."""

    def __init__(self, world: StackitWorld) -> None:
        self._world = world
        self.created = (world.ground.clock.now() - _AGE).replace(microsecond=0)

    @property
    def organization_ids(self) -> tuple[str, str]:
        """UUID and container id of the organization."""
        return _container_ids("organization", ORGANIZATION)

    def ids_of(self, project: Project) -> tuple[str, str]:
        """Return UUID and container id of a project, which address it alike."""
        return project.id, _container_id(project.name, project.id)

    def has_container(self, wanted: str) -> bool:
        """Whether that is the organization or a folder."""
        folders = {one.folder for one in self._world.projects.values() if one.folder is not None}
        known = [_container_ids("folder", name) for name in folders] + [self.organization_ids]
        return any(wanted in ids for ids in known)

    def is_child(self, project: Project, container: str) -> bool:
        """Whether a project is directly in the organization or folder."""
        return container in self._parent_ids(project)

    def project_json(self, project: Project) -> _Json:
        """Return a project."""
        parent_id, parent_container_id = self._parent_ids(project)
        kind = "ORGANIZATION" if project.folder is None else "FOLDER"
        return {
            "projectId": project.id,
            "containerId": self.ids_of(project)[1],
            "name": self._world.text(project.name),
            "lifecycleState": "ACTIVE",
            "parent": {"id": parent_id, "containerId": parent_container_id, "type": kind},
            "labels": {"team": self._world.text("edge")},
        } | self._times()

    def parents_json(self, project: Project) -> list[_Json]:
        """Return the containers above a project, the nearest first."""
        top_id, top_container_id = self.organization_ids
        top: _Json = {
            "id": top_id,
            "containerId": top_container_id,
            "name": self._world.text(ORGANIZATION),
            "type": "ORGANIZATION",
        }
        if project.folder is None:
            return [top]
        folder_id, container_id = self._parent_ids(project)
        folder: _Json = {
            "id": folder_id,
            "containerId": container_id,
            "name": self._world.text(project.folder),
            "type": "FOLDER",
            "parentId": top_id,
            "containerParentId": top_container_id,
        }
        return [folder, top]

    def organization_json(self) -> _Json:
        """Return the organization."""
        organization_id, container_id = self.organization_ids
        return {
            "organizationId": organization_id,
            "containerId": container_id,
            "name": self._world.text(ORGANIZATION),
            "lifecycleState": "ACTIVE",
        } | self._times()

    def _parent_ids(self, project: Project) -> tuple[str, str]:
        if project.folder is None:
            return self.organization_ids
        return _container_ids("folder", project.folder)

    def _times(self) -> _Json:
        return {"creationTime": rfc3339(self.created), "updateTime": rfc3339(self.created)}


def _container_ids(kind: str, name: str) -> tuple[str, str]:
    container_uuid = uuid_of(f"{kind}/{name}")
    return container_uuid, _container_id(name, container_uuid)


def _container_id(name: str, container_uuid: str) -> str:
    return f"{re.sub('[^a-z0-9]+', '-', name.lower())}-{container_uuid[:7]}"
