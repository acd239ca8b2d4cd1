"""What the guide for authors of plug-ins says is so, and its provider passes the suite."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

from documents import WRITING, blocks, table, words
from tokentui.domain.about import About
from tokentui.providers import base
from tokentui.providers.base import Provider
from tokentui.testing.checks import ABILITY_PROTOCOLS, ACCOUNT_PROTOCOLS

LIMIT_S = 90.0
SETTINGS = """\
[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
filterwarnings = error
"""


def test_every_method_of_a_provider_is_told() -> None:
    told = [name for row in table(WRITING, "method") for name in words(row["method"])]
    assert told == _methods(Provider)


def test_every_protocol_is_told_with_its_methods_and_its_ability() -> None:
    told = {words(row["protocol"])[0]: row for row in table(WRITING, "protocol")}
    protocols = {
        name: one
        for name, one in vars(base).items()
        if inspect.isclass(one) and getattr(one, "_is_runtime_protocol", False)
    }
    assert set(told) == set(protocols)
    for name, protocol in protocols.items():
        assert words(told[name]["methods"]) == _methods(protocol), name
    for ability, protocol in (*ABILITY_PROTOCOLS.items(), *ACCOUNT_PROTOCOLS.items()):
        declared = f"{type(ability).__name__}.{ability.name}"
        assert words(told[protocol.__name__]["declared by"])[0] == declared


def test_the_parts_of_about_are_parts_of_it() -> None:
    told = [
        name
        for row in table(WRITING, "part of `About`")
        for name in words(next(iter(row.values())))
    ]
    assert set(told) <= set(About.__slots__)


def test_the_provider_of_the_guide_passes_the_contract_suite(tmp_path: Path) -> None:
    provider, tests = blocks(WRITING, "python")
    (tmp_path / "tokentui_mycloud.py").write_text(provider)
    (tmp_path / "test_mycloud.py").write_text(tests)
    (tmp_path / "pytest.ini").write_text(SETTINGS)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_mycloud.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert re.search(r"\b\d{2} passed", done.stdout), done.stdout
    assert "skipped" not in done.stdout


def _methods(protocol: type) -> list[str]:
    """Give the names of a protocol's methods in their order."""
    return [
        name
        for name, member in vars(protocol).items()
        if inspect.isfunction(member) and not name.startswith("_")
    ]
