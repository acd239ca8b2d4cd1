"""The settings of a Kubernetes profile, checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokentui.domain.errors import ConfigError
from tokentui.domain.text import clean
from tokentui.providers import options
from tokentui.providers.kubernetes import about

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tokentui.domain.about import SettingValue
    from tokentui.domain.profile import AuthSettings

NAMESPACE = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"
"""A DNS label (kubernetes.io, "Object Names and IDs", read 2026-08-21)."""


@dataclass(frozen=True, slots=True)
class KubernetesSettings:
    """Where the kubeconfig is and what of it counts.

    `context` empty: its current one; `kubeconfig` None: by client-go's rules; `namespaces`
    empty: all. `exec_allowed` is the mark of the program that may be run. `ca_file` is trusted
    beside what the kubeconfig names; `insecure`: no certificate is checked.
    """

    context: str = ""
    kubeconfig: Path | None = None
    namespaces: tuple[str, ...] = ()
    exec_allowed: str = ""
    ca_file: Path | None = None
    insecure: bool = False


def read_settings(
    settings: Mapping[str, SettingValue], auth: AuthSettings, where: str
) -> KubernetesSettings:
    """Check a profile's settings. Raises `ConfigError` that names `where` and the key."""
    if auth.method != about.KUBECONFIG:
        raise ConfigError(
            f"{where}: auth.method {clean(auth.method, 40)} is not known",
            f"use {about.KUBECONFIG}",
        )
    return KubernetesSettings(
        context=options.optional_text(settings, "context", where) or "",
        kubeconfig=_path(settings, "kubeconfig", where),
        namespaces=_namespaces(settings, where),
        exec_allowed=options.optional_text(settings, "exec_allowed", where) or "",
        ca_file=_path(settings, "ca_file", where),
        insecure=settings.get("insecure") is True,
    )


def _path(settings: Mapping[str, SettingValue], key: str, where: str) -> Path | None:
    return None if settings.get(key) is None else options.path(settings, key, where)


def _namespaces(settings: Mapping[str, SettingValue], where: str) -> tuple[str, ...]:
    if settings.get("namespaces") is None:
        return ()
    names = options.texts(settings, "namespaces", where)
    for name in names:
        if not re.fullmatch(NAMESPACE, name):
            raise ConfigError(
                f"{where}: namespaces has {clean(name, 80)!r}, which is no name of a namespace",
                "use lower-case letters, digits and hyphens",
            )
    return tuple(dict.fromkeys(names))
