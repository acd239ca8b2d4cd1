"""Compares the trees of `config.yaml` before and after an edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from tokentui.storage.config_edit_text import PROFILES
from tokentui.storage.config_item import NULL

if TYPE_CHECKING:
    from collections.abc import Sequence

_Pairs = list[tuple[yaml.Node, yaml.Node]]


def differ_by_one(
    smaller: yaml.MappingNode | None, larger: yaml.MappingNode | None, name: str, value: yaml.Node
) -> bool:
    """Say whether `larger` is `smaller` and one profile more, which has this name and value."""
    before, after = _profiles(smaller), _profiles(larger)
    if before is None or after is None:
        return False
    named = [found for key, found in after if key.value == name]
    others = [pair for pair in after if pair[0].value != name]
    compare = _Comparison()
    return (
        len(named) == 1
        and compare.same(named[0], value)
        and compare.same_pairs(before, others)
        and compare.same_pairs(_rest(smaller), _rest(larger))
    )


def profile_in(root: yaml.MappingNode | None, name: str) -> tuple[yaml.Node, yaml.Node] | None:
    """Find a profile's key and value; None if it is not there."""
    return next((pair for pair in _profiles(root) or [] if pair[0].value == name), None)


def _profiles(root: yaml.MappingNode | None) -> _Pairs | None:
    """Give the profiles, nothing where the key is missing or empty; None if they are no mapping."""
    values = [value for key, value in (root.value if root else []) if key.value == PROFILES]
    if not values or values[0].tag == NULL:
        return []
    if len(values) > 1 or not isinstance(values[0], yaml.MappingNode):
        return None
    pairs: _Pairs = values[0].value
    return pairs


def _rest(root: yaml.MappingNode | None) -> _Pairs:
    return [(key, value) for key, value in (root.value if root else []) if key.value != PROFILES]


class _Comparison:
    """Compares nodes whatever their style and place; a node may stand in itself by an alias."""

    def __init__(self) -> None:
        self._taken_as_same: set[tuple[int, int]] = set()

    def same(self, one: yaml.Node, other: yaml.Node) -> bool:
        pair = (id(one), id(other))
        if pair in self._taken_as_same:
            return True
        self._taken_as_same.add(pair)
        if type(one) is not type(other) or one.tag != other.tag:
            return False
        if isinstance(one, yaml.MappingNode):
            return self.same_pairs(one.value, other.value)
        if isinstance(one, yaml.SequenceNode):
            return self._same_all(one.value, other.value)
        return bool(one.value == other.value)

    def same_pairs(self, some: _Pairs, others: _Pairs) -> bool:
        return self._same_all(
            [node for pair in some for node in pair], [node for pair in others for node in pair]
        )

    def _same_all(self, some: Sequence[yaml.Node], others: Sequence[yaml.Node]) -> bool:
        return len(some) == len(others) and all(map(self.same, some, others))
