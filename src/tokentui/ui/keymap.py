"""Checks the keys that a configuration gives to actions."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from textual.binding import Binding

from tokentui.domain.errors import ConfigError
from tokentui.ui.actions import ACTIONS
from tokentui.ui.widgets.record_list import RecordList

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.binding import BindingType


def known_ids() -> frozenset[str]:
    """Give the ids of all actions that can have another key."""
    table = (action.id for action in ACTIONS if action.keys)
    return frozenset((*table, *_ids(RecordList.BINDINGS)))


def misfits(keys: Iterable[str]) -> tuple[ConfigError, ...]:
    """Say for each id that no action has which one is nearest."""
    known = known_ids()
    return tuple(_misfit(name, known) for name in keys if name not in known)


def _misfit(name: str, known: frozenset[str]) -> ConfigError:
    near = get_close_matches(name, sorted(known), 1)
    advice = f"did you mean {near[0]}?" if near else "the help (?) names every action"
    return ConfigError(f"settings.keys: there is no action {name!r}", advice)


def _ids(bindings: Iterable[BindingType]) -> Iterable[str]:
    return (b.id for b in bindings if isinstance(b, Binding) and b.id)
