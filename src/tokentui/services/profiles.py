"""Setting up profiles: checked, tried, and only then written into the configuration."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from tokentui.domain.about import Setting, SettingType
from tokentui.domain.errors import ConfigError, TokentuiError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from tokentui.domain.about import About, SettingChoice, SettingValue, SignInMethod
    from tokentui.domain.model import Identity, ProfileName, ProviderKey
    from tokentui.domain.profile import Profile
    from tokentui.domain.profile_draft import Draft
    from tokentui.providers.base import Provider
    from tokentui.services.ports import Connections

AUTH = "auth"


class ProfileFile(Protocol):
    """The file that holds the profiles. Blocking: call it in a thread."""

    @property
    def path(self) -> Path: ...

    def check(self, draft: Draft, about: About) -> Profile:
        """Read a draft as it will be read from the file. Raises `ConfigError`."""

    def add(self, draft: Draft) -> None:
        """Write a profile. Raises `ConfigError`, `ByHand` or `StorageError`."""

    def remove(self, name: str) -> None:
        """Take a profile out. Raises `UsageError`, `ByHand` or `StorageError`."""


class Systems(Protocol):
    """The known systems, and profiles that are not configured."""

    def about(self, provider: ProviderKey) -> About:
        """Give what a system says of itself. Raises `ConfigError` for one that is not known."""

    def connect(self, profile: Profile) -> Provider:
        """Connect without asking anybody. Raises `ConfigError` for what cannot work."""

    async def suggest(self, profile: Profile, setting: str) -> tuple[SettingChoice, ...]:
        """Ask the system what a setting could be; nothing where it cannot say."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A setting that a profile needs and has not. `key` is its place in the profile.

    `choices` is what the system says it could be; empty: it was not asked or cannot say.
    """

    key: str
    setting: Setting
    choices: tuple[SettingChoice, ...] = ()


class Incomplete(UsageError):
    """A profile lacks settings; the message names all of them."""

    def __init__(self, name: ProfileName, gaps: Sequence[Gap]) -> None:
        listed = " and ".join(f"{gap.key} ({gap.setting.help})" for gap in gaps)
        super().__init__(f"profile {name} needs {listed}")
        self.gaps = tuple(gaps)


@dataclass(frozen=True, slots=True)
class Tried:
    """What a profile's sign-in showed: who it is, or why it failed."""

    profile: ProfileName
    identity: Identity | None = None
    error: TokentuiError | None = None


class Profiles:
    """Adds profiles and removes them."""

    def __init__(self, file: ProfileFile, systems: Systems) -> None:
        self._file = file
        self._systems = systems

    @property
    def path(self) -> Path:
        """The file that holds the profiles."""
        return self._file.path

    def about(self, provider: ProviderKey) -> About:
        """Give what a system says of itself. Raises `ConfigError` for one that is not known."""
        return self._systems.about(provider)

    async def add(self, draft: Draft, *, test: bool = True) -> Identity | None:
        """Check a profile, sign in with it once unless told not to, and write it down.

        Gives who is signed in, None without a test. Raises `Incomplete`, `ConfigError`, the
        error of the sign-in, `StorageError` or `ByHand`; nothing has changed then.
        """
        _refuse_secrets(draft)
        about = self.about(draft.provider)
        if gaps := missing(about, draft):
            raise Incomplete(draft.name, await self._told(about, draft, gaps) if test else gaps)
        profile = await asyncio.to_thread(self._file.check, draft, about)
        provider = await self._connected(about, draft, profile, ask=test)
        try:
            identity = await provider.identity() if test else None
        finally:
            await provider.aclose()
        await asyncio.to_thread(self._file.add, draft)
        return identity

    async def remove(self, name: str) -> None:
        """Take a profile out of the file. Raises `UsageError`, `StorageError` or `ByHand`."""
        await asyncio.to_thread(self._file.remove, name)

    async def _connected(
        self, about: About, draft: Draft, profile: Profile, *, ask: bool
    ) -> Provider:
        """Connect; where that fails for want of a setting, say what it could be."""
        try:
            return self._systems.connect(profile)
        except ConfigError as error:
            if not ask:
                raise
            try:
                gap = await self._closing_gap(about, draft, profile)
            except TokentuiError as failure:
                raise ConfigError(
                    error.sentence, f"what it could be cannot be asked: {failure.sentence}"
                ) from None
            if gap is None:
                raise
        raise Incomplete(draft.name, (gap,))

    async def _closing_gap(self, about: About, draft: Draft, profile: Profile) -> Gap | None:
        """Find a setting that is not given and with which the profile could be connected."""
        for setting in about.settings:
            if setting.type is not SettingType.TEXT or setting.key in draft.settings:
                continue
            choices = await self._systems.suggest(profile, setting.key)
            if choices and await self._connects(profile, setting.key, choices[0].value):
                return Gap(setting.key, setting, choices)
        return None

    async def _connects(self, profile: Profile, key: str, value: str) -> bool:
        try:
            provider = self._systems.connect(
                replace(profile, settings={**profile.settings, key: value})
            )
        except ConfigError:
            return False
        await provider.aclose()
        return True

    async def _told(self, about: About, draft: Draft, gaps: Sequence[Gap]) -> tuple[Gap, ...]:
        """Add to missing settings what they could be, if one can sign in already."""
        if any(gap.key.startswith(AUTH) for gap in gaps):
            return tuple(gaps)
        lenient = replace(about, settings=tuple(replace(s, required=False) for s in about.settings))
        try:
            profile = await asyncio.to_thread(self._file.check, draft, lenient)
            return tuple(
                [
                    replace(gap, choices=await self._systems.suggest(profile, gap.key))
                    for gap in gaps
                ]
            )
        except TokentuiError:
            return tuple(gaps)


def missing(about: About, draft: Draft) -> tuple[Gap, ...]:
    """Give what a profile needs and a draft has not, the sign-in last."""
    gaps = [Gap(setting.key, setting) for setting in _lacking(about.settings, draft.settings)]
    if not draft.method:
        words = "how to sign in: " + ", ".join(method.key for method in about.sign_ins)
        return (*gaps, Gap(AUTH, Setting(AUTH, SettingType.TEXT, words, required=True)))
    method = _method(about, draft)
    lacking = _lacking(method.settings if method else (), draft.options)
    return (*gaps, *(Gap(f"{AUTH}.{setting.key}", setting) for setting in lacking))


async def try_sign_in(connections: Connections, profile: ProfileName) -> Tried:
    """Make one harmless call with a profile; a failed call is an answer, not an error."""
    try:
        return Tried(profile, await connections.provider(profile).identity())
    except TokentuiError as error:
        return Tried(profile, error=error)


def _method(about: About, draft: Draft) -> SignInMethod | None:
    return next((method for method in about.sign_ins if method.key == draft.method), None)


def _lacking(settings: Iterable[Setting], given: Mapping[str, SettingValue]) -> list[Setting]:
    return [setting for setting in settings if setting.required and setting.key not in given]


def _refuse_secrets(draft: Draft) -> None:
    if places := draft.secret_places():
        raise UsageError(
            f"{' and '.join(places)} holds what looks like a secret, and config.yaml holds none",
            "put the secret into a file that nobody else can read and give its path (auth file), "
            "or use auth env, command or keyring; end it if others may have seen it",
        )
