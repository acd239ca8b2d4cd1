"""YAML as kubectl takes it: every value as text, with the line where it stands."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, NoReturn

import yaml

from tokentui.domain.errors import DeliveryError
from tokentui.domain.kubeconfig_text import Bare, go_reads_text
from tokentui.domain.text import clean

if TYPE_CHECKING:
    from pathlib import Path

_DEEPEST = 100  # libyaml's composer overflows the C stack at depths that Go still reads
_MOST_NODES = 1_000_000  # counted with aliases resolved, so that they cannot multiply
_BOM_ENCODINGS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MERGE_KEY = "<<"
_STANDARD_TAGS = "tag:yaml.org,2002:"
_TEXT_TAG = f"{_STANDARD_TAGS}str"
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {
    spelling: value
    for value, words in ((True, ("y", "yes", "on", "true")), (False, ("n", "no", "off", "false")))
    for word in words
    for spelling in (word, word.capitalize(), word.upper())
}
_BOOLEAN_KEYS = frozenset({"insecure-skip-tls-verify", "disable-compression", "provideClusterInfo"})


def decode(data: bytes, path: Path) -> str:
    """Give the text of a file; raises `DeliveryError` if it is neither UTF-8 nor UTF-16."""
    encoding = next((name for bom, name in _BOM_ENCODINGS if data.startswith(bom)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        _refuse(path, data.count(b"\n", 0, error.start) + 1, "this is not UTF-8 text")


class Reader:
    """Reads the tree of one file; every error names file and line and nothing of the content."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._nodes = 0

    def tree(self, text: str) -> yaml.Node | None:
        """Give the tree of the only document in a text, None if there is none."""
        try:
            self._check_shape(text)
            return yaml.compose(text, Loader=yaml.CBaseLoader)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            _refuse(self._path, line, "this is not valid YAML")
        except yaml.reader.ReaderError as error:
            line = text.encode().count(b"\n", 0, error.position) + 1
            _refuse(self._path, line, "this character is not allowed in YAML")

    def value(self, node: yaml.Node) -> object:
        """Give a value: text, None, a list, a dictionary, or `Bare` for what is none of them."""
        self._nodes += 1
        if self._nodes > _MOST_NODES:
            self.refuse(node, "its aliases multiply to more than a kubeconfig can be")
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child) for child in node.value]
        return self._scalar(node)

    def mapping(self, node: yaml.MappingNode) -> dict[str, object]:
        """Give a mapping with its values; words where kubectl has booleans are booleans."""
        fields = self.fields(node)
        return {key: _converted(key, self.value(child)) for key, child in fields.items()}

    def fields(self, node: yaml.MappingNode) -> dict[str, yaml.Node]:
        """Give the fields of a mapping with those that merge keys (`<<`) bring in."""
        own: dict[str, yaml.Node] = {}
        inherited: dict[str, yaml.Node] = {}
        for key_node, child in node.value:
            key = self.value(key_node)
            if key == _MERGE_KEY and _is_unquoted(key_node):
                inherited = self._inherited(child)
                continue
            if not isinstance(key, str):
                self.refuse(key_node, "this key is not text")
            if key in own:
                self.refuse(key_node, "this key stands twice in its mapping")
            own[key] = child
        return {**inherited, **own} if inherited else own

    def refuse(self, node: yaml.Node, what: str) -> NoReturn:
        """Raise `DeliveryError` for the line of a node."""
        _refuse(self._path, node.start_mark.line + 1, what)

    def _inherited(self, node: yaml.Node) -> dict[str, yaml.Node]:
        sources = node.value if isinstance(node, yaml.SequenceNode) else [node]
        fields: dict[str, yaml.Node] = {}
        for source in sources:
            if not isinstance(source, yaml.MappingNode):
                self.refuse(node, "the merge key leads to no mapping")
            fields = {**self.fields(source), **fields}
        return fields

    def _scalar(self, node: yaml.Node) -> str | None:
        text = str(node.value)
        if node.tag != _TEXT_TAG and node.tag.startswith(_STANDARD_TAGS):
            self.refuse(node, "this value has a YAML tag; write it without")
        if node.tag != _TEXT_TAG or not _is_unquoted(node) or go_reads_text(text):
            return text
        return None if text in _NULLS else Bare(text)

    def _check_shape(self, text: str) -> None:
        """Refuse a second document and absurd depth before the tree is built."""
        depth = documents = 0
        for event in yaml.parse(text, Loader=yaml.CBaseLoader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            documents += isinstance(event, yaml.DocumentStartEvent)
            if depth <= _DEEPEST and documents <= 1:
                continue
            line = event.start_mark.line + 1 if event.start_mark else 1
            if documents > 1:
                _refuse(self._path, line, "a second YAML document starts, which kubectl ignores")
            _refuse(self._path, line, f"this is nested deeper than {_DEEPEST} levels")


def is_null(node: yaml.Node) -> bool:
    """Tell whether a node is null, as `key:` and `key: null` are."""
    return _is_unquoted(node) and node.value in _NULLS


def _is_unquoted(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and not node.style


def as_boolean(value: object) -> object:
    """Give True or False for an unquoted word that is one to kubectl, else the value itself."""
    return _BOOLEANS.get(value, value) if isinstance(value, Bare) else value


def _converted(key: str, value: object) -> object:
    return as_boolean(value) if key in _BOOLEAN_KEYS else value


def _refuse(path: Path, line: int, what: str) -> NoReturn:
    raise DeliveryError(
        f"{clean(str(path))}, line {line}: {what}", "correct the file first"
    ) from None
