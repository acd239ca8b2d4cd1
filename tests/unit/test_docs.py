"""What the documents say is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tokentui.cli.parser import build_parser, command_of
from tokentui.domain.about import COMMON_SETTINGS
from tokentui.providers.stackit.about import ABOUT
from tokentui.ui.actions import ACTIONS

ROOT = Path(__file__).parent.parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", page.read_text())
    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert missing == []


def test_every_key_that_can_be_changed_is_listed() -> None:
    ids = {action.id for action in ACTIONS if action.keys}
    assert {found for found in ids if f"`{found}`" not in CONFIGURATION} == set()


def test_every_setting_of_a_profile_is_named() -> None:
    methods = [option.key for method in ABOUT.sign_ins for option in method.settings]
    settings = [setting.key for setting in (*ABOUT.settings, *COMMON_SETTINGS)]
    assert [key for key in (*settings, *methods) if f"`{key}" not in CONFIGURATION] == []


def test_every_command_of_the_readme_is_one() -> None:
    text = (ROOT / "README.md").read_text()
    commands = re.findall(r"^\$ tokentui ([^#\n]+)", text, re.MULTILINE)
    assert len(commands) >= 7
    for command in commands:
        words = command.replace("DIR", "/nowhere").split()
        assert callable(command_of(build_parser().parse_args(words)))
