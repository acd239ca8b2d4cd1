"""What holds for every test: no test reads or writes the home of whoever runs it."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

settings.register_profile("patient", deadline=None)  # a loaded machine is no failure
settings.load_profile("patient")

_POINTS_HOME = ("KUBECONFIG", "TOKENTUI_HOME")


@pytest.fixture(autouse=True)
def private_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the test an empty home, and take away the variables that lead past it."""
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("user-home")))
    for name in list(os.environ):
        if name in _POINTS_HOME or name.startswith("XDG_"):
            monkeypatch.delenv(name)
