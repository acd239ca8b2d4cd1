"""One profile of `config.yaml`, checked against what its provider declares."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokentui.domain.about import COMMON_SETTINGS
from tokentui.domain.errors import ConfigError, TokentuiError
from tokentui.domain.model import ProfileName, ProviderKey
from tokentui.domain.profile import AuthSettings, Guard, Profile
from tokentui.domain.text import clean
from tokentui.storage.config_guard import read_guard
from tokentui.storage.config_item import nearest
from tokentui.storage.config_values import setting, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from tokentui.domain.about import About, Setting, SettingValue, SignInMethod
    from tokentui.storage.config_item import Item

_NAME = re.compile(r"[A-Za-z0-9._-]{1,40}")
_RUNS_A_COMMAND = "command"
_PROVIDER, _AUTH, _GUARD, _METHOD = "provider", "auth", "guard", "method"
_QUOTED = 40
_HOW_TO_SIGN_IN = "write it like auth: {method: env, variable: NAME}"


@dataclass(frozen=True, slots=True)
class Rules:
    """What profiles are checked against.

    `about` gives a provider's description, None for one that is not installed; `providers` are
    the known ones, for suggestions. `exposed` says how others could change the file.
    """

    about: Callable[[ProviderKey], About | None]
    providers: Sequence[ProviderKey]
    folder: Path
    exposed: str


class ProfileReader:
    """Reads one profile and collects everything that is wrong with it in `problems`."""

    def __init__(self, item: Item, rules: Rules) -> None:
        self._item = item
        self._rules = rules
        self.problems: list[ConfigError] = []

    def read(self) -> Profile | None:
        """Give the profile, None if there is any problem."""
        if not _NAME.fullmatch(self._item.name):
            self._problem("cannot be a profile's name", "use up to 40 letters, digits, . _ and -")
        keys = self._item.children(self.problems)
        about = self._about(keys.pop(_PROVIDER, None))
        if about is None:
            return None
        profile = Profile(
            name=ProfileName(self._item.name),
            provider=about.key,
            auth=self._auth(keys.pop(_AUTH, None), about),
            guard=self._guard(keys.pop(_GUARD, None)),
            settings=self._settings(
                self._item,
                keys.values(),
                (*about.settings, *COMMON_SETTINGS),
                f"a setting of {about.key}",
            ),
        )
        return None if self.problems else profile

    def _problem(self, what: str, next_step: str) -> None:
        self.problems.append(self._item.error(what, next_step))

    def _about(self, provider: Item | None) -> About | None:
        if provider is None:
            self._problem("has no provider", f"add `{_PROVIDER}: ` and its name")
            return None
        try:
            key = ProviderKey(text(provider))
        except ConfigError as error:
            self.problems.append(error)
            return None
        try:
            about = self._rules.about(key)
        except TokentuiError as error:
            self.problems.append(
                provider.error(f"cannot be used: {error.message}", error.next_step)
            )
            return None
        if about is None:
            hint = nearest(key, self._rules.providers)
            self.problems.append(
                provider.error(
                    f"names {clean(key, _QUOTED)}, which is not installed",
                    hint or "install its plug-in",
                )
            )
        return about

    def _auth(self, auth: Item | None, about: About) -> AuthSettings:
        if auth is None:
            self._problem("does not say how to sign in", _HOW_TO_SIGN_IN)
            return AuthSettings("")
        options = auth.children(self.problems)
        method = self._method(auth, options.pop(_METHOD, None), about)
        if method is None:
            return AuthSettings("")
        if method.key == _RUNS_A_COMMAND and self._rules.exposed:
            self.problems.append(
                auth.error(
                    f"runs a command, but the file {self._rules.exposed}",
                    f"run chmod go-w {self._item.file} and check the command",
                )
            )
        owner = f"an option of the method {method.key}"
        return AuthSettings(
            method.key, self._settings(auth, options.values(), method.settings, owner)
        )

    def _method(self, auth: Item, method: Item | None, about: About) -> SignInMethod | None:
        known = {sign_in.key: sign_in for sign_in in about.sign_ins}
        if method is None:
            self.problems.append(auth.error("has no method", nearest("", known)))
            return None
        try:
            key = text(method)
        except ConfigError as error:
            self.problems.append(error)
            return None
        if key not in known:
            self.problems.append(
                method.error(f"is no way to sign in to {about.title}", nearest(key, known))
            )
        return known.get(key)

    def _guard(self, guard: Item | None) -> Guard:
        return Guard() if guard is None else read_guard(guard, self.problems)

    def _settings(
        self, parent: Item, items: Iterable[Item], declared: Sequence[Setting], what: str
    ) -> dict[str, SettingValue]:
        by_key = {each.key: each for each in declared}
        missing = {each.key: each for each in declared if each.required}
        values: dict[str, SettingValue] = {}
        for item in items:
            missing.pop(item.name, None)
            if item.name not in by_key:
                self.problems.append(item.error(f"is not {what}", nearest(item.name, by_key)))
                continue
            try:
                values[item.name] = setting(item, by_key[item.name], self._rules.folder)
            except ConfigError as error:
                self.problems.append(error)
        for each in missing.values():
            self.problems.append(parent.error(f"has no {each.key}", f"add it: {each.help}"))
        return values
