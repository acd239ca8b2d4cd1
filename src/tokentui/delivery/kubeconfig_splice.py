"""Changes written into a kubeconfig's text, so that everything else stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import yaml

from tokentui.delivery.atomic import shown
from tokentui.domain.errors import DeliveryError
from tokentui.domain.kubeconfig import ChangeKind, entries
from tokentui.domain.kubeconfig_text import quoted, to_yaml
from tokentui.kubeconfigs.read import Parsed, parse
from tokentui.kubeconfigs.tree import is_null

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tokentui.domain.kubeconfig import Change, Merge

_CURRENT = "current-context"


class Rewritten(NamedTuple):
    """A kubeconfig's new text, and whether comments were lost because it was written anew."""

    text: str
    comments_lost: bool


class _Edit(NamedTuple):
    """Text that takes the place of what stands between two offsets."""

    start: int
    end: int
    text: str


class _NotPlain(Exception):  # a reason to write the file anew, not an error
    """The text is not in the block style that can be edited in place."""


def rewrite(parsed: Parsed, merge: Merge, path: Path) -> Rewritten:
    """Give the text of a kubeconfig after a merge; `path` is for errors.

    Texts in block style keep all lines but the entry's own; others are written anew. The result
    has been read back and holds what the merge says. Raises `DeliveryError`.
    """
    try:
        edited = _edited(parsed, merge)
    except _NotPlain:
        edited = ""
    if _holds(edited, merge, path):
        return Rewritten(edited, comments_lost=False)
    anew = to_yaml(merge.document)
    if not _holds(anew, merge, path):
        raise DeliveryError(
            f"{shown(path)} cannot be changed without damage, nothing was written",
            "name another file",
        )
    return Rewritten(anew, comments_lost=_has_comments(parsed.text))


def _holds(text: str, merge: Merge, path: Path) -> bool:
    try:
        return parse(text, path).document == merge.document
    except DeliveryError:
        return False


def _edited(parsed: Parsed, merge: Merge) -> str:
    line_end = "\r\n" if "\r\n" in parsed.text else "\n"
    text = parsed.text if parsed.text.endswith(("\n", "\r")) else parsed.text + line_end
    if parsed.root is None:
        text = "" if not parsed.text else text
        return text + to_yaml(merge.document).replace("\n", line_end)
    pieces = []
    done = 0
    for edit in sorted(_edits(text, parsed.root, merge), key=lambda edit: edit.start):
        pieces += [text[done : edit.start], edit.text.replace("\n", line_end)]
        done = edit.end
    return "".join([*pieces, text[done:]])


def _edits(text: str, root: yaml.MappingNode, merge: Merge) -> Iterator[_Edit]:
    if root.flow_style:
        raise _NotPlain
    fields = {key.value: child for key, child in root.value}
    missing: dict[str, object] = {}
    for change in merge.changes:
        if change.kind is ChangeKind.UNCHANGED:
            continue
        item = _item(merge, change)
        node = fields.get(change.section.value)
        if node is None:
            missing[change.section.value] = [item]
        elif change.kind is ChangeKind.CHANGED:
            yield _replacement(text, node, change.name, item)
        else:
            yield _addition(text, root, node, item)
    if merge.current_after != merge.current_before:
        current = fields.get(_CURRENT)
        if current is None:
            missing[_CURRENT] = merge.current_after
        else:
            yield _edit(current, f"{_blank(current)}{quoted(merge.current_after)}")
    if missing:
        end = _end_of_lines(text, root)
        yield _Edit(end, end, to_yaml(missing, root.start_mark.column))


def _addition(text: str, root: yaml.MappingNode, section: yaml.Node, item: object) -> _Edit:
    if not section.value or is_null(section):
        return _edit(section, "\n" + to_yaml([item], root.start_mark.column).removesuffix("\n"))
    if isinstance(section, yaml.CollectionNode) and section.flow_style:
        raise _NotPlain
    end = _end_of_lines(text, section)
    return _Edit(end, end, to_yaml([item], section.start_mark.column))


def _replacement(text: str, section: yaml.Node, name: str, item: object) -> _Edit:
    for node in section.value:
        if isinstance(node, yaml.MappingNode) and _name(node) == name:
            start = text.rfind("\n", 0, node.start_mark.index) + 1
            dash = text[start : node.start_mark.index]
            if dash.strip() != "-":
                raise _NotPlain
            return _Edit(start, _end_of_lines(text, node), to_yaml([item], dash.index("-")))
    raise _NotPlain


def _edit(node: yaml.Node, text: str) -> _Edit:
    return _Edit(node.start_mark.index, node.end_mark.index, text)


def _blank(node: yaml.Node) -> str:
    return " " if node.start_mark.index == node.end_mark.index else ""


def _item(merge: Merge, change: Change) -> object:
    items = entries(merge.document, change.section)
    return next(item for item in items if item.get("name") == change.name)


def _name(node: yaml.MappingNode) -> object:
    return next((child.value for key, child in node.value if key.value == "name"), None)


def _end_of_lines(text: str, node: yaml.Node) -> int:
    """Find where the line after a node starts; a block's own end mark lies behind comments."""
    while isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
        last = node.value[-1]
        node = last[1] if isinstance(node, yaml.MappingNode) else last
    end = node.end_mark.index
    if text[end - 1] == "\n":
        return int(end)
    return text.find("\n", end) + 1 or len(text)


def _has_comments(text: str) -> bool:
    """Tell whether there are more number signs than the values hold."""
    events = yaml.parse(text, Loader=yaml.CBaseLoader)
    in_values = sum(e.value.count("#") for e in events if isinstance(e, yaml.ScalarEvent))
    return text.count("#") > in_values
