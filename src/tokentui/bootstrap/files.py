"""Ports over files: kubeconfigs by the user's environment, secrets in files of their own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tokentui.delivery.atomic import remove_stale
from tokentui.delivery.kubeconfig_file import KubeconfigFile
from tokentui.delivery.secret_file import file_name, write_secret
from tokentui.kubeconfigs.read import as_json
from tokentui.storage.paths import ensure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tokentui.delivery.kubeconfig_file import Merged
    from tokentui.domain.kubeconfig import Entry
    from tokentui.domain.secret import Secret
    from tokentui.services.ports import Clock

RESCUE_FOLDER = "rescued"


class Kubeconfigs:
    """The kubeconfig files that kubectl would use with this environment."""

    def __init__(self, environ: Mapping[str, str], backup_folder: Path) -> None:
        self._environ = environ
        self._backup_folder = backup_folder
        self._file = KubeconfigFile(backup_folder)

    def tidy(self) -> None:
        """Remove what a killed process of ours left half written; it may hold a secret."""
        for folder in (self.default_path().parent, self._backup_folder):
            remove_stale(folder)

    def default_path(self) -> Path:
        home = self._environ.get("HOME")
        return self._file.default_path(self._environ, Path(home) if home else Path.home())

    def check(self, path: Path) -> None:
        self._file.check(path)

    def merge(self, entry: Entry, path: Path, *, make_current: bool = False) -> Merged:
        return self._file.merge(entry, path, make_current=make_current)

    def as_json(self, kubeconfig: Secret) -> Secret:
        return as_json(kubeconfig)


class Files:
    """Secrets in files; what must not be lost goes below the state folder."""

    def __init__(self, state_folder: Path, clock: Clock) -> None:
        self._folder = state_folder / RESCUE_FOLDER
        self._clock = clock

    def tidy(self) -> None:
        """Remove what a killed process of ours left half written; it may hold a secret."""
        remove_stale(self._folder)

    def write(self, path: Path, secret: Secret, *, overwrite: bool = False) -> Path:
        return write_secret(path, secret, overwrite=overwrite)

    def rescue(self, raw: Secret, name: str) -> Path:
        ensure(self._folder)
        stamp = self._clock().strftime("%Y%m%dT%H%M%S.%fZ")
        return write_secret(self._folder / file_name(f"{stamp}-{name}"), raw)
