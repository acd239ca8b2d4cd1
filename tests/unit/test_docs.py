"""What the documents say is so."""

from __future__ import annotations

import re
import ssl
from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

import pytest

from documents import CONFIGURATION, README, ROOT, Row, blocks, section, table, words
from tokentui.cli.parser import build_parser, command_of
from tokentui.domain.about import COMMON_SETTINGS, About, Setting
from tokentui.domain.account import AccountAbility
from tokentui.domain.model import Ability, Kind, ProviderKey
from tokentui.providers.base import Connection
from tokentui.providers.cloudfleet.wire_format import ALIASES, REQUESTS
from tokentui.providers.http import Http
from tokentui.providers.registry import BUILT_IN, Registry
from tokentui.providers.stackit.settings import Endpoints, read_endpoints
from tokentui.storage.config import load
from tokentui.storage.secrets_memory import MemorySecrets
from tokentui.ui.actions import ACTIONS

PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
PLUGINS = {key: Registry().load(key) for key in BUILT_IN}
ABOUTS = [plugin.about for plugin in PLUGINS.values()]
KINDS = [kind for about in ABOUTS for kind in about.kinds]
EXAMPLES = [*blocks(README, "yaml"), *blocks(CONFIGURATION, "yaml")]
each_provider = pytest.mark.parametrize("about", ABOUTS, ids=lambda about: about.key)
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.noun)

Options = dict[tuple[str, str], Row]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", page.read_text())
    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert missing == []


def test_every_key_that_can_be_changed_is_listed() -> None:
    ids = {action.id for action in ACTIONS if action.keys}
    assert {found for found in ids if f"`{found}`" not in CONFIGURATION} == set()


def test_every_key_of_the_readme_is_one() -> None:
    keys = {key for action in ACTIONS for key in action.shown.split()}
    told = {key for row in table(README, "where") for key in words(row["key"])}
    assert told - keys == set()


def test_the_settings_of_every_profile_are_told() -> None:
    told = table(section(CONFIGURATION, "Every provider"), "setting")
    _assert_told(COMMON_SETTINGS, told)


@each_provider
def test_the_settings_of_a_provider_are_told(about: About) -> None:
    _assert_told(about.settings, table(_section_of(about), "setting"))


@each_provider
def test_the_sign_ins_of_a_provider_are_told(about: About) -> None:
    told = {**_options(section(CONFIGURATION, "`auth`")), **_options(_section_of(about))}
    for method in about.sign_ins:
        keys = {option for name, option in told if name in (f"`{method.key}`", "each")}
        assert keys == {f"`{option.key}`" for option in method.settings}, method.key
        for option in method.settings:
            own = told.get((f"`{method.key}`", f"`{option.key}`"))
            _assert_row(option, own or told["each", f"`{option.key}`"])


@each_provider
def test_no_sign_in_is_told_that_there_is_not(about: About) -> None:
    methods = {f"`{method.key}`" for method in about.sign_ins}
    assert {name for name, _ in _options(_section_of(about))} <= {*methods, "each"}


def test_the_endpoints_of_stackit_are_told() -> None:
    told = {row["endpoint"]: row["default"] for row in table(CONFIGURATION, "endpoint")}
    defaults = read_endpoints({}, "nowhere")
    assert set(told) == {f"`{field.name}`" for field in fields(Endpoints)}
    for field in fields(Endpoints):
        address = getattr(defaults, field.name)
        assert told[f"`{field.name}`"].startswith(
            "as the key file says" if address is None else f"`{address}`"
        )


def test_the_wire_format_of_cloudfleet_is_told() -> None:
    told = {row["key of `wire`"]: row["shipped"] for row in table(CONFIGURATION, "key of `wire`")}
    shipped = {key: request.shipped for key, request in REQUESTS.items()} | dict(ALIASES)
    assert told == {f"`{key}`": f"`{text}`" if text else "-" for key, text in shipped.items()}


def test_there_is_an_example_for_every_provider() -> None:
    named = {word for text in EXAMPLES for word in re.findall(r"provider: (\S+)", text)}
    assert named == set(BUILT_IN)


@pytest.mark.parametrize("text", EXAMPLES, ids=lambda text: text.split()[1].rstrip(":"))
async def test_every_example_is_a_configuration_that_connects(text: str, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text)
    path.chmod(0o600)
    config = load(path, _about, tuple(BUILT_IN))
    assert [problem.sentence for problem in config.problems] == []
    assert config.profiles
    for profile in config.profiles:
        connection = Connection(
            profile=profile.name,
            settings=profile.settings,
            auth=profile.auth,
            http=Http(tls=ssl.create_default_context(), clock=_now),
            lookup=MemorySecrets().get,
            clock=_now,
        )
        await PLUGINS[profile.provider].connect(connection).aclose()


def test_the_readme_tells_of_every_kind_once() -> None:
    assert [_noun(row) for row in table(README, "credential")] == [kind.noun for kind in KINDS]


@each_kind
def test_the_readme_tells_what_can_be_done_with_a_kind(kind: Kind) -> None:
    (row,) = [row for row in table(README, "credential") if _noun(row) == kind.noun]
    end = row["end it"]
    assert _is_yes(row["listed"]) == (Ability.LIST in kind.abilities)
    assert _is_yes(row["two at once"]) == (Ability.TWO_AT_ONCE in kind.abilities)
    assert _is_yes(row["renew in place"]) == (Ability.REGENERATE in kind.abilities)
    assert ("its end can be moved" in row["renew in place"]) == (Ability.MOVE_END in kind.abilities)
    assert end.startswith(kind.end_verb if Ability.REVOKE in kind.abilities else "no,")
    assert ("switch off and on" in end) == (Ability.SWITCH in kind.abilities)


def test_the_readme_tells_what_can_be_done_with_accounts() -> None:
    columns = {
        "create": AccountAbility.CREATE,
        "rename": AccountAbility.RENAME,
        "other rights": AccountAbility.REGROUP,
        "delete": AccountAbility.DELETE,
    }
    told = {
        _noun(row): {ability for column, ability in columns.items() if _is_yes(row[column])}
        for row in table(README, "account")
    }
    assert told == {kind.noun: kind.abilities for about in ABOUTS for kind in about.account_kinds}


def test_every_command_of_the_readme_is_one() -> None:
    commands = re.findall(r"^\$ tokentui ([^#<\n]+)", README, re.MULTILINE)
    assert len(commands) >= 7
    for command in commands:
        options = build_parser().parse_args(command.replace("DIR", "/nowhere").split())
        assert callable(command_of(options))


def _now() -> datetime:
    return datetime.now(UTC)


def _about(key: ProviderKey) -> About | None:
    return next((about for about in ABOUTS if about.key == key), None)


def _section_of(about: About) -> str:
    return section(CONFIGURATION, f"`{about.key}`")


def _options(text: str) -> Options:
    return {(row["method"], row["option"]): row for row in table(text, "method")}


def _assert_told(settings: Sequence[Setting], told: list[Row]) -> None:
    assert [row["setting"] for row in told] == [f"`{setting.key}`" for setting in settings]
    for setting, row in zip(settings, told, strict=True):
        _assert_row(setting, row)


def _assert_row(setting: Setting, row: Row) -> None:
    assert row["type"] == setting.type.value, setting.key
    assert row["default"] in _defaults(setting), setting.key
    assert [choice for choice in setting.choices if f"`{choice}`" not in row["meaning"]] == []


def _defaults(setting: Setting) -> tuple[str, ...]:
    """Give the words in which a default may be told."""
    default = setting.default
    if setting.required:
        return ("required",)
    if default is None:
        return ("-", "below")
    if default == setting.choices:
        return ("all",)
    if isinstance(default, bool):
        return (f"`{str(default).lower()}`",)
    return (f"`{default:g}`" if isinstance(default, float) else f"`{default}`",)


def _noun(row: Row) -> str:
    """Give the noun that a row is about."""
    return words(next(iter(row.values())))[0]


def _is_yes(cell: str) -> bool:
    first = re.split(r"\W", cell)[0]
    assert first in ("yes", "no"), f"neither yes nor no: {cell}"
    return first == "yes"
