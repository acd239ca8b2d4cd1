"""What the flags of `profile add` say, as a profile that can be checked and written."""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from tokentui.cli.profile_flags import build_flags, flag_of, has_flag, settings_of
from tokentui.domain.about import SettingType
from tokentui.domain.errors import UsageError
from tokentui.domain.model import ProfileName
from tokentui.domain.profile_draft import Draft

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tokentui.domain.about import About, Setting, SettingValue, SignInMethod

    _Given = Mapping[str, object]
    _Texts = dict[str, list[str]]

_SECRETS = re.compile("token|secret|password|apikey|api-key|bearer")
_TRUTHS = {"true": True, "false": False}


def draft_of(about: About, words: Sequence[str]) -> tuple[Draft, bool]:
    """Read the words after PROVIDER; gives the profile and whether to try it.

    Raises `UsageError`. No error repeats a value, which could be a secret in the wrong place.
    """
    options, unknown = build_flags(about).parse_known_args(words)
    if unknown:
        raise _not_understood(about, unknown)
    given = vars(options)
    method = _method(about, given["auth"])
    draft = Draft(
        name=ProfileName(given["name"]),
        provider=about.key,
        method=method.key if method else "",
        options=_options(about, method, given) if method else {},
        settings=_settings(about, given),
        guard=_guard(given),
    )
    return draft, given["test"]


def _not_understood(about: About, unknown: Sequence[str]) -> UsageError:
    see = f"see 'tokentui profile add {about.key} --help'"
    flags = [word.partition("=")[0] for word in unknown if word.startswith("--")]
    if not flags:
        return UsageError("there are words that belong to no flag", f"give one NAME; {see}")
    if _SECRETS.search(flags[0]):
        return UsageError(
            f"{about.title} takes no {flags[0]}, since config.yaml holds no secrets",
            "say where the secret is: --auth file --auth-path FILE, or see --help for other ways",
        )
    near = get_close_matches(flags[0], _flags(about), n=1)
    hint = f"did you mean {near[0]}?" if near else see
    return UsageError(f"{about.title} takes no {flags[0]}", hint)


def _flags(about: About) -> list[str]:
    """Give the flags that differ between the systems, and the one that leads to them."""
    options = {f"auth.{option.key}" for method in about.sign_ins for option in method.settings}
    return [flag_of(key) for key in ("auth", *settings_of(about), *sorted(options))]


def _method(about: About, asked: str | None) -> SignInMethod | None:
    if asked is None:
        return None
    known = {method.key: method for method in about.sign_ins}
    if asked not in known:
        near = get_close_matches(asked, known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"use one of {', '.join(known)}"
        raise UsageError(f"--auth names no way to sign in to {about.title}", hint)
    return known[asked]


def _options(about: About, method: SignInMethod, given: _Given) -> dict[str, SettingValue]:
    own = {option.key: option for option in method.settings}
    texts = _texts(given, "auth.")
    for key in texts:
        if key not in own:
            takes = ", ".join(flag_of(f"auth.{known}") for known in own) or "no options"
            raise UsageError(
                f"the sign-in {method.key} has no {flag_of(f'auth.{key}')}",
                f"it takes {takes} (see 'tokentui profile add {about.key} --help')",
            )
    return {key: _value(flag_of(f"auth.{key}"), own[key], texts[key]) for key in texts}


def _settings(about: About, given: _Given) -> dict[str, SettingValue]:
    known = settings_of(about)
    texts = _texts(given, "settings.")
    pairs = given["set"]
    for pair in pairs if isinstance(pairs, list) else []:
        key, equals, value = pair.partition("=")
        if not equals or key not in known:
            raise UsageError(
                "--set takes KEY=VALUE with the key of a setting", f"use {', '.join(known)}"
            )
        texts.setdefault(key, []).append(value)
    return {
        key: _value(flag_of(key) if has_flag(key) else f"--set {key}", setting, texts[key])
        for key, setting in known.items()
        if key in texts
    }


def _texts(given: _Given, section: str) -> _Texts:
    """Give the texts of all flags of a section that were given, by key."""
    return {
        dest.removeprefix(section): list(texts)
        for dest, texts in given.items()
        if dest.startswith(section) and isinstance(texts, list)
    }


def _guard(given: _Given) -> dict[str, SettingValue]:
    guard: dict[str, SettingValue] = {
        key: True for key in ("protected", "read_only") if given[key] is True
    }
    for key in ("max_lifetime", "default_lifetime"):
        span = given[key]
        if isinstance(span, str):
            guard[key] = span
    if given["purpose_required"] is True:
        guard["purpose"] = "required"
    return guard


def _value(flag: str, setting: Setting, texts: list[str]) -> SettingValue:
    """Read a setting's value. Raises `UsageError` that names the flag."""
    if setting.type is SettingType.TEXTS:
        return tuple(texts)
    if setting.type is SettingType.TEXT_MAP:
        return dict(_pair(flag, text) for text in texts)
    if len(texts) > 1:
        raise UsageError(f"{flag} is given {len(texts)} times", "give it once")
    text = texts[0]
    match setting.type:
        case SettingType.FLAG:
            if text not in _TRUTHS:
                raise UsageError(f"{flag} takes true or false", "write it so")
            return _TRUTHS[text]
        case SettingType.SECONDS:
            return _seconds(flag, text)
        case SettingType.PATH:
            return _path(text)
        case _:
            return text


def _pair(flag: str, text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f"{flag} takes NAME=VALUE", "write an equals sign between the two")
    return name, value


def _seconds(flag: str, text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        raise UsageError(f"{flag} takes a number of seconds", "write it like 8 or 2.5") from None
    return int(seconds) if seconds.is_integer() else seconds


def _path(text: str) -> str:
    """Write a path so that it means the same from the configuration's folder."""
    return text if not text or text.startswith("~") else str(Path.cwd() / text)
