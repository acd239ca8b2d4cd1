"""Reads `config.yaml` as a tree of YAML nodes, or says why it is none."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from tokentui.domain.errors import ConfigError
from tokentui.domain.text import clean
from tokentui.storage.config_item import NULL
from tokentui.storage.private_files import reason, shown

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 1_000_000

# libyaml's composer overflows the C stack on deep nesting; measured with PyYAML 6.0.3.
_DEEPEST = 50
_WRITABLE_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH


@dataclass(frozen=True, slots=True)
class Document:
    """A file and its tree. `root` is None if it is missing or empty, `state` if it is missing.

    `exposed` says how others could change it, empty if they cannot.
    """

    root: yaml.MappingNode | None = None
    exposed: str = ""
    content: bytes = b""
    state: os.stat_result | None = None


def read(path: Path) -> Document:
    """Read a configuration. Raises `ConfigError` if it is no YAML mapping."""
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise _unreadable(path, "it is no regular file")
            content = file.read(LARGEST + 1)
    except FileNotFoundError:
        return Document()
    except OSError as error:
        raise _unreadable(path, reason(error)) from None
    if len(content) > LARGEST:
        raise _unreadable(path, "it is larger than 1 MB")
    return Document(tree(path, _text(path, content)), _exposed(found), content, found)


def _without_waiting(path: str, flags: int) -> int:
    """Open a file at once; a pipe would else wait for somebody to write to it."""
    return os.open(path, flags | os.O_NONBLOCK)


def _unreadable(path: Path, why: str) -> ConfigError:
    return ConfigError(
        f"the configuration {shown(path)} cannot be read: {why}",
        "put it right, or set TOKENTUI_HOME to another folder",
    )


def _exposed(found: os.stat_result) -> str:
    if found.st_uid not in {0, os.geteuid()}:
        return f"belongs to another user (uid {found.st_uid})"
    if found.st_mode & _WRITABLE_BY_OTHERS:
        return f"can be written by others (mode {stat.S_IMODE(found.st_mode):04o})"
    return ""


def _text(path: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError(
            f"{shown(path)} line {line}: this is not UTF-8 text", "save the file as UTF-8"
        ) from None


def tree(path: Path, text: str) -> yaml.MappingNode | None:
    """Read the text of a configuration, None if it is empty. Raises `ConfigError`."""
    try:
        _check_depth(path, text)
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        raise _no_yaml(path, text, error) from None
    except yaml.reader.ReaderError as error:
        line = text.encode().count(b"\n", 0, error.position) + 1
        raise ConfigError(
            f"{shown(path)} line {line}: a control character stands here", "remove it"
        ) from None
    if root is None or root.tag == NULL:
        return None
    if isinstance(root, yaml.MappingNode):
        return root
    raise ConfigError(
        f"{shown(path)} line {root.start_mark.line + 1}: the file is no mapping",
        "begin it with `profiles:`",
    )


def _check_depth(path: Path, text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise ConfigError(
                f"{shown(path)} line {line}: this is nested too deeply", "close the brackets"
            )


def _no_yaml(path: Path, text: str, error: yaml.MarkedYAMLError) -> ConfigError:
    mark = error.problem_mark or error.context_mark
    number = mark.line if mark else 0
    lines = text.splitlines()
    line = lines[number] if number < len(lines) else ""
    indentation = line[: len(line) - len(line.lstrip())]
    what, next_step = _what_is_wrong(error, has_tab="\t" in indentation)
    return ConfigError(f"{shown(path)} line {number + 1}: {what}", next_step)


def _what_is_wrong(error: yaml.MarkedYAMLError, *, has_tab: bool) -> tuple[str, str]:
    if has_tab:
        return "a tab stands where YAML wants blanks", "indent with blanks"
    if error.context and "single document" in error.context:
        return "a second YAML document begins here", "keep one document, without `---` in it"
    return (
        f"this is no YAML: {clean(error.problem or 'it ends too early')}",
        "check quotes, brackets, colons and indentation there",
    )
