"""Values of `config.yaml`, read as the type that their setting declares."""

from __future__ import annotations

import math
from datetime import UTC, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import yaml

from tokentui.domain.about import SettingType
from tokentui.domain.errors import UsageError
from tokentui.domain.lifetime import Span, parse
from tokentui.domain.text import unprintable
from tokentui.storage.config_item import nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokentui.domain.about import Setting, SettingValue
    from tokentui.domain.errors import ConfigError
    from tokentui.storage.config_item import Item

_BOOL = "tag:yaml.org,2002:bool"
_NUMBERS = frozenset({"tag:yaml.org,2002:int", "tag:yaml.org,2002:float"})
_TRUE = frozenset({"true", "yes", "on"})
_SCHEMES = frozenset({"http", "https"})
_QUOTED = 40


def setting(item: Item, declared: Setting, folder: Path) -> SettingValue:
    """Read a setting; relative paths are below `folder`. Raises `ConfigError`."""
    value = _typed(item, declared.type, folder)
    if declared.choices:
        for word in item.elements() if isinstance(value, tuple) else (item,):
            choice(word, declared.choices)
    return value


def _typed(item: Item, kind: SettingType, folder: Path) -> SettingValue:
    match kind:
        case SettingType.TEXT:
            return text(item)
        case SettingType.URL:
            return _url(item)
        case SettingType.PATH:
            return _path(item, folder)
        case SettingType.SECONDS:
            return _seconds(item)
        case SettingType.FLAG:
            return flag(item)
        case SettingType.TEXTS:
            return _texts(item)
        case SettingType.TEXT_MAP:
            return text_map(item)


def text(item: Item) -> str:
    """Read a text; numbers and dates are taken as they are written. Raises `ConfigError`."""
    if item.is_empty:
        raise item.error("is empty", "give it a value or remove the line")
    if not isinstance(item.node, yaml.ScalarNode):
        raise item.error("must be a text", "write the value behind the colon")
    if item.node.tag == _BOOL:
        raise item.error("must be a text and is true or false", "put the word in quotes")
    value: str = item.node.value
    if not value.strip():
        raise item.error("is empty", "give it a value or remove the line")
    if unprintable(value):
        raise item.error("holds characters that cannot be shown", "remove them")
    return value


def flag(item: Item) -> bool:
    """Read true or false. Raises `ConfigError`."""
    if item.node.tag != _BOOL:
        raise item.error("must be true or false", "write true or false, without quotes")
    return item.node.value.lower() in _TRUE


def choice(item: Item, choices: Sequence[str]) -> str:
    """Read one of a few words. Raises `ConfigError`."""
    word = text(item)
    if word not in choices:
        raise item.error(f"cannot be {word[:_QUOTED]}", nearest(word, choices))
    return word


def span(item: Item) -> timedelta:
    """Read a length of time like 45s or 30d. Raises `ConfigError`."""
    try:
        lifetime = parse(text(item), UTC)
    except UsageError as error:
        raise item.error(f"is no length of time: {error.message}", error.next_step) from None
    if not isinstance(lifetime, Span):
        raise item.error("must be an exact length of time", "write it like 45s, 10m, 36h or 30d")
    return lifetime.delta


def text_map(item: Item) -> dict[str, str]:
    """Read a mapping of names to texts. Raises `ConfigError`."""
    problems: list[ConfigError] = []
    children = item.children(problems)
    if problems:
        raise problems[0]
    return {name: text(child) for name, child in children.items()}


def _texts(item: Item) -> tuple[str, ...]:
    if not isinstance(item.node, yaml.SequenceNode):
        raise item.error("must be a list of texts", "write it like [one, two]")
    return tuple(text(element) for element in item.elements())


def _url(item: Item) -> str:
    value = text(item)
    try:
        parts = urlsplit(value)
        fits = parts.scheme in _SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    if not fits or " " in value:
        raise item.error("must be a URL", "write it like https://host.example")
    if parts.username is not None or parts.password is not None:
        raise item.error("holds a user name or a password", "take it out of the URL")
    return value


def _path(item: Item, folder: Path) -> str:
    try:
        return str(folder / Path(text(item)).expanduser())
    except RuntimeError:
        raise item.error("begins with the home of an unknown user", "write the full path") from None


def _seconds(item: Item) -> float:
    if item.node.tag in _NUMBERS:
        try:
            seconds = float(item.node.value)
        except ValueError:
            seconds = math.nan
        if 0 < seconds < math.inf:
            return seconds
    raise item.error("must be a number of seconds above zero", "write it like 8 or 2.5")
