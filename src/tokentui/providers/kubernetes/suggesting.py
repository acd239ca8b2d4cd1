"""Finds values for the settings of a profile that is being made."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tokentui.domain.about import SettingChoice
from tokentui.domain.kubeconfig import Section
from tokentui.domain.text import clean, unprintable
from tokentui.providers.http_check import host_of
from tokentui.providers.kubernetes.kubeconfig_files import load
from tokentui.providers.kubernetes.settings import read_settings

if TYPE_CHECKING:
    from tokentui.providers.base import Connection
    from tokentui.providers.kubernetes.kubeconfig_files import Merged

CONTEXT = "context"


async def suggest(connection: Connection, setting: str) -> tuple[SettingChoice, ...]:
    """Give the contexts of the kubeconfig, the current one first; no server is asked.

    Raises `ConfigError` or `NotSignedIn`.
    """
    if setting != CONTEXT:
        return ()
    where = f"profile {clean(connection.profile, 60)}"
    settings = read_settings(connection.settings, connection.auth, where)
    merged = await asyncio.to_thread(load, settings.kubeconfig)
    names = [name for name in merged.entries[Section.CONTEXTS] if name and not unprintable(name)]
    names.sort(key=lambda name: name != merged.current_context)
    return tuple(SettingChoice(name, _label(merged, name)) for name in names)


def _label(merged: Merged, name: str) -> str:
    context = merged.entries[Section.CONTEXTS][name].body
    cluster = merged.find(Section.CLUSTERS, str(context.get("cluster") or ""))
    server = str(cluster.body.get("server") or "") if cluster else ""
    try:
        host = host_of(server)
    except ValueError:
        host = ""
    now = ", the current one" if name == merged.current_context else ""
    return clean(f"{name} ({host or 'no server'}{now})", 160)
