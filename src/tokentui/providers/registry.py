"""Finds providers by name: built-in ones in a table, others through entry points."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from tokentui.domain.errors import ConfigError
from tokentui.domain.model import ProviderKey
from tokentui.domain.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tokentui.providers.base import ProviderPlugin

GROUP = "tokentui.providers"
BUILT_IN: Mapping[ProviderKey, str] = {
    ProviderKey("stackit"): "tokentui.providers.stackit:PROVIDER",
    ProviderKey("stackstate"): "tokentui.providers.stackstate:PROVIDER",
    ProviderKey("cloudfleet"): "tokentui.providers.cloudfleet:PROVIDER",
    ProviderKey("kubermatic"): "tokentui.providers.kubermatic:PROVIDER",
    ProviderKey("kubernetes"): "tokentui.providers.kubernetes:PROVIDER",
}
_OURS = "tokentui"


@dataclass(frozen=True, slots=True)
class Broken:
    """A provider that is named but cannot be used, and why."""

    key: ProviderKey
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """An entry point: a provider's name, where it is, and the distribution that names it."""

    key: ProviderKey
    place: str
    distribution: str


def installed() -> tuple[Found, ...]:
    """Read the entry points of all installed distributions; takes tens of milliseconds."""
    from importlib.metadata import entry_points

    return tuple(
        Found(ProviderKey(point.name), point.value, point.dist.name if point.dist else "unknown")
        for point in entry_points(group=GROUP)
    )


class Registry:
    """The providers that can be used. `find` gives what other distributions name."""

    def __init__(
        self,
        built_in: Mapping[ProviderKey, str] = BUILT_IN,
        find: Callable[[], Iterable[Found]] = installed,
    ) -> None:
        self._built_in = built_in
        self._find = find

    def names(self, *, third_parties: bool = False) -> tuple[ProviderKey, ...]:
        """Give the providers' names; imports none of them."""
        others = self._others() if third_parties else {}
        return tuple(sorted({*self._built_in, *others}))

    def load(self, key: ProviderKey) -> ProviderPlugin:
        """Import one provider. Raises `ConfigError` if it is unknown, doubled or broken."""
        if key in self._built_in:
            return self._import(key, self._built_in[key])
        others = self._others()
        if key not in others:
            near = get_close_matches(key, [*self._built_in, *others], n=1)
            known = near or self.names(third_parties=True)
            raise ConfigError(
                f"the provider {clean(key, 60)} is not known", f"use {' or '.join(known)}"
            )
        self._refuse_doubles(key, others[key])
        return self._import(key, others[key][0].place)

    def survey(self) -> tuple[ProviderPlugin | Broken, ...]:
        """Import all providers; one that fails is a row with its reason, not an error."""
        others = self._others()
        return tuple(
            self._or_broken(key, others.get(key, ())) for key in self.names(third_parties=True)
        )

    def _or_broken(self, key: ProviderKey, found: tuple[Found, ...]) -> ProviderPlugin | Broken:
        try:
            self._refuse_doubles(key, found)
            return self.load(key)
        except ConfigError as error:
            return Broken(key, error.sentence)

    def _others(self) -> dict[ProviderKey, tuple[Found, ...]]:
        """Group what is installed by name, without our own entries for the built-in ones."""
        grouped: dict[ProviderKey, tuple[Found, ...]] = {}
        for found in self._find():
            if found.place != self._built_in.get(found.key):
                grouped[found.key] = (*grouped.get(found.key, ()), found)
        return grouped

    def _refuse_doubles(self, key: ProviderKey, found: tuple[Found, ...]) -> None:
        owners = [clean(one.distribution, 60) for one in found]
        if key in self._built_in:
            owners.insert(0, _OURS)
        if len(owners) > 1:
            raise ConfigError(
                f"the provider {clean(key, 60)} is named by {' and '.join(owners)}",
                "uninstall one of them",
            )

    def _import(self, key: ProviderKey, place: str) -> ProviderPlugin:
        shown = clean(key, 60)
        module, _, attribute = place.partition(":")
        try:
            plugin: ProviderPlugin = getattr(importlib.import_module(module), attribute)
            named = plugin.about.key
            usable = callable(plugin.connect)
        except Exception as error:  # noqa: BLE001  # foreign code may raise anything at import
            why = clean(f"{type(error).__name__}: {error}", 200)
            raise ConfigError(
                f"the provider {shown} cannot be loaded ({why})", "update or uninstall it"
            ) from None
        if named != key or not usable:
            raise ConfigError(
                f"the provider {shown} is not what it is named for: it calls itself "
                f"{clean(str(named), 60)}",
                "tell its author",
            )
        return plugin
