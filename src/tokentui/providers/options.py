"""Takes settings by name and type; a profile that was not checked gets a clear error."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tokentui.domain.errors import ConfigError
from tokentui.domain.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tokentui.domain.about import SettingValue


def text(options: Mapping[str, SettingValue], key: str, where: str) -> str:
    """Give a text that must be there. Raises `ConfigError`; `where` names the section."""
    value = options.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ConfigError(f"{where} needs {key}, as text", f"add {key} to it")
    return value.strip()


def optional_text(options: Mapping[str, SettingValue], key: str, where: str) -> str | None:
    """Give a text, None if there is none. Raises `ConfigError`."""
    return None if options.get(key) is None else text(options, key, where)


def path(options: Mapping[str, SettingValue], key: str, where: str) -> Path:
    """Give a path that must be there, with `~` replaced. Raises `ConfigError`."""
    value = text(options, key, where)
    try:
        return Path(value).expanduser()
    except RuntimeError:
        raise ConfigError(f"{where} has a {key} of an unknown user", f"correct {key}") from None


def texts(options: Mapping[str, SettingValue], key: str, where: str) -> tuple[str, ...]:
    """Give a list of texts that must be there. Raises `ConfigError`."""
    value = options.get(key)
    if isinstance(value, list | tuple) and value and all(isinstance(v, str) for v in value):
        return tuple(value)
    raise ConfigError(f"{where} needs {key}, as a list of texts", f"correct {key}")


def text_map(options: Mapping[str, SettingValue], key: str, where: str) -> dict[str, str]:
    """Give a mapping of texts, empty if there is none. Raises `ConfigError`."""
    value = options.get(key)
    if value is None:
        return {}
    if isinstance(value, dict) and all(isinstance(v, str) for v in value.values()):
        return dict(value)
    raise ConfigError(f"{where} needs {key} as a mapping of name to text", f"correct {key}")


def seconds(options: Mapping[str, SettingValue], key: str, where: str, default: float) -> float:
    """Give a positive number of seconds. Raises `ConfigError`."""
    value = options.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 3600:
        shown = clean(str(value), 40)
        raise ConfigError(f"{where} has {key}: {shown}", "give a number of seconds up to 3600")
    return float(value)
