"""Holds what went over the line against the vendors' descriptions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from described import description
from tokentui.domain.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from described import ByMedia, Document, Operation
    from tokentui.providers.http_call import Call
    from traffic import Answered, Traffic

ANY = "*"
"""Stands for every operation of an API in the key of a departure."""


@dataclass(frozen=True, slots=True)
class Departure:
    """An answer that a description leaves out or has wrong, and why that is right.

    Its body has the schema of that name, or is text of that media type; without both there is no
    body. With `as_described` the description holds after that has changed the body.
    """

    why: str
    schema: str | None = None
    media: str | None = None
    as_described: Callable[[object], object] | None = None

    def content(self, document: Document) -> ByMedia:
        """Give the schema of the body by its media type."""
        if self.schema is not None:
            return {self.media or "application/json": document.schema(self.schema)}
        return {} if self.media is None else {self.media: {"type": "string"}}


@dataclass(frozen=True, slots=True)
class Described:
    """One API: where simulators and servers of tests have it, and the files that describe it.

    `simulated` is a regular expression of a path's beginning, `elsewhere` a plain beginning.
    `bodies` names by operation the schema of a request that the description has wrong.
    `departures` are by operation and status; those of `ANY` operation hold where the description
    has no body. `not_described` gives the reason by a regular expression of "METHOD path".
    """

    simulated: str
    files: Sequence[str] = ()
    elsewhere: str | None = None
    bodies: Mapping[str, str] = field(default_factory=dict)
    departures: Mapping[tuple[str, int], Departure] = field(default_factory=dict)
    not_described: Mapping[str, str] = field(default_factory=dict)

    def below(self, path: str) -> str | None:
        """Give a simulator's path without its beginning, None if it is another API's."""
        match = re.match(rf"{self.simulated}(?=/|$)", path)
        return None if match is None else path[match.end() :]

    def operation(
        self, method: str, path: str
    ) -> tuple[Document, Operation, dict[str, str]] | None:
        """Find what describes a request."""
        for document in map(description, self.files):
            found = document.operation(method, path)
            if found:
                return document, *found
        return None

    def departure(self, operation: str, status: int, *, described: bool) -> Departure | None:
        """Find how an answer may differ; `described`: whether the description has its body."""
        general = None if described else self.departures.get((ANY, status))
        return self.departures.get((operation, status), general)

    def exempt(self, method: str, path: str) -> bool:
        """Whether it is said why no description holds the request."""
        return any(re.fullmatch(one, f"{method} {path}") for one in self.not_described)


def faults(apis: Sequence[Described], traffic: Traffic) -> list[str]:
    """Say each difference from the descriptions, without any value."""
    sent = (fault for one in traffic.sent for fault in _of_call(apis, one.call))
    answered = (fault for one in traffic.answered for fault in _of_answer(apis, one))
    return sorted({*sent, *answered})


def used(apis: Sequence[Described], traffic: Traffic) -> dict[str, set[str]]:
    """Give the described operations that were asked for, by the beginning of their API."""
    names: dict[str, set[str]] = {}
    for call in (one.call for one in traffic.sent):
        found = _api_of(apis, call.method, urlsplit(call.url).path)
        described = found and found[0].operation(call.method, found[1])
        if found and described:
            names.setdefault(found[0].simulated, set()).add(described[1].name)
    return names


def _api_of(apis: Sequence[Described], method: str, path: str) -> tuple[Described, str] | None:
    """Find the API of a request and its path there, at a simulator or at a server of a test."""
    simulated = _simulated(apis, path)
    if simulated is not None:
        return simulated
    for api in apis:
        if api.elsewhere is not None and path.startswith(api.elsewhere):
            below = path.removeprefix(api.elsewhere)
            if api.operation(method, below) or api.exempt(method, below):
                return api, below
    return None


def _simulated(apis: Sequence[Described], path: str) -> tuple[Described, str] | None:
    places = ((api, api.below(path)) for api in apis)
    return next(((api, below) for api, below in places if below is not None), None)


def _of_call(apis: Sequence[Described], call: Call) -> Iterator[str]:
    parts = urlsplit(call.url)
    name = f"request {call.method} {parts.path}"
    found = _api_of(apis, call.method, parts.path)
    described = found and found[0].operation(call.method, found[1])
    if not found or not described:
        if not (found and found[0].exempt(call.method, found[1])):
            yield f"{name}: not described"
        return
    document, operation, in_path = described
    query = {**dict(parse_qsl(parts.query)), **{k: str(v) for k, v in call.params.items()}}
    for fault in _of_parameters(document, operation, in_path, query):
        yield f"{name}: {fault}"
    for fault in _of_request_body(document, operation, call, found[0].bodies):
        yield f"{name}: {fault}"


def _of_parameters(
    document: Document, operation: Operation, in_path: dict[str, str], query: dict[str, str]
) -> Iterator[str]:
    given: dict[str, dict[str, str]] = {"path": in_path, "query": query}
    known = [one for one in operation.parameters if one["in"] in given]
    for parameter in known:
        name, schema = parameter["name"], parameter["schema"]
        text = given[parameter["in"]].get(name)
        if text is None and parameter.get("required"):
            yield f"lacks the parameter {name}"
        if text is not None:
            value = _typed(document.kind(schema), text)
            yield from (f"parameter {name} {one}" for one in document.faults(schema, value))
    for name in query.keys() - {one["name"] for one in known}:
        yield f"query parameter {name} is not described"


def _typed(kind: object, text: str) -> object:
    if kind == "array":
        return [text]
    if kind not in ("integer", "number", "boolean"):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def _of_request_body(
    document: Document, operation: Operation, call: Call, bodies: Mapping[str, str]
) -> Iterator[str]:
    if call.json is None and not call.form:
        if operation.body_required:
            yield "lacks a body"
        return
    form = {k: v.reveal() if isinstance(v, Secret) else v for k, v in call.form.items()}
    usual = "application/x-www-form-urlencoded" if form else "application/json"
    media = next((str(v) for k, v in call.headers.items() if k.lower() == "content-type"), usual)
    schema = operation.request.get(media, operation.request.get("*/*"))
    if operation.name in bodies:
        schema = document.schema(bodies[operation.name])
    if schema is None:
        yield f"a body of {media} is not described"
        return
    body = form or call.json
    yield from (f"body: {one}" for one in document.faults(schema, body))
    yield from (f"body: {one} is not described" for one in document.unknown_fields(schema, body))


def _of_answer(apis: Sequence[Described], answered: Answered) -> Iterator[str]:
    method, status = answered.method, answered.answer.status
    name = f"answer {status} to {method} {answered.path}"
    found = _simulated(apis, answered.path)
    described = found and found[0].operation(method, found[1])
    if not found or not described:
        if not (found and found[0].exempt(method, found[1])):
            yield f"{name}: not described"
        return
    document, operation, _ = described
    content = operation.responses.get(str(status), operation.responses.get("default"))
    departure = found[0].departure(operation.name, status, described=bool(content))
    for fault in _of_body(document, content, departure, answered):
        yield f"{name} ({operation.name}): {fault}"


def _of_body(
    document: Document,
    content: ByMedia | None,
    departure: Departure | None,
    answered: Answered,
) -> Iterator[str]:
    if departure is not None and departure.as_described is None:
        content = departure.content(document)
    if content is None:
        yield "the status is not described"
        return
    if not content:
        if answered.answer.body:
            yield "it has a body, and none is described"
        return
    schema = content.get(answered.media, content.get("*/*"))
    if schema is None:
        yield f"a body of {answered.media or 'no type'} is not described"
        return
    body = _parsed(answered)
    if departure is not None and departure.as_described is not None:
        body = departure.as_described(body)
    yield from document.faults(schema, body)
    yield from (f"{one} is not described" for one in document.unknown_fields(schema, body))


def _parsed(answered: Answered) -> object:
    text = answered.answer.body.decode()
    return json.loads(text) if answered.media.endswith("json") else text
