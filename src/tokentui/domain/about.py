"""What a provider says of itself: its words, its settings, its ways of signing in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokentui.domain.model import Kind, ProviderKey

SettingValue = str | bool | float | tuple[str, ...] | dict[str, str]


class SettingType(StrEnum):
    """How a setting stands in `config.yaml`."""

    TEXT = "text"
    URL = "URL"
    PATH = "path"
    SECONDS = "number of seconds"
    FLAG = "true or false"
    TEXTS = "list of texts"
    TEXT_MAP = "mapping of name to text"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of a profile; set-up forms, flags and the checks of `config.yaml` follow it."""

    key: str
    type: SettingType
    help: str
    required: bool = False
    default: SettingValue | None = None


@dataclass(frozen=True, slots=True)
class SignInMethod:
    """One way to sign in: `auth.method` and the keys that go with it."""

    key: str
    title: str
    settings: tuple[Setting, ...]


@dataclass(frozen=True, slots=True)
class About:
    """A provider in its own words; `instance_noun` is its word for what a credential opens."""

    key: ProviderKey
    title: str
    instance_noun: str
    settings: tuple[Setting, ...]
    sign_ins: tuple[SignInMethod, ...]
    kinds: tuple[Kind, ...]


COMMON_SETTINGS = (
    Setting("ca_file", SettingType.PATH, "PEM file of the authority to trust beside the system's"),
    Setting("proxy", SettingType.URL, "proxy for this profile instead of the environment's"),
    Setting("timeout", SettingType.SECONDS, "longest wait for one answer", default=8.0),
    Setting(
        "insecure",
        SettingType.FLAG,
        "do not check the server's certificate; said on every screen",
        default=False,
    ),
)
"""Settings that every provider takes."""
