"""The flags of `profile add` follow what a provider says of itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tokentui.cli.profile_flags import build_flags, flag_of, has_flag, settings_of
from tokentui.cli.profile_values import draft_of
from tokentui.domain.about import About, Setting, SettingType, SignInMethod
from tokentui.domain.errors import UsageError
from tokentui.domain.model import ProviderKey
from tokentui.domain.profile_draft import Draft
from tokentui.providers.registry import BUILT_IN, Registry

CANARY = "canary-value"
ABOUT = About(
    key=ProviderKey("hilly"),
    title="Hilly",
    instance_noun="hill",
    settings=(
        Setting("server_url", SettingType.URL, "100% of its address", required=True),
        Setting("zones", SettingType.TEXTS, "its zones", default=("a",), choices=("a", "b")),
        Setting("endpoints", SettingType.TEXT_MAP, "its endpoints"),
        Setting("legacy", SettingType.FLAG, "the old ways", default=True),
        Setting("test", SettingType.TEXT, "a word that is taken"),
        Setting("auth_path", SettingType.TEXT, "another"),
        Setting("no_proxy", SettingType.FLAG, "a third one"),
        Setting("timeout", SettingType.SECONDS, "its own timeout", default=3.0),
    ),
    sign_ins=(
        SignInMethod(
            "file",
            "a file",
            (
                Setting("path", SettingType.PATH, "the file", required=True),
                Setting("strict", SettingType.FLAG, "look twice"),
            ),
        ),
        SignInMethod(
            "command",
            "a command",
            (
                Setting("command", SettingType.TEXTS, "what to run", required=True),
                Setting("timeout", SettingType.SECONDS, "longest run", default=20.0),
            ),
        ),
    ),
    kinds=(),
)


def read(*words: str) -> Draft:
    return draft_of(ABOUT, ("prod", *words))[0]


def test_every_type_of_setting_has_its_flag() -> None:
    draft = read(
        *("--server-url", "https://x", "--zones", "a", "--zones", "b", "--no-legacy"),
        *("--endpoints", "edge=https://e?a=b", "--endpoints", "token=t", "--timeout", "2.50"),
        *("--auth", "file", "--auth-path", "~/x", "--auth-strict", "--insecure"),
        *("--ca-file", "/etc/ca.pem"),
    )
    assert draft.settings == {
        "server_url": "https://x",
        "zones": ("a", "b"),
        "endpoints": {"edge": "https://e?a=b", "token": "t"},
        "legacy": False,
        "timeout": 2.5,
        "ca_file": "/etc/ca.pem",
        "insecure": True,
    }
    assert (draft.name, draft.provider, draft.method) == ("prod", "hilly", "file")
    assert draft.options == {"path": "~/x", "strict": True}


def test_what_is_not_given_is_not_written() -> None:
    assert read() == Draft(draft_of(ABOUT, ("prod",))[0].name, ABOUT.key)


def test_the_rules_are_flags_too() -> None:
    words = "--protected --read-only --purpose-required --max-lifetime 30d --default-lifetime 10m"
    assert read(*words.split()).guard == {
        "protected": True,
        "read_only": True,
        "max_lifetime": "30d",
        "default_lifetime": "10m",
        "purpose": "required",
    }


def test_a_setting_whose_flag_is_taken_goes_by_set() -> None:
    draft = read(
        *("--set", "test=x", "--set", "auth_path=y=z", "--set", "no_proxy=true"),
        *("--set", "zones=a", "--zones", "b"),
    )
    assert draft.settings == {
        "test": "x",
        "auth_path": "y=z",
        "no_proxy": True,
        "zones": ("b", "a"),
    }
    assert flag_of("auth_path") == "--set auth_path=VALUE"
    assert flag_of("auth.json_field") == "--auth-json-field"


def test_a_command_may_hold_words_with_dashes() -> None:
    words = ("--auth", "command", "--auth-command", "stackit", "--auth-command=-o")
    draft = read(*words, "--auth-timeout", "20")
    assert draft.options == {"command": ("stackit", "-o"), "timeout": 20}


def test_a_relative_path_is_meant_from_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    draft = read("--auth", "file", "--auth-path", "./keys/k.json", "--ca-file", "ca.pem")
    assert draft.options == {"path": f"{tmp_path}/keys/k.json"}
    assert draft.settings == {"ca_file": f"{tmp_path}/ca.pem"}


def test_testing_is_the_default() -> None:
    tested = [draft_of(ABOUT, ("prod", *words))[1] for words in ((), ("--test",), ("--no-test",))]
    assert tested == [True, True, False]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--zone", CANARY), "Hilly takes no --zone: did you mean --zones?"),
        ((f"--auth-token={CANARY}",), "Hilly takes no --auth-token, since config.yaml holds no"),
        ((CANARY,), "there are words that belong to no flag: give one NAME"),
        (("--auth", "fil"), "--auth names no way to sign in to Hilly: did you mean file?"),
        (("--auth", CANARY), "--auth names no way to sign in to Hilly: use one of file, command"),
        (("--auth", "file", "--auth-command", CANARY), "the sign-in file has no --auth-command: it "
         "takes --auth-path, --auth-strict"),
        (("--timeout", CANARY), "--timeout takes a number of seconds"),
        (("--timeout", "1", "--timeout", "2"), "--timeout is given 2 times: give it once"),
        (("--endpoints", CANARY), "--endpoints takes NAME=VALUE"),
        (("--set", CANARY), "--set takes KEY=VALUE with the key of a setting: use server_url"),
        (("--set", f"{CANARY}=1"), "--set takes KEY=VALUE"),
        (("--set", f"no_proxy={CANARY}"), "--set no_proxy takes true or false"),
    ],
)  # fmt: skip
def test_wrong_words_are_told_and_values_are_not_repeated(
    words: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(UsageError) as told:
        read(*words)
    assert told.value.sentence.startswith(sentence)
    assert CANARY not in told.value.sentence


@pytest.mark.parametrize("about", [ABOUT, *(Registry().load(key).about for key in BUILT_IN)],
                         ids=lambda about: about.key)  # fmt: skip
def test_the_help_lists_everything_with_its_help(about: About) -> None:
    told = re.sub(r"\s+", "", build_flags(about).format_help())
    for setting in settings_of(about).values():
        if has_flag(setting.key):
            assert flag_of(setting.key) in told
            assert re.sub(r"\s+", "", setting.help) in told
    for method in about.sign_ins:
        assert re.sub(r"\s+", "", f"{method.key} {method.title}") in told
        for option in method.settings:
            assert flag_of(f"auth.{option.key}") in told
            assert re.sub(r"\s+", "", option.help) in told
