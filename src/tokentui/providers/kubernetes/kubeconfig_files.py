"""Finds, reads and merges kubeconfigs by client-go's rules.

Sources: client-go 32ce75a loader.go and merge.go; experiments with kubectl 1.32.4 and 1.37.1.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tokentui.domain.errors import DeliveryError, NotSignedIn
from tokentui.domain.kubeconfig import BODY_KEY, Section
from tokentui.domain.text import clean
from tokentui.kubeconfigs.read import parse
from tokentui.kubeconfigs.tree import decode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LARGEST = 5 << 20


@dataclass(frozen=True, slots=True)
class Found:
    """The body of an entry, and the file that it stands in; paths are relative to its folder."""

    body: Mapping[str, object] = field(repr=False)
    file: Path


@dataclass(frozen=True, slots=True)
class Merged:
    """All entries by section and name; of one name the first file has it whole."""

    current_context: str
    entries: Mapping[Section, Mapping[str, Found]] = field(repr=False)

    def find(self, section: Section, name: str) -> Found | None:
        """Give an entry, None if there is none of that name."""
        return self.entries[section].get(name)


def load(explicit: Path | None) -> Merged:
    """Read the profile's kubeconfig, or those that kubectl would read.

    Blocks; raises `NotSignedIn`, also where one file of several is broken, as kubectl does.
    """
    paths = (explicit,) if explicit else _usual_files()
    texts = [(path, _text(path, may_be_missing=explicit is None)) for path in paths]
    found = [(path, text) for path, text in texts if text is not None]
    if not found:
        shown = ", ".join(clean(str(path), 120) for path in paths)
        raise NotSignedIn(
            f"there is no kubeconfig at {shown}", "set `kubeconfig` in the profile, or KUBECONFIG"
        )
    return _merged([(path, _document(text, path)) for path, text in found])


def _usual_files() -> tuple[Path, ...]:
    """Give `$KUBECONFIG`'s files; an empty variable counts as none, `~` is not interpreted."""
    named = os.environ.get("KUBECONFIG", "").split(os.pathsep)
    paths = tuple(dict.fromkeys(Path(name) for name in named if name))
    return paths or (Path.home() / ".kube" / "config",)


def _text(path: Path, *, may_be_missing: bool) -> str | None:
    shown = clean(str(path), 200)
    try:
        with open(path, "rb", opener=_open_without_waiting) as file:
            is_file = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
            content = file.read(_LARGEST + 1) if is_file else b""
    except (FileNotFoundError, NotADirectoryError) as error:
        if may_be_missing:
            return None
        raise _unreadable(shown, error) from None
    except (OSError, ValueError) as error:
        raise _unreadable(shown, error) from None
    if not is_file or len(content) > _LARGEST:
        what = "is larger than 5 MiB" if is_file else "is no regular file"
        raise NotSignedIn(f"the kubeconfig {shown} {what}", "name another file")
    try:
        return decode(content, path)
    except DeliveryError as error:
        raise NotSignedIn(error.message, error.next_step) from None


def _open_without_waiting(path: str, flags: int) -> int:
    """Open a file; opening a pipe that nobody writes to would otherwise wait for ever."""
    return os.open(path, flags | os.O_NONBLOCK)


def _unreadable(shown: str, error: Exception) -> NotSignedIn:
    why = getattr(error, "strerror", None) or "it cannot be opened"
    return NotSignedIn(f"cannot read the kubeconfig {shown}: {why}", "check the profile's settings")


def _document(text: str, path: Path) -> Mapping[str, object]:
    try:
        return parse(text, path).document
    except DeliveryError as error:
        raise NotSignedIn(error.message, error.next_step) from None


def _merged(documents: Sequence[tuple[Path, Mapping[str, object]]]) -> Merged:
    entries: dict[Section, dict[str, Found]] = {section: {} for section in Section}
    current = ""
    for path, document in documents:
        current = current or str(document.get("current-context") or "")
        for section in Section:
            for name, body in _entries(document, section):
                entries[section].setdefault(name, Found(body, path))
    return Merged(current, entries)


def _entries(
    document: Mapping[str, object], section: Section
) -> list[tuple[str, Mapping[str, object]]]:
    """Give names and bodies of a section; the reader has checked their forms."""
    listed = document.get(section.value)
    found: list[tuple[str, Mapping[str, object]]] = []
    for item in listed if isinstance(listed, list) else ():
        entry = item if isinstance(item, dict) else {}
        body = entry.get(BODY_KEY[section])
        found.append((str(entry.get("name") or ""), body if isinstance(body, dict) else {}))
    return found
