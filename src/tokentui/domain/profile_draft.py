"""A profile that is not configured yet, as it would stand in `config.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tokentui.domain.errors import ConfigError

if TYPE_CHECKING:
    from tokentui.domain.about import SettingValue
    from tokentui.domain.model import ProfileName, ProviderKey

_SECRETS = re.compile(
    r"eyJ[\w-]{4,}\.[\w-]{4,}\.[\w-]+"  # a JSON Web Token: RFC 7519, section 3
    r"|svctok-[\w-]{8,}"  # StackState service tokens, as its command line makes them
    r"|-----BEGIN [A-Z ]*PRIVATE KEY"
)


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody asked for; nothing is checked. Values are written as they are.

    `guard` holds the keys of the section `guard`. An empty `method`: none was chosen.
    """

    name: ProfileName
    provider: ProviderKey
    method: str = ""
    options: Mapping[str, SettingValue] = field(default_factory=dict)
    settings: Mapping[str, SettingValue] = field(default_factory=dict)
    guard: Mapping[str, SettingValue] = field(default_factory=dict)

    def content(self) -> dict[str, object]:
        """Give what stands behind the profile's name."""
        content: dict[str, object] = {"provider": str(self.provider), **self.settings}
        content["auth"] = {"method": self.method, **self.options}
        if self.guard:
            content["guard"] = dict(self.guard)
        return content

    def secret_places(self) -> tuple[str, ...]:
        """Name the keys whose value looks like a secret, which no configuration may hold."""
        places = {"name": self.name, "provider": self.provider, "auth.method": self.method}
        values = {
            **places,
            **self.settings,
            **{f"auth.{key}": value for key, value in self.options.items()},
            **{f"guard.{key}": value for key, value in self.guard.items()},
        }
        return tuple(
            key for key, value in values.items() if any(map(_SECRETS.search, _texts(value)))
        )


class ByHand(ConfigError):
    """A file that cannot be edited without risk; `block` is what to write into it by hand."""

    def __init__(self, message: str, next_step: str, block: str = "") -> None:
        super().__init__(message, next_step)
        self.block = block


def _texts(value: SettingValue) -> Iterator[str]:
    """Give all texts in a value, the names in a mapping too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (*value, *value.values())
    elif isinstance(value, Sequence):
        yield from value
