"""Sends no colour where `NO_COLOR` asks for none (https://no-color.org, read 2026-11-22).

Textual (8.2.8) turns colours into greys then, which are colours as well, and does so for an empty
value, which asks for nothing.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.filter import LineFilter, Monochrome

from tokentui.ui.key_order import OrderedKeys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.style import Style
    from textual.color import Color
    from textual.driver import Driver


class Colourless(LineFilter):
    """Leaves bold, dim, underlined and reversed text, and takes the colours away."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [Segment(text, style and _plain(style), None) for text, style, _ in segments]


@lru_cache(1024)
def _plain(style: Style) -> Style:
    return style.without_color


class ColourChoice(OrderedKeys):
    """An app without colours where the environment says so."""

    def __init__(self, driver_class: type[Driver] | None = None) -> None:
        super().__init__(driver_class=driver_class)
        self.no_color = bool(os.environ.get("NO_COLOR"))
        self._colourless = Colourless()

    def get_line_filters(self) -> Sequence[LineFilter]:
        if self.no_color:
            return [self._colourless]
        return [one for one in super().get_line_filters() if not isinstance(one, Monochrome)]
