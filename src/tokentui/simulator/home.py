"""A ready TOKENTUI_HOME that points at a running simulator."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import yaml

from tokentui.simulator.errors import ForeignHomeError
from tokentui.simulator.system import HomePaths

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from tokentui.simulator.server import Simulator

MARKER: Final = "# Written by tokentui simulator"
CONFIG_FILE: Final = "config.yaml"
SECRETS_FOLDER: Final = "secrets"
CA_FILE: Final = "simulator-ca.pem"

_HEADER = f"{MARKER}; it is replaced at each start, so keep settings of your own elsewhere.\n"
_PRIVATE_FILE = 0o600
_PRIVATE_FOLDER = 0o700


def write_home(simulator: Simulator, folder: Path, systems: Collection[str] = ()) -> Path:
    """Write configuration, key files and authority into `folder` and return it.

    It has one profile for each of the `systems`, by default for all.
    A configuration that the simulator wrote earlier is replaced; other files stay as they are.
    Raises ForeignHomeError if the configuration there is not the simulator's.
    """
    folder = folder.expanduser().absolute()
    config = folder / CONFIG_FILE
    _refuse_foreign(config)
    paths = HomePaths(ca_file=folder / CA_FILE, secrets=folder / SECRETS_FOLDER)
    for place in (folder, paths.secrets):
        place.mkdir(parents=True, exist_ok=True)
        place.chmod(_PRIVATE_FOLDER)
    wanted = [one for one in simulator.systems if not systems or one.name in systems]
    for system in wanted:
        for name, text in system.secret_files().items():
            _write(paths.secrets / name, text)
    _write(paths.ca_file, simulator.ca_pem)
    profiles = {system.name: dict(system.profile(paths)) for system in wanted}
    _write(config, _HEADER + yaml.safe_dump({"profiles": profiles}, sort_keys=False))
    return folder


def _refuse_foreign(config: Path) -> None:
    if not os.path.lexists(config):
        return
    try:
        foreign = not config.read_text(encoding="utf-8").startswith(MARKER)
    except (OSError, UnicodeDecodeError):
        foreign = True
    if foreign:
        message = f"{config} was not written by the simulator; choose an empty folder."
        raise ForeignHomeError(message)


def _write(path: Path, text: str) -> None:
    """Replace a file in one step, readable by its owner alone."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
    descriptor = os.open(beside, flags, _PRIVATE_FILE)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), _PRIVATE_FILE)
            file.write(text)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
