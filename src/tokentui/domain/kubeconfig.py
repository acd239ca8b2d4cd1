"""Kubeconfigs: one entry from a server, merged into what is there or as a file of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain, count

from tokentui.domain.errors import DeliveryError
from tokentui.domain.kubeconfig_entry import Entry, Origin, entry_name, from_server
from tokentui.domain.kubeconfig_text import to_yaml
from tokentui.domain.secret import Secret

__all__ = [
    "BODY_KEY",
    "Change",
    "ChangeKind",
    "Entry",
    "Merge",
    "Origin",
    "Section",
    "entries",
    "entry_name",
    "from_server",
    "merge",
    "render",
]

MARK = "tokentui"

Document = Mapping[str, object]
Body = Mapping[str, object]


class Section(StrEnum):
    """The lists of a kubeconfig."""

    CLUSTERS = "clusters"
    USERS = "users"
    CONTEXTS = "contexts"


BODY_KEY = {Section.CLUSTERS: "cluster", Section.USERS: "user", Section.CONTEXTS: "context"}

# What a renewal sets anew; all other keys of an entry of ours are the user's and stay.
_RENEWED = {
    Section.CLUSTERS: {"server", "certificate-authority-data", "tls-server-name"},
    Section.USERS: {
        "token", "tokenFile", "client-certificate", "client-certificate-data", "client-key",
        "client-key-data", "username", "password", "exec", "auth-provider",
    },
    Section.CONTEXTS: {"cluster", "user"},
}  # fmt: skip


class ChangeKind(StrEnum):
    """What a merge does to an entry."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one entry; `wanted` differs from `name` if that name was taken."""

    section: Section
    name: str
    kind: ChangeKind
    wanted: str

    @property
    def renamed(self) -> bool:
        return self.name != self.wanted


@dataclass(frozen=True, slots=True)
class Merge:
    """The document after a merge, which holds secrets in clear, and how it came about."""

    document: Document = field(repr=False)
    changes: tuple[Change, ...]
    context: str
    current_before: str
    current_after: str

    @property
    def changed(self) -> bool:
        return self.current_before != self.current_after or any(
            change.kind is not ChangeKind.UNCHANGED for change in self.changes
        )


def merge(existing: Document, entry: Entry, *, make_current: bool) -> Merge:
    """Put an entry into a kubeconfig.

    An earlier entry of the same origin is renewed under the name it has by now; an entry of
    anybody else stays as it is, and the new one gets another name. The current context changes
    if asked for, or if there is none. Raises `DeliveryError` if `existing` is no kubeconfig.
    """
    document = dict(existing) or {"apiVersion": "v1", "kind": "Config"}
    names = _names(document, entry)
    bodies = _bodies(entry, names)
    changes = []
    for section in Section:
        items, kind = _with_body(document, section, names[section], _marked(bodies[section], entry))
        document[section.value] = items
        changes.append(Change(section, names[section], kind, entry.name))
    context = names[Section.CONTEXTS]
    before = str(document.get("current-context") or "")
    after = context if make_current or not before else before
    if after != before:
        document["current-context"] = after
    return Merge(document, tuple(changes), context, before, after)


def render(entry: Entry) -> Secret:
    """Give a kubeconfig of its own for an entry, as YAML text."""
    bodies = _bodies(entry, dict.fromkeys(Section, entry.name))
    document: dict[str, object] = {"apiVersion": "v1", "kind": "Config"}
    for section in Section:
        document[section.value] = [{"name": entry.name, BODY_KEY[section]: bodies[section]}]
    document["current-context"] = entry.name
    return Secret(to_yaml(document))


def entries(document: Document, section: Section) -> list[Mapping[str, object]]:
    """Give the entries of a list; what is missing or null is empty. Raises `DeliveryError`."""
    items = document.get(section.value)
    if items is None:
        return []
    if not isinstance(items, list) or not all(isinstance(i, Mapping | None) for i in items):
        raise DeliveryError(f"The kubeconfig is broken: {section} is not a list of mappings")
    return [{} if item is None else item for item in items]


def _names(document: Document, entry: Entry) -> dict[Section, str]:
    """Keep the names of earlier entries of ours, and find one that is free for the others."""
    owned = {section: _owned_name(document, section, entry) for section in Section}
    taken = {
        item.get("name")
        for section in Section
        if owned[section] is None
        for item in entries(document, section)
    }
    candidates = chain([entry.name], (f"{entry.name}-{number}" for number in count(2)))
    free = next(name for name in candidates if name not in taken)
    return {section: free if (name := owned[section]) is None else name for section in Section}


def _owned_name(document: Document, section: Section, entry: Entry) -> str | None:
    names = [
        str(item.get("name") or "")
        for item in entries(document, section)
        if _mark(entry) in _extensions(_body(item, section))
    ]
    return entry.name if entry.name in names else next(iter(names), None)


def _with_body(
    document: Document, section: Section, name: str, body: Body
) -> tuple[list[Mapping[str, object]], ChangeKind]:
    items = entries(document, section)
    for place, item in enumerate(items):
        if item.get("name") == name:
            renewed = _renewed(section, _body(item, section), body)
            if renewed == _body(item, section):
                return items, ChangeKind.UNCHANGED
            items[place] = {**item, BODY_KEY[section]: renewed}
            return items, ChangeKind.CHANGED
    return [*items, {"name": name, BODY_KEY[section]: body}], ChangeKind.ADDED


def _renewed(section: Section, old: Body, new: Body) -> Body:
    kept = {key: value for key, value in old.items() if key not in _RENEWED[section] and value}
    return {**new, **kept}


def _bodies(entry: Entry, names: Mapping[Section, str]) -> dict[Section, Body]:
    cluster = {
        "server": entry.server,
        "certificate-authority-data": entry.authority,
        "tls-server-name": entry.tls_name,
    }
    context = {
        "cluster": names[Section.CLUSTERS],
        "user": names[Section.USERS],
        "namespace": entry.namespace,
    }
    user = {
        "token": entry.token.reveal() if entry.token else "",
        "client-certificate-data": entry.certificate.reveal() if entry.certificate else "",
        "client-key-data": entry.key.reveal() if entry.key else "",
    }
    bodies = {Section.CLUSTERS: cluster, Section.USERS: user, Section.CONTEXTS: context}
    return {
        section: {key: value for key, value in body.items() if value}
        for section, body in bodies.items()
    }


def _marked(body: Body, entry: Entry) -> Body:
    return {**body, "extensions": [_mark(entry)]}


def _mark(entry: Entry) -> Mapping[str, object]:
    """Say in the file whose entry it is; kubectl keeps extensions when it rewrites a file."""
    origin = entry.origin
    return {
        "name": MARK,
        "extension": {"profile": str(origin.profile), "instance": str(origin.instance)},
    }


def _body(item: Mapping[str, object], section: Section) -> Body:
    body = item.get(BODY_KEY[section])
    return body if isinstance(body, Mapping) else {}


def _extensions(body: Body) -> list[object]:
    extensions = body.get("extensions")
    return extensions if isinstance(extensions, list) else []
