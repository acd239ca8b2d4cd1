"""A key of `config.yaml` with its place, and the errors that name it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Self

import yaml

from tokentui.domain.errors import ConfigError
from tokentui.domain.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST_KEY = 60
NULL = "tag:yaml.org,2002:null"


@dataclass(frozen=True, slots=True)
class Item:
    """One key and its value; `path` is the key with all keys above it, `line` counts from 1."""

    file: str
    path: str
    name: str
    line: int
    node: yaml.Node

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands behind the key."""
        return self.node.tag == NULL

    def error(self, what: str, next_step: str = "") -> ConfigError:
        """Give an error that names file, line and key."""
        return ConfigError(f"{self.file} line {self.line}: {self.path} {what}", next_step)

    def children(self, problems: list[ConfigError]) -> dict[str, Self]:
        """Give the keys below this one; what is wrong with them is added to `problems`."""
        if self.is_empty:
            return {}
        if not isinstance(self.node, yaml.MappingNode):
            problems.append(self.error("must hold keys and values", "write `key: value` below it"))
            return {}
        found: dict[str, Self] = {}
        for key, value in self.node.value:
            child = self._child(key, value)
            if not isinstance(key, yaml.ScalarNode):
                problems.append(child.error("is no plain text", "write `key: value`"))
            elif child.name in found:
                first = found[child.name].line
                problems.append(
                    child.error(f"stands twice, first in line {first}", "remove one of them")
                )
            else:
                found[child.name] = child
        return found

    def elements(self) -> list[Self]:
        """Give the elements of a list; nothing if it is none."""
        if not isinstance(self.node, yaml.SequenceNode):
            return []
        return [
            self._below(f"{self.path}[{index}]", "", node.start_mark.line + 1, node)
            for index, node in enumerate(self.node.value)
        ]

    def _child(self, key: yaml.Node, value: yaml.Node) -> Self:
        name = key.value if isinstance(key, yaml.ScalarNode) else "the key"
        shown = clean(name, _LONGEST_KEY)
        path = f"{self.path}.{shown}" if self.path else shown
        return self._below(path, name, key.start_mark.line + 1, value)

    def _below(self, path: str, name: str, line: int, node: yaml.Node) -> Self:
        return replace(self, path=path, name=name, line=line, node=node)


def nearest(word: str, known: Iterable[str]) -> str:
    """Suggest what was probably meant, else name all that is known."""
    words = sorted(known)
    if close := get_close_matches(word, words, n=1):
        return f"did you mean {close[0]}?"
    return f"known are {', '.join(words)}" if words else ""
