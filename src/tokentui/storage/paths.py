"""Where everything of ours is kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tokentui.storage.private_files import ensure

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["HOME_VARIABLE", "Paths", "ensure"]

HOME_VARIABLE = "TOKENTUI_HOME"

_APP = "tokentui"


@dataclass(frozen=True, slots=True)
class Paths:
    """Absolute paths; nothing is made by naming them, `ensure` makes the folders."""

    config_file: Path
    state_folder: Path
    runtime_folder: Path

    @property
    def ledger_file(self) -> Path:
        """The record of everything issued."""
        return self.state_folder / "ledger.db"

    @property
    def fingerprint_key_file(self) -> Path:
        """The key that makes fingerprints of secrets."""
        return self.state_folder / "fingerprint.key"

    @property
    def backup_folder(self) -> Path:
        """Copies of foreign files as they were before we changed them."""
        return self.state_folder / "backup"

    @classmethod
    def find(cls, environ: Mapping[str, str]) -> Paths:
        """Follow `TOKENTUI_HOME` if it is set, else the platform's conventions.

        Without `XDG_RUNTIME_DIR` runtime files go below the state folder: a folder of a known
        name in /tmp could be made by anybody first.
        """
        if home := environ.get(HOME_VARIABLE):
            folder = Path(home).expanduser().absolute()
            return cls(folder / "config.yaml", folder, folder / "run")
        # Imported here: it costs start-up time that TOKENTUI_HOME does not need.
        from platformdirs import user_config_path, user_state_path

        state = user_state_path(_APP)
        runtime = environ.get("XDG_RUNTIME_DIR")
        return cls(
            user_config_path(_APP) / "config.yaml",
            state,
            Path(runtime) / _APP if runtime else state / "run",
        )
