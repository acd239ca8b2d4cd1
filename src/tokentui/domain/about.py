"""What a provider says of itself: its words, its settings, its ways of signing in."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tokentui.domain.account import AccountAbility
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
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SettingChoice:
    """A value that a setting can have, found by asking the system; `label` names it."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class SignInMethod:
    """One way to sign in: `auth.method` and the keys that go with it."""

    key: str
    title: str
    settings: tuple[Setting, ...]


@dataclass(frozen=True, slots=True)
class AccountKind:
    """A kind of account. `group_label` is the word for what gives it rights; empty: nothing does.

    `cannot` says for an ability that is missing why it is.
    """

    noun: str
    abilities: frozenset[AccountAbility]
    cannot: Mapping[AccountAbility, str] = field(default_factory=dict)
    group_label: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """A provider in its own words; `instance_noun` is its word for what a credential opens.

    Without `account_kinds`, `no_accounts` says why there are none. `caution` is what a person
    should know before relying on it, such as an interface that its vendor does not describe.
    """

    key: ProviderKey
    title: str
    instance_noun: str
    settings: tuple[Setting, ...]
    sign_ins: tuple[SignInMethod, ...]
    kinds: tuple[Kind, ...]
    account_kinds: tuple[AccountKind, ...] = ()
    no_accounts: str = ""
    caution: str = ""

    @property
    def without_accounts(self) -> str:
        """Say that it has no accounts, and why."""
        return f"{self.title} has no accounts: {self.no_accounts}"


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
