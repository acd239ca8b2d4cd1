"""Setting up profiles: nothing is written that was not checked and tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

import pytest

from tokentui.domain.about import About, Setting, SettingChoice, SettingType, SignInMethod
from tokentui.domain.errors import ConfigError, NotSignedIn, TokentuiError, UsageError
from tokentui.domain.model import Identity, ProfileName, ProviderKey
from tokentui.domain.profile import Profile
from tokentui.domain.profile_draft import Draft
from tokentui.providers.base import Provider
from tokentui.services.ports import Connections
from tokentui.services.profiles import Incomplete, Profiles, Tried, try_sign_in
from tokentui.storage.config_edit import ConfigEditor

JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl"
ABOUT = About(
    key=ProviderKey("hilly"),
    title="Hilly",
    instance_noun="hill",
    settings=(
        Setting("url", SettingType.URL, "address of the server", required=True),
        Setting("project", SettingType.TEXT, "the project"),
        Setting("shape", SettingType.TEXT, "its shape", choices=("round", "steep")),
        Setting("names", SettingType.TEXTS, "its names"),
        Setting("parts", SettingType.TEXTS, "its parts", choices=("foot", "top")),
        Setting("places", SettingType.TEXT_MAP, "its places"),
    ),
    sign_ins=(
        SignInMethod(
            "env", "a variable", (Setting("variable", SettingType.TEXT, "its name", required=True),)
        ),
        SignInMethod(
            "command",
            "a command",
            (
                Setting("command", SettingType.TEXTS, "what to run", required=True),
                Setting("form", SettingType.TEXT, "its form", choices=("json", "text")),
            ),
        ),
    ),
    kinds=(),
)
DRAFT = Draft(
    ProfileName("prod"),
    ABOUT.key,
    "env",
    {"variable": "HILLY_TOKEN"},
    {"url": "https://hill.example", "project": "p1"},
)


@dataclass
class Hilly:
    """A connection that says who it is, or fails."""

    failure: TokentuiError | None = None
    asked: int = 0
    closed: int = 0

    async def identity(self) -> Identity:
        self.asked += 1
        if self.failure:
            raise self.failure
        return Identity("anna")

    async def aclose(self) -> None:
        self.closed += 1


@dataclass
class World:
    """Systems that need a project to be connected."""

    provider: Hilly = field(default_factory=Hilly)
    choices: tuple[SettingChoice, ...] = ()
    failure: TokentuiError | None = None
    suggested: list[str] = field(default_factory=list)

    def about(self, provider: ProviderKey) -> About:
        if provider != ABOUT.key:
            raise ConfigError(f"the provider {provider} is not known")
        return ABOUT

    def connect(self, profile: Profile) -> Provider:
        if "project" not in profile.settings:
            raise ConfigError("it needs a project", "set one")
        if profile.settings["url"] == "https://unfit.example":
            raise ConfigError("its url is unfit")
        return cast("Provider", self.provider)

    async def suggest(self, profile: Profile, setting: str) -> tuple[SettingChoice, ...]:
        self.suggested.append(setting)
        if self.failure:
            raise self.failure
        return self.choices if setting in {"project", "url"} else ()


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def profiles(world: World, tmp_path: Path) -> Profiles:
    return Profiles(ConfigEditor(tmp_path / "config.yaml", tmp_path), world)


def without(key: str) -> Draft:
    return replace(DRAFT, settings={k: v for k, v in DRAFT.settings.items() if k != key})


async def test_a_profile_is_tried_once_and_written(world: World, profiles: Profiles) -> None:
    assert await profiles.add(DRAFT) == Identity("anna")
    assert (world.provider.asked, world.provider.closed) == (1, 1)
    assert "project: p1" in profiles.path.read_text()


async def test_without_a_test_nobody_is_asked(world: World, profiles: Profiles) -> None:
    assert await profiles.add(DRAFT, test=False) is None
    with pytest.raises(ConfigError, match="it needs a project"):
        await profiles.add(replace(without("project"), name=ProfileName("b")), test=False)
    assert (world.provider.asked, world.provider.closed, world.suggested) == (0, 1, [])
    assert profiles.path.exists()


async def test_a_sign_in_that_fails_saves_nothing(world: World, profiles: Profiles) -> None:
    world.provider.failure = NotSignedIn("the variable is not set", "set it")
    with pytest.raises(NotSignedIn):
        await profiles.add(DRAFT)
    assert world.provider.closed == 1
    assert not profiles.path.exists()


async def test_all_that_is_missing_is_told_in_one_sentence(
    world: World, profiles: Profiles
) -> None:
    with pytest.raises(Incomplete) as told:
        await profiles.add(Draft(ProfileName("prod"), ABOUT.key))
    assert told.value.sentence == (
        "profile prod needs url (address of the server) and auth (how to sign in: env, command)"
    )
    with pytest.raises(Incomplete) as told:
        await profiles.add(Draft(ProfileName("prod"), ABOUT.key, "command"))
    assert [gap.key for gap in told.value.gaps] == ["url", "auth.command"]
    assert world.suggested == []


async def test_a_missing_setting_comes_with_what_it_could_be(
    world: World, profiles: Profiles
) -> None:
    world.choices = (SettingChoice("https://a.example", "A"), SettingChoice("x", "B"))
    with pytest.raises(Incomplete) as told:
        await profiles.add(without("url"))
    (gap,) = told.value.gaps
    assert (gap.key, gap.choices) == ("url", world.choices)
    with pytest.raises(Incomplete) as told:
        await profiles.add(without("project"))
    (gap,) = told.value.gaps
    assert (gap.key, gap.choices) == ("project", world.choices)
    assert world.provider.asked == 0
    assert not profiles.path.exists()


async def test_a_setting_is_named_as_missing_only_if_it_would_help(
    world: World, profiles: Profiles
) -> None:
    world.choices = (SettingChoice("p1", "A"),)
    unfit = replace(DRAFT, settings={"url": "https://unfit.example", "shape": "round"})
    with pytest.raises(ConfigError, match="it needs a project"):
        await profiles.add(unfit)
    assert "shape" not in world.suggested


async def test_a_system_that_cannot_be_asked_hides_no_error(
    world: World, profiles: Profiles
) -> None:
    world.failure = NotSignedIn("the key is refused")
    with pytest.raises(ConfigError) as told:
        await profiles.add(without("project"))
    assert told.value.sentence == (
        "it needs a project: set one: what it could be cannot be asked: the key is refused"
    )
    with pytest.raises(Incomplete, match="profile prod needs url"):
        await profiles.add(without("url"))


@pytest.mark.parametrize(
    ("draft", "sentence"),
    [
        (replace(DRAFT, settings={**DRAFT.settings, "shape": "flat"}),
         "profile prod: shape cannot be flat: known are round, steep"),
        (replace(DRAFT, settings={**DRAFT.settings, "parts": ("top", "side")}),
         "profile prod: parts[1] cannot be side: known are foot, top"),
        (replace(DRAFT, method="command", options={"command": ("x",), "form": "xml"}),
         "profile prod: auth.form cannot be xml: known are json, text"),
        (replace(DRAFT, method="envy"), "profile prod: auth.method is no way to sign in to Hilly"),
        (replace(DRAFT, guard={"max_lifetime": "soon"}),
         "profile prod: guard.max_lifetime is no length of time"),
        (replace(DRAFT, guard={"max_lifetime": "1h", "default_lifetime": "2h"}),
         "profile prod: guard has a default_lifetime above its max_lifetime"),
        (replace(DRAFT, provider=ProviderKey("valley")), "the provider valley is not known"),
    ],
)  # fmt: skip
async def test_a_fault_is_told_before_anybody_is_asked(
    world: World, profiles: Profiles, draft: Draft, sentence: str
) -> None:
    with pytest.raises(TokentuiError) as told:
        await profiles.add(draft)
    assert told.value.sentence.startswith(sentence)
    assert world.provider.asked == 0
    assert not profiles.path.exists()


@pytest.mark.parametrize(
    ("put", "place"),
    [
        (lambda secret: replace(DRAFT, settings={**DRAFT.settings, "project": secret}), "project"),
        (lambda secret: replace(DRAFT, settings={"names": ("a", f"x={secret}")}), "names"),
        (lambda secret: replace(DRAFT, settings={"places": {secret: "a"}}), "places"),
        (lambda secret: replace(DRAFT, settings={"url": f"https://x/?t={secret}"}), "url"),
        (lambda secret: replace(DRAFT, options={"variable": secret}), "auth.variable"),
        (lambda secret: replace(DRAFT, options={"command": ("c", f"A: {secret}")}), "auth.command"),
        (lambda secret: replace(DRAFT, guard={"max_lifetime": secret}), "guard.max_lifetime"),
        (lambda secret: replace(DRAFT, name=secret), "name"),
        (lambda secret: replace(DRAFT, method=secret), "auth.method"),
    ],
)
@pytest.mark.parametrize(
    "secret", [JWT, "svctok-AbCdEfGh0123456789", "-----BEGIN RSA PRIVATE KEY-----"]
)
async def test_what_looks_like_a_secret_is_never_written_nor_repeated(
    profiles: Profiles, put: Callable[[str], Draft], place: str, secret: str
) -> None:
    with pytest.raises(UsageError) as told:
        await profiles.add(put(secret))
    assert told.value.message.startswith(f"{place} holds what looks like a secret")
    assert "a file that nobody else can read" in told.value.next_step
    assert secret not in told.value.sentence
    assert not profiles.path.exists()


async def test_what_was_added_can_be_removed(profiles: Profiles) -> None:
    await profiles.add(DRAFT)
    with pytest.raises(ConfigError, match="there is a profile prod already"):
        await profiles.add(DRAFT)
    await profiles.remove("prod")
    assert "prod" not in profiles.path.read_text()


async def test_a_failed_sign_in_is_an_answer() -> None:
    error = NotSignedIn("the key is refused")
    good, bad = Hilly(), Hilly(error)

    class Some:
        def provider(self, profile: ProfileName) -> Hilly:
            return good if profile == "good" else bad

    connections = cast("Connections", Some())
    assert await try_sign_in(connections, ProfileName("good")) == Tried(
        ProfileName("good"), Identity("anna")
    )
    assert (await try_sign_in(connections, ProfileName("bad"))).error is error
