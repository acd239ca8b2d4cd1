"""The keys of a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from tokentui.ui.actions import AS_IN_THE_TABLE, Place, lines
from tokentui.ui.screens.info import InfoDialog

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tokentui.ui.actions import Line

_KEY = 7
_COLUMN = 34
_REMARKS = (
    "Secrets are only copied from the result dialog, never from a list.",
    "Colours always come with a sign: x expired, ! soon, ~ later, ? unknown.",
    "Keys can be changed under settings.keys in the configuration.",
)


class HelpDialog(InfoDialog):
    """All actions of some groups, in two columns: what is special here, and the rest."""

    def __init__(self, places: Sequence[Place], keys: Mapping[str, str] = AS_IN_THE_TABLE) -> None:
        here = [
            line for place in places if place is not Place.ANYWHERE for line in _group(place, keys)
        ]
        anywhere = list(_group(Place.ANYWHERE, keys)) if Place.ANYWHERE in places else []
        rows = max(len(here), len(anywhere))
        both = zip(_filled(here, rows), _filled(anywhere, rows), strict=True)
        table = [
            Content.assemble(left.pad_right(_COLUMN - left.cell_length), right)
            for left, right in both
        ]
        remarks = [Content.styled(remark, "$text-muted") for remark in _REMARKS]
        super().__init__(f"Keys here: {places[0]}", [*table, Content(""), *remarks])


def _group(place: Place, keys: Mapping[str, str]) -> Iterator[Content]:
    yield Content.styled(place.value.upper(), "bold")
    for line in lines(place, keys):
        yield Content.assemble((f"{line.shown:<{_KEY}}", "bold"), _words(line))
    yield Content("")


def _words(line: Line) -> str:
    return line.help if len(line.help) <= _COLUMN - _KEY - 1 else line.label


def _filled(column: list[Content], rows: int) -> list[Content]:
    return [*column, *[Content("")] * (rows - len(column))]
