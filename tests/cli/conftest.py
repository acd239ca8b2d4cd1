from __future__ import annotations

from pathlib import Path

import pytest

from cli_world import CliWorld, Commands


@pytest.fixture
def world(tmp_path: Path) -> CliWorld:
    return CliWorld(tmp_path)


@pytest.fixture
def tokentui(
    world: CliWorld, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Commands:
    return Commands(world, monkeypatch, capsys)
