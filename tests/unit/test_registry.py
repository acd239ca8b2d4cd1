"""Finding providers by name."""

from __future__ import annotations

import subprocess
import sys
from types import ModuleType, SimpleNamespace

import pytest

from tokentui.domain.errors import ConfigError
from tokentui.domain.model import ProviderKey
from tokentui.providers.registry import BUILT_IN, Broken, Found, Registry, installed
from tokentui.providers.stackit import PROVIDER

STACKIT = ProviderKey("stackit")


def found(key: str, place: str, distribution: str = "acme-tokens") -> Found:
    return Found(ProviderKey(key), place, distribution)


def registry(*entries: Found) -> Registry:
    return Registry(find=lambda: entries)


@pytest.fixture
def acme(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a module with a plug-in, one with another name, and one that is none."""
    module = ModuleType("acme_tokens")
    about = SimpleNamespace(key="acme")
    vars(module)["GOOD"] = SimpleNamespace(about=about, connect=lambda connection: None)
    vars(module)["MUTE"] = SimpleNamespace(about=about, connect=None)
    vars(module)["NONE"] = object()
    monkeypatch.setitem(sys.modules, "acme_tokens", module)


def test_built_in_names_need_no_search() -> None:
    def find() -> tuple[Found, ...]:
        raise AssertionError("it was searched")

    assert Registry(find=find).names() == tuple(sorted(BUILT_IN))
    assert Registry(find=find).load(STACKIT) is PROVIDER


def test_naming_and_describing_import_nothing_heavy() -> None:
    code = (
        "import sys; from tokentui.providers.registry import Registry;"
        "[Registry().load(name).about for name in Registry().names()];"
        "print([m for m in ('httpx', 'jwt', 'cryptography', 'asyncio', 'importlib.metadata')"
        " if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.usefixtures("acme")
def test_others_are_found_and_loaded() -> None:
    others = registry(found("acme", "acme_tokens:GOOD"))
    assert others.names(third_parties=True) == ("acme", *sorted(BUILT_IN))
    assert others.load(ProviderKey("acme")).about.key == "acme"


def test_a_built_in_one_is_no_double_of_itself() -> None:
    ours = registry(found("stackit", BUILT_IN[STACKIT], "tokentui"))
    assert [plugin for plugin in ours.survey() if plugin is PROVIDER] == [PROVIDER]
    assert not any(isinstance(row, Broken) for row in ours.survey())


@pytest.mark.usefixtures("acme")
def test_doubles_are_an_error_that_names_both() -> None:
    doubled = registry(
        found("acme", "acme_tokens:GOOD", "one"), found("acme", "acme_tokens:GOOD", "two")
    )
    with pytest.raises(ConfigError, match="one and two"):
        doubled.load(ProviderKey("acme"))
    rows = registry(found("stackit", "acme_tokens:GOOD", "other")).survey()
    (broken,) = (row for row in rows if isinstance(row, Broken))
    assert "tokentui and other" in broken.reason


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("no_such_module_here:X", "ModuleNotFoundError"),
        ("acme_tokens:MISSING", "AttributeError"),
        ("acme_tokens:NONE", "AttributeError"),
        ("acme_tokens:MUTE", "not what it is named for"),
        ("acme_tokens", "AttributeError"),
        ("", "ValueError"),
    ],
)
def test_a_broken_one_is_a_row_beside_the_others(place: str, words: str) -> None:
    rows = registry(found("acme", place)).survey()
    (broken,) = (row for row in rows if isinstance(row, Broken))
    assert words in broken.reason
    assert PROVIDER in rows


@pytest.mark.usefixtures("acme")
def test_one_that_calls_itself_otherwise_is_broken() -> None:
    with pytest.raises(ConfigError, match="calls itself acme"):
        registry(found("other", "acme_tokens:GOOD")).load(ProviderKey("other"))


def test_an_unknown_one_is_said_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match="use stackit"):
        registry().load(ProviderKey("stackitt"))
    known = " or ".join(sorted(BUILT_IN))
    with pytest.raises(ConfigError, match=f"zzz is not known: use {known}"):
        registry().load(ProviderKey("zzz"))


def test_installed_entry_points_can_be_read() -> None:
    assert all(isinstance(one, Found) for one in installed())
