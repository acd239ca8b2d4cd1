"""Adds profiles to `config.yaml` and removes them, without touching anything else in it."""

from __future__ import annotations

import codecs
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import yaml

from tokentui.domain.errors import ConfigError, StorageError, UsageError
from tokentui.domain.profile_draft import ByHand
from tokentui.domain.text import clean
from tokentui.storage.config_edit_same import differ_by_one, profile_in
from tokentui.storage.config_edit_text import PROFILES, block, with_profile, without_profile
from tokentui.storage.config_item import Item, nearest
from tokentui.storage.config_profile import ProfileReader, Rules
from tokentui.storage.config_yaml import LARGEST, Document, read, tree
from tokentui.storage.private_files import FOLDER_MODE, locked, reason, shown, write_new

if TYPE_CHECKING:
    from collections.abc import Callable

    from tokentui.domain.about import About
    from tokentui.domain.profile import Profile
    from tokentui.domain.profile_draft import Draft

_LONGEST_NAME = 60


class ConfigEditor:
    """Edits one `config.yaml`; blocking. `lock_folder` is a folder of ours that exists."""

    def __init__(self, path: Path, lock_folder: Path) -> None:
        self._path = path
        self._lock = lock_folder / path.name

    @property
    def path(self) -> Path:
        return self._path

    def check(self, draft: Draft, about: About) -> Profile:
        """Read a draft as it will be read from the file. Raises `ConfigError` for its first fault.

        Also if a profile of that name exists already, or the file cannot be read.
        """
        document = read(self._path)
        self._refuse_taken(document, draft.name)
        folder = self._path.absolute().parent
        rules = Rules(lambda _: about, (about.key,), folder, document.exposed)
        _, value = _composed(draft)
        profile = ProfileReader(_Asked(draft.name, "", draft.name, 0, value), rules)
        found = profile.read()
        if found is None:
            raise profile.problems[0]
        return found

    def add(self, draft: Draft) -> None:
        """Write a profile behind the others.

        Raises `ConfigError`, `StorageError` if the file cannot be written, and `ByHand` if it
        cannot be edited without risk; then nothing has changed.
        """
        new = block(draft.name, draft.content())
        with locked(self._lock):
            document = read(self._path)
            self._refuse_taken(document, draft.name)
            edited = with_profile(_text(document), new)
            _, value = _composed(draft)
            if edited is None or not self._reads(
                edited, lambda after: differ_by_one(document.root, after, draft.name, value)
            ):
                raise ByHand(
                    f"{shown(self._path)} is written in a way that cannot be edited without risk",
                    f"write the profile below `{PROFILES}:` by hand, indented like the others",
                    new,
                )
            self._write(document, edited)

    def remove(self, name: str) -> None:
        """Take a profile out, whether it can be used or not.

        Raises `UsageError` if there is none, `StorageError` and `ByHand` as `add` does.
        """
        with locked(self._lock):
            document = read(self._path)
            found = profile_in(document.root, name)
            if found is None:
                raise self._unknown(document, name)
            edited = without_profile(_text(document), name)
            value = found[1]
            if edited is None or not self._reads(
                edited, lambda after: differ_by_one(after, document.root, name, value)
            ):
                raise ByHand(
                    f"{self._place(found[0])}: {clean(name, _LONGEST_NAME)} cannot be removed "
                    "without risk to the rest of the file",
                    "remove it by hand; aliases elsewhere may need it",
                )
            self._write(document, edited)

    def _refuse_taken(self, document: Document, name: str) -> None:
        found = profile_in(document.root, name)
        if found is not None:
            known = clean(name, _LONGEST_NAME)
            raise ConfigError(
                f"{self._place(found[0])}: there is a profile {known} already",
                f"choose another name, or remove it with 'tokentui profile remove {known}'",
            )

    def _unknown(self, document: Document, name: str) -> UsageError:
        profiles = [] if document.root is None else _names(document.root)
        return UsageError(
            f"there is no profile {clean(name, _LONGEST_NAME)} in {shown(self._path)}",
            nearest(name, profiles) or "it has no profiles",
        )

    def _place(self, key: yaml.Node) -> str:
        return f"{shown(self._path)} line {key.start_mark.line + 1}"

    def _reads(self, edited: str, as_meant: Callable[[yaml.MappingNode | None], bool]) -> bool:
        """Say whether the edited text can be read and holds what was meant."""
        if len(edited.encode()) > LARGEST:
            return False
        try:
            return as_meant(tree(self._path, edited))
        except ConfigError:
            return False

    def _write(self, document: Document, text: str) -> None:
        """Replace what was read, unless somebody else has changed it since."""
        real = Path(os.path.realpath(self._path))
        try:
            if document.state is None:
                real.parent.mkdir(FOLDER_MODE, parents=True, exist_ok=True)
            elif _version(real.stat()) != _version(document.state):
                raise StorageError(f"{shown(self._path)} was changed meanwhile", "try again")
        except OSError as error:
            raise StorageError(
                f"{shown(self._path)} cannot be written: {reason(error)}",
                "check the rights of its folder",
            ) from None
        mark = codecs.BOM_UTF8 if document.content.startswith(codecs.BOM_UTF8) else b""
        write_new(real, mark + text.encode(), document.state)


@dataclass(frozen=True, slots=True)
class _Asked(Item):
    """A key of a profile that stands in no file yet; `file` is the profile's name."""

    def error(self, what: str, next_step: str = "") -> ConfigError:
        place = f"profile {clean(self.file, _LONGEST_NAME)}"
        return ConfigError(
            f"{place}: {self.path} {what}" if self.path else f"{place} {what}", next_step
        )


def _composed(draft: Draft) -> tuple[yaml.Node, yaml.Node]:
    """Give key and value of a draft as the reader will see them."""
    root = yaml.compose(block(draft.name, draft.content()), Loader=yaml.CSafeLoader)
    return cast("tuple[yaml.Node, yaml.Node]", cast("yaml.MappingNode", root).value[0])


def _text(document: Document) -> str:
    return document.content.decode("utf-8-sig")


def _names(root: yaml.MappingNode) -> list[str]:
    for key, value in root.value:
        if key.value == PROFILES and isinstance(value, yaml.MappingNode):
            return [name.value for name, _ in value.value]
    return []


def _version(state: os.stat_result) -> tuple[int, ...]:
    mode = stat.S_IMODE(state.st_mode)
    return (state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns, mode)
