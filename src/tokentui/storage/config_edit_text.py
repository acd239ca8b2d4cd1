"""A profile written into the text of `config.yaml`, or taken out: all else stays as it is.

Both functions give None where the text is not in the block style that can be edited in place.
Their answer is a proposal: the caller reads it back before it believes it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import yaml

from tokentui.storage.config_item import NULL

if TYPE_CHECKING:
    from collections.abc import Mapping

PROFILES = "profiles"

_HEADER = "# tokentui: profiles and settings. Secrets never stand in this file.\n"
_NOTHING = re.compile(r"(~|null|\{ *\})?")
_STEP = 2
_ONE_LINE = 1_000_000
_Pairs = list[tuple[yaml.Node, yaml.Node]]


def block(name: str, content: Mapping[str, object]) -> str:
    """Write a profile as it stands below `profiles:`, at column 0."""
    text: str = yaml.safe_dump(
        {name: dict(content)}, sort_keys=False, allow_unicode=True, width=_ONE_LINE
    )
    return text


def with_profile(text: str, new: str) -> str | None:
    """Add a profile, written by `block`, behind the others."""
    line_end = "\r\n" if "\r\n" in text else "\n"
    if not text:
        text = _HEADER
    elif not text.endswith("\n"):
        text += line_end
    place = _place(text, yaml.compose(text, Loader=yaml.CSafeLoader))
    if place is None:
        return None
    added = place.heading + _indented(new, place.column)
    before = text[: place.cut[0]] + text[place.cut[1] : place.at]
    return before + added.replace("\n", line_end) + text[place.at :]


def without_profile(text: str, name: str) -> str | None:
    """Take a profile out, with the comments inside of it; those around it stay."""
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    value = _value(root, PROFILES)
    if not isinstance(value, yaml.MappingNode) or value.flow_style:
        return None
    pairs: _Pairs = value.value
    keys = [key for key, _ in pairs]
    index = next(i for i, key in enumerate(keys) if key.value == name)
    if not _begins_line(text, keys[index]):
        return None
    column = keys[index].start_mark.column
    is_last = index + 1 == len(keys)
    after = value.end_mark.index if is_last else keys[index + 1].start_mark.index
    start = _line_start(text, keys[index].start_mark.index)
    return text[:start] + text[_end_of_block(text, start, after, column) :]


class _Place(NamedTuple):
    """Where text is inserted, how far indented, and what is cut out before it."""

    at: int
    column: int
    heading: str = ""
    cut: tuple[int, int] = (0, 0)


def _place(text: str, root: yaml.Node | None) -> _Place | None:
    if root is None or root.tag == NULL:
        return _Place(len(text), _STEP, f"{PROFILES}:\n")
    if not isinstance(root, yaml.MappingNode) or root.flow_style or not root.value:
        return None
    pairs: _Pairs = root.value
    first = pairs[0][0]
    if not _begins_line(text, first):
        return None
    column = first.start_mark.column
    for index, (key, value) in enumerate(pairs):
        if key.value == PROFILES:
            is_last = index + 1 == len(pairs)
            after = root.end_mark.index if is_last else pairs[index + 1][0].start_mark.index
            return _place_below(text, key, value, after)
    at = _end_of_block(text, first.start_mark.index, root.end_mark.index, column)
    return _Place(at, column + _STEP, " " * column + f"{PROFILES}:\n")


def _place_below(text: str, key: yaml.Node, value: yaml.Node, after: int) -> _Place | None:
    """Find the place below the key `profiles`; `after` is where the next key begins."""
    column = key.start_mark.column
    if value.start_mark.index < key.start_mark.index:  # an alias: its value stands elsewhere
        return None
    cut = (value.start_mark.index, value.end_mark.index)
    if _NOTHING.fullmatch(text, *cut):
        at = _end_of_block(text, key.start_mark.index, after, column)
        return _Place(at, column + _STEP, cut=cut)
    if not isinstance(value, yaml.MappingNode) or value.flow_style:
        return None
    first = value.value[0][0]
    if not _begins_line(text, first):
        return None
    inner = first.start_mark.column
    at = _end_of_block(text, first.start_mark.index, value.end_mark.index, inner)
    return _Place(at, inner)


def _value(root: yaml.Node | None, name: str) -> yaml.Node | None:
    pairs: _Pairs = root.value if isinstance(root, yaml.MappingNode) else []
    return next((value for key, value in pairs if key.value == name), None)


def _begins_line(text: str, key: yaml.Node) -> bool:
    """Say whether only blanks stand before a key: no brace, no `?`, no anchor, no `---`."""
    at = key.start_mark.index
    return not text[_line_start(text, at) : at].strip(" ")


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _end_of_block(text: str, start: int, after: int, column: int) -> int:
    """Find the end of the last line of what begins at `start` and is over before `after`.

    Comments belong to it as far as they are indented deeper than `column`; blank lines and the
    other comments before `after` belong to what follows.
    """
    end = _line_start(text, after)
    while end > start:
        line_start = _line_start(text, end - 1)
        line = text[line_start:end]
        content = line.strip()
        is_deeper = len(line) - len(line.lstrip(" ")) > column
        if line_start <= start or (content and (is_deeper or not content.startswith("#"))):
            return end
        end = line_start
    return end


def _indented(text: str, column: int) -> str:
    return "".join(" " * column + line for line in text.splitlines(keepends=True))
