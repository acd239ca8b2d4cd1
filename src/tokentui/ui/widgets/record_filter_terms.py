"""What a filter's text asks for: plain words, words about one field, and when something ends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tokentui.ui.widgets.record_model import Record

ENDS = "ends"
"""The field whose values are spans, not texts."""

APART = "\n"
"""What stands between the texts of a field that has several; exactly one can be asked for."""

NEVER = "never"

_SECONDS = {"m": 60, "h": 3_600, "d": 86_400, "w": 7 * 86_400, "M": 30 * 86_400}
_SPAN = re.compile(r"([<>])(\d{1,6})([mhdwM])")
_QUOTED = re.compile(r'"((?:[^"]|"")*)"?')
_PIECES = re.compile(r'(?:[^\s"]|"(?:[^"]|"")*"?)+')
_EXACTLY = "="
_EXAMPLE = "ends:<7d"
_HOW_ENDS = "ends: takes <7d, >30d or never"


@dataclass(frozen=True, slots=True)
class EndTerm:
    """The seconds that may be left at most, or must be left at least; neither: it never ends."""

    under_s: float | None = None
    over_s: float | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """A filter taken apart; a row must fit all of it.

    What stands in `exact` must be all of a field's text, what stands in `fields` some of it.
    `remark` says what of the text is not understood, or not yet.
    """

    words: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    ends: tuple[EndTerm, ...] = ()
    remark: str = ""
    exact: tuple[tuple[str, str], ...] = ()


def terms(text: str, fields: Collection[str]) -> Terms:
    """Take a filter's text apart; `fields` are those that the list knows, none: all is words.

    A field without a value yet counts for nothing, so that a list does not empty while typing.
    Within double quotes, two of them stand for one.
    """
    if not fields:
        return Terms(words=tuple(text.lower().split()))
    if not text:
        return Terms(remark=f"words, {' '.join(f'{name}:' for name in fields)} as in {_EXAMPLE}")
    words: list[str] = []
    about: list[tuple[str, str]] = []
    exact: list[tuple[str, str]] = []
    ends: list[EndTerm] = []
    remark = ""
    for piece in _PIECES.findall(text):
        name, colon, quoted = piece.partition(":")
        field, value = name.lower(), _unquoted(quoted.removeprefix(_EXACTLY))
        if not colon or piece.startswith('"'):
            words.append(_unquoted(piece).lower())
        elif field not in fields:
            words.append(f"{field}:{_unquoted(quoted).lower()}")
            remark = f"{name}: is no field, taken as text"
        elif field == ENDS:
            end = _end(value)
            ends += [end] if end else []
            remark = remark if end else _HOW_ENDS
        elif value:
            (exact if quoted.startswith(_EXACTLY) else about).append((field, value.lower()))
        else:
            remark = f"{field}: of what?"
    return Terms(tuple(filter(None, words)), tuple(about), tuple(ends), remark, tuple(exact))


def exactly(field: str, text: str) -> str:
    """Word the wish for rows whose field is this text."""
    doubled = text.replace('"', '""')
    return f'{field}:{_EXACTLY}"{doubled}"'


def matching(records: Sequence[Record], wanted: Terms, now_s: float) -> Sequence[Record]:
    """Give the records that fit; `now_s` is the time now, in seconds since 1970."""
    hits = records
    for word in wanted.words:
        hits = [record for record in hits if word in record.haystack]
    for name, value in wanted.fields:
        hits = [record for record in hits if value in record.fields.get(name, "")]
    for name, value in wanted.exact:
        hits = [record for record in hits if value in record.fields.get(name, "").split(APART)]
    for end in wanted.ends:
        hits = _ending(hits, end, now_s)
    return hits


def _ending(records: Sequence[Record], end: EndTerm, now_s: float) -> Sequence[Record]:
    if end.under_s is not None:
        latest = now_s + end.under_s
        return [r for r in records if r.ends_at_s is not None and r.ends_at_s < latest]
    if end.over_s is not None:
        earliest = now_s + end.over_s
        return [r for r in records if r.ends_at_s is None or r.ends_at_s > earliest]
    return [record for record in records if record.ends_at_s is None]


def _unquoted(text: str) -> str:
    return _QUOTED.sub(lambda found: found[1].replace('""', '"'), text)


def _end(value: str) -> EndTerm | None:
    """Read "<7d", ">30d" or "never"; None: it is none of them, or not yet."""
    if value.lower() == NEVER:
        return EndTerm()
    found = _SPAN.fullmatch(value)
    if found is None:
        return None
    seconds = int(found[2]) * _SECONDS[found[3]]
    return EndTerm(under_s=seconds) if found[1] == "<" else EndTerm(over_s=seconds)
