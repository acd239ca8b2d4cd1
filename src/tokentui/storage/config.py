"""Reads `config.yaml`: profiles and settings, never secrets."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from tokentui.domain.errors import ConfigError
from tokentui.domain.profile import Config, Settings
from tokentui.storage.config_item import Item, nearest
from tokentui.storage.config_profile import ProfileReader, Rules
from tokentui.storage.config_values import choice, span, text, text_map
from tokentui.storage.config_yaml import read
from tokentui.storage.private_files import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tokentui.domain.about import About
    from tokentui.domain.model import ProviderKey
    from tokentui.domain.profile import Profile

CLIPBOARD_ROUTES = ("auto", "tmux", "screen", "osc52", "local", "none")
CLEAR_AFTER = timedelta(seconds=45)

_TOP_KEYS = ("profiles", "settings")
_SETTING_KEYS = ("clipboard", "clear_after", "theme", "keys")


def load(
    path: Path,
    about: Callable[[ProviderKey], About | None],
    providers: Sequence[ProviderKey] = (),
) -> Config:
    """Read a configuration; a missing file is an empty one.

    `about` gives a provider's description, None for one that is not installed; `providers` are
    the known ones, for suggestions. Only a file that is no YAML mapping raises `ConfigError`;
    other faults are in `Config.problems`, and a profile that has one is left out. Settings that
    are not given are not filled in with their defaults.
    """
    document = read(path)
    problems: list[ConfigError] = []
    if document.exposed:
        problems.append(
            ConfigError(f"{shown(path)} {document.exposed}", f"run chmod go-w {shown(path)}")
        )
    if document.root is None:
        return Config(path, (), Settings(CLEAR_AFTER), tuple(problems))
    top = Item(path.name, "", "", 1, document.root).children(problems)
    problems.extend(
        item.error("is not known here", nearest(item.name, _TOP_KEYS))
        for item in top.values()
        if item.name not in _TOP_KEYS
    )
    rules = Rules(about, providers, path.absolute().parent, document.exposed)
    profiles = _profiles(top["profiles"], rules, problems) if "profiles" in top else ()
    settings = _settings(top["settings"], problems) if "settings" in top else Settings(CLEAR_AFTER)
    return Config(path, profiles, settings, tuple(problems))


def _profiles(item: Item, rules: Rules, problems: list[ConfigError]) -> tuple[Profile, ...]:
    profiles: list[Profile] = []
    for child in item.children(problems).values():
        reader = ProfileReader(child, rules)
        if profile := reader.read():
            profiles.append(profile)
        problems.extend(reader.problems)
    return tuple(profiles)


def _settings(item: Item, problems: list[ConfigError]) -> Settings:
    settings = Settings(CLEAR_AFTER)
    for child in item.children(problems).values():
        try:
            settings = _with(settings, child)
        except ConfigError as error:
            problems.append(error)
    return settings


def _with(settings: Settings, item: Item) -> Settings:
    match item.name:
        case "clipboard":
            return replace(settings, clipboard=choice(item, CLIPBOARD_ROUTES))
        case "clear_after":
            return replace(settings, clear_after=span(item))
        case "theme":
            return replace(settings, theme=text(item))
        case "keys":
            return replace(settings, keys=text_map(item))
    raise item.error("is not a setting", nearest(item.name, _SETTING_KEYS))
