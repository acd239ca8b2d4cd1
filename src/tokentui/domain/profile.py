"""A configured connection: provider, where, how it signs in, guard rails."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta
    from pathlib import Path

    from tokentui.domain.about import SettingValue
    from tokentui.domain.errors import ConfigError
    from tokentui.domain.model import ProfileName, ProviderKey


@dataclass(frozen=True, slots=True)
class Guard:
    """The profile's own rules, kept by the services for every face alike."""

    protected: bool = False
    read_only: bool = False
    purpose_required: bool = False
    max_lifetime: timedelta | None = None
    default_lifetime: timedelta | None = None


@dataclass(frozen=True, slots=True)
class AuthSettings:
    """How a profile signs in: the method's key and its settings, never a secret."""

    method: str
    options: Mapping[str, SettingValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Profile:
    """One connection; `settings` are checked against what the provider declares."""

    name: ProfileName
    provider: ProviderKey
    auth: AuthSettings
    settings: Mapping[str, SettingValue] = field(default_factory=dict)
    guard: Guard = field(default_factory=Guard)


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of the program itself. `clear_after` is how long the clipboard keeps a secret."""

    clear_after: timedelta
    clipboard: str = "auto"
    theme: str = "textual-dark"
    keys: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Config:
    """`config.yaml` as read: the profiles that can be used, and what is wrong with the others."""

    path: Path
    profiles: tuple[Profile, ...]
    settings: Settings
    problems: tuple[ConfigError, ...] = ()
