"""The keys that every profile shares: its own rules, under `guard`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.domain.errors import ConfigError
from tokentui.domain.profile import Guard
from tokentui.storage.config_item import nearest
from tokentui.storage.config_values import choice, flag, span

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from tokentui.storage.config_item import Item

_REQUIRED = "required"
_OPTIONAL = "optional"


def read_guard(item: Item, problems: list[ConfigError]) -> Guard:
    """Read a profile's rules; what is wrong is added to `problems`."""
    flags: dict[str, bool] = {}
    spans: dict[str, timedelta] = {}
    for child in item.children(problems).values():
        try:
            if child.name in _FLAGS:
                flags[child.name] = _FLAGS[child.name](child)
            elif child.name in _SPANS:
                spans[child.name] = span(child)
            else:
                known = (*_FLAGS, *_SPANS)
                problems.append(child.error("is no rule", nearest(child.name, known)))
        except ConfigError as error:
            problems.append(error)
    guard = Guard(
        protected=flags.get("protected", False),
        read_only=flags.get("read_only", False),
        purpose_required=flags.get("purpose", False),
        max_lifetime=spans.get("max_lifetime"),
        default_lifetime=spans.get("default_lifetime"),
    )
    if _contradicts(guard):
        problems.append(item.error("has a default_lifetime above its max_lifetime", "lower it"))
    return guard


def _purpose(item: Item) -> bool:
    return choice(item, (_REQUIRED, _OPTIONAL)) == _REQUIRED


def _contradicts(guard: Guard) -> bool:
    longest, default = guard.max_lifetime, guard.default_lifetime
    return longest is not None and default is not None and default > longest


_FLAGS: dict[str, Callable[[Item], bool]] = {
    "protected": flag,
    "read_only": flag,
    "purpose": _purpose,
}
_SPANS = ("max_lifetime", "default_lifetime")
