"""Kubeconfigs as kubectl reads them, refused where it refuses them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from tokentui.domain.kubeconfig import BODY_KEY, Document, Section
from tokentui.domain.kubeconfig_text import Bare
from tokentui.domain.secret import Secret
from tokentui.kubeconfigs.tree import Reader, as_boolean, is_null

if TYPE_CHECKING:
    from collections.abc import Mapping

_TEXTS = {
    Section.CLUSTERS: (
        "server", "tls-server-name", "certificate-authority", "certificate-authority-data",
        "proxy-url",
    ),
    Section.USERS: (
        "client-certificate", "client-certificate-data", "client-key", "client-key-data",
        "token", "tokenFile", "as", "as-uid", "username", "password",
    ),
    Section.CONTEXTS: ("cluster", "user", "namespace"),
}  # fmt: skip
_BOOLEANS = ("insecure-skip-tls-verify", "disable-compression")
_ACCEPTED = {"apiVersion": "v1", "kind": "Config"}
_IN_NO_FILE = Path("the kubeconfig given")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A kubeconfig's text, its tree, and its content with secrets in clear."""

    text: str = field(repr=False)
    root: yaml.MappingNode | None = field(repr=False)
    document: Document = field(repr=False)


def parse(text: str, path: Path) -> Parsed:
    """Read a kubeconfig from text; `path` is for errors. Raises `DeliveryError`.

    Source: experiments with kubectl 1.32.4 and 1.37.1. Keys that stand twice and second
    documents, which kubectl drops silently, are errors here.
    """
    reader = Reader(path)
    root = reader.tree(text)
    if root is None or is_null(root):
        return Parsed(text, None, {})
    if not isinstance(root, yaml.MappingNode):
        reader.refuse(root, "this is no kubeconfig, it is not a mapping")
    try:
        _check(reader, root)
        document = reader.mapping(root)
    except RecursionError:
        reader.refuse(root, "its aliases lead in a circle")
    return Parsed(text, root, document)


def as_json(kubeconfig: Secret) -> Secret:
    """Give a kubeconfig that stands in no file as JSON. Raises `DeliveryError` as `parse` does."""
    return Secret(json.dumps(parse(kubeconfig.reveal(), _IN_NO_FILE).document))


def _check(reader: Reader, root: yaml.MappingNode) -> None:
    top = reader.fields(root)
    for key, accepted in _ACCEPTED.items():
        if _text(reader, top, key) not in ("", accepted):
            reader.refuse(top[key], f"this is no kubeconfig, {key} is not {accepted}")
    _text(reader, top, "current-context")
    for section in Section:
        node = top.get(section.value)
        if node is None or is_null(node):
            continue
        if not isinstance(node, yaml.SequenceNode):
            reader.refuse(node, f"{section} is not a list")
        _check_section(reader, section, node.value)


def _check_section(reader: Reader, section: Section, items: list[yaml.Node]) -> None:
    names = set()
    for item in items:
        fields = _fields(reader, item, f"this entry of {section}")
        name = _text(reader, fields, "name")
        if name in names:
            reader.refuse(item, f"two entries of {section} have the same name, this is the second")
        names.add(name)
        body = fields.get(BODY_KEY[section])
        if body is not None:
            _check_body(reader, section, _fields(reader, body, BODY_KEY[section]))


def _check_body(reader: Reader, section: Section, body: Mapping[str, yaml.Node]) -> None:
    for key in _TEXTS[section]:
        _text(reader, body, key)
    if section is Section.CLUSTERS:
        for key in _BOOLEANS:
            _check_boolean(reader, body, key)


def _check_boolean(reader: Reader, fields: Mapping[str, yaml.Node], key: str) -> None:
    node = fields.get(key)
    if node is None or is_null(node):
        return
    if not isinstance(as_boolean(reader.value(node)), bool):
        reader.refuse(node, f"{key} is neither true nor false")


def _fields(reader: Reader, node: yaml.Node, what: str) -> Mapping[str, yaml.Node]:
    if is_null(node):
        return {}
    if not isinstance(node, yaml.MappingNode):
        reader.refuse(node, f"{what} is not a mapping")
    return reader.fields(node)


def _text(reader: Reader, fields: Mapping[str, yaml.Node], key: str) -> str:
    node = fields.get(key)
    if node is None:
        return ""
    value = reader.value(node)
    if isinstance(value, Bare):
        reader.refuse(node, f"{key} is a number or a boolean to kubectl; put it in quotes")
    if value is not None and not isinstance(value, str):
        reader.refuse(node, f"{key} is not text")
    return value or ""
