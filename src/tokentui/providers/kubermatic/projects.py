"""The projects that a profile is for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tokentui.domain.errors import NotFound, ProviderError
from tokentui.domain.text import clean
from tokentui.providers.kubermatic import wire

if TYPE_CHECKING:
    from tokentui.providers.kubermatic.api import Api
    from tokentui.providers.kubermatic.settings import KubermaticSettings
    from tokentui.providers.kubermatic.wire import Project


@dataclass(frozen=True, slots=True)
class Chosen:
    """Projects, and why some are missing."""

    projects: tuple[Project, ...]
    failed: tuple[ProviderError, ...] = ()


class Projects:
    """Lists the projects and remembers their names, which other answers do not tell."""

    def __init__(self, api: Api, settings: KubermaticSettings) -> None:
        self._api = api
        self._wanted = settings.projects
        self._names: dict[str, str] = {}

    async def chosen(self) -> Chosen:
        """List those of the profile's settings. Raises `ProviderError`.

        Names can repeat in KKP; one that does is told apart by its id.
        """
        listed = wire.projects(await self._api.projects())
        often = Counter(one.name for one in listed.items)
        named = tuple(
            one if often[one.name] < 2 else replace(one, name=f"{one.name} ({clean(one.id, 40)})")
            for one in listed.items
        )
        self._names |= {one.id: one.name for one in named}
        if not self._wanted:
            return Chosen(named, listed.failed)
        found = {
            wanted: [
                shown
                for shown, one in zip(named, listed.items, strict=True)
                if wanted in (one.id, one.name)
            ]
            for wanted in self._wanted
        }
        missing = [self._missing(wanted) for wanted, those in found.items() if not those]
        projects = {one.id: one for those in found.values() for one in those}
        return Chosen(tuple(projects.values()), (*listed.failed, *missing))

    def name_of(self, project_id: str) -> str:
        """Give a project's name as far as it was listed, else its id."""
        return self._names.get(project_id) or clean(project_id, 60)

    def _missing(self, wanted: str) -> NotFound:
        return NotFound(
            f"{self._api.name} lists no project {clean(wanted, 60)} for this sign-in",
            "correct the profile's projects, or ask to become a member",
        )
