"""Data on standard output: tables for people, versioned JSON and YAML for programs."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

Plain = str | int | float | bool | None | list["Plain"] | dict[str, "Plain"]

_GAP = "  "


@dataclass(frozen=True, slots=True)
class Listing:
    """A list to print. `schema` names its JSON form: tokentui/<what>/v<version>."""

    schema: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    items: Sequence[dict[str, Plain]]
    nothing: str


def show(listing: Listing, form: str) -> None:
    """Print a list as `table`, `json` or `yaml`."""
    if form == "table":
        _table(listing)
        sys.stdout.flush()
    else:
        document({"schema": listing.schema, "items": list(listing.items)}, form)


def document(content: dict[str, Plain], form: str) -> None:
    """Print one document as `json` or `yaml`."""
    if form == "yaml":
        import yaml

        plain = json.loads(json.dumps(content))  # words of enumerations become plain text
        text = yaml.safe_dump(plain, sort_keys=False, allow_unicode=True)
    else:
        text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    sys.stdout.write(text)
    sys.stdout.flush()


def note(text: str) -> None:
    """Say something to the person, beside the data."""
    print(text, file=sys.stderr)


def instant(at: datetime | None) -> str | None:
    """Write an instant as RFC 3339 in UTC, to the second."""
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _table(listing: Listing) -> None:
    if not listing.rows:
        if listing.nothing:
            note(listing.nothing)
        return
    lines = (listing.columns, *listing.rows)
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = (text + " " * (w - _width(text)) for text, w in zip(line, widths, strict=True))
        sys.stdout.write(_GAP.join(padded).rstrip() + "\n")


def _width(text: str) -> int:
    """Count terminal cells: wide East Asian characters take two, combining marks none."""
    from unicodedata import category, east_asian_width

    return sum(
        0 if category(char) in {"Mn", "Me"} else 2 if east_asian_width(char) in "WF" else 1
        for char in text
    )
