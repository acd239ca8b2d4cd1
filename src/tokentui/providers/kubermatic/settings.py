"""The settings of a KKP profile, checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tokentui.domain.errors import ConfigError
from tokentui.domain.text import clean
from tokentui.providers import options
from tokentui.providers.http_check import canonical_url, checked_base
from tokentui.providers.kubermatic.about import PRESETS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tokentui.domain.about import SettingValue

_API = re.compile(r"/api(/v[0-9]+)?/*$")


@dataclass(frozen=True, slots=True)
class KubermaticSettings:
    """Where the installation is; `projects` are ids and names, empty: all."""

    url: str
    projects: tuple[str, ...] = ()

    @property
    def server_id(self) -> str:
        """The installation's address, the same for each way to write it."""
        return canonical_url(self.url)

    @property
    def name(self) -> str:
        """The installation's host, for sentences."""
        return clean(urlsplit(self.url).hostname or "", 60)


def read_settings(settings: Mapping[str, SettingValue], where: str) -> KubermaticSettings:
    """Check a profile's settings. Raises `ConfigError` that names `where` and the key."""
    projects: tuple[str, ...] = ()
    if settings.get("projects") is not None:
        projects = tuple(dict.fromkeys(options.texts(settings, "projects", where)))
    return KubermaticSettings(_url(settings, where), projects)


def _url(settings: Mapping[str, SettingValue], where: str) -> str:
    """Give the address without what people copy with it: slashes and the API's path."""
    preset = options.optional_text(settings, "preset", where)
    if preset is not None and preset not in PRESETS:
        raise ConfigError(
            f"{where}: preset cannot be {clean(preset, 40)}", f"use {' or '.join(PRESETS)}"
        )
    url = options.optional_text(settings, "url", where) or PRESETS.get(preset or "")
    if url is None:
        raise ConfigError(
            f"{where} needs url, as text", f"add url, or preset: {' or '.join(PRESETS)}"
        )
    return _API.sub("", checked_base(url, f"{where}, url")).rstrip("/")
