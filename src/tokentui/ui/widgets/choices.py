"""A line of choices: one of several, steps with numbers, or things to turn on and off."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from tokentui.ui.widgets.record_columns import fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.geometry import Size

_GAP = 3


class Look(Enum):
    """How choices are drawn; each has a sign for what is chosen."""

    ONE = "( )"
    STEPS = "[ ] over numbers"
    SWITCHES = "[x]"


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice; `key` is the key that chooses it, as it is drawn."""

    label: str
    key: str = ""
    possible: bool = True


@dataclass(frozen=True, slots=True)
class _Spot:
    index: int
    row: int
    x: int
    width: int


class Choices(Widget, can_focus=True):
    """Choices that keys, the mouse and the dialog change; `picked` are the places that are on.

    With `by_letter`, a letter goes to the next choice that begins with it.
    """

    DEFAULT_CSS = "Choices { height: auto; width: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,k", "move(-1)", show=False),
        Binding("right,j", "move(1)", show=False),
        Binding("space", "pick", show=False),
    ]

    class Picked(Message):
        """Someone picked a choice; the dialog decides what that means."""

        def __init__(self, choices: Choices, index: int) -> None:
            super().__init__()
            self.choices = choices
            self.index = index

        @property
        def control(self) -> Choices:
            return self.choices

    def __init__(
        self,
        look: Look,
        *,
        by_letter: bool = False,
        id: str | None = None,  # as in Textual
    ) -> None:
        super().__init__(id=id)
        self._look = look
        self._by_letter = by_letter
        self._choices: Sequence[Choice] = ()
        self.picked: frozenset[int] = frozenset()
        self._cursor = 0

    def show(self, choices: Sequence[Choice], picked: frozenset[int]) -> None:
        """Draw these choices, with these turned on."""
        if (choices, picked) == (self._choices, self.picked):
            return
        taller = len(choices) != len(self._choices)
        self._choices, self.picked = choices, picked
        if self._look is not Look.SWITCHES:
            self._cursor = min(picked, default=0)
        self._cursor = min(self._cursor, max(0, len(choices) - 1))
        self.refresh(layout=taller)

    def action_move(self, by: int) -> None:
        if not self._choices:
            return
        self._cursor = (self._cursor + by) % len(self._choices)
        self.refresh()
        if self._look is not Look.SWITCHES:
            self.action_pick()

    def action_pick(self) -> None:
        if self._choices:
            self.post_message(self.Picked(self, self._cursor))

    def on_key(self, event: events.Key) -> None:
        letter = (event.character or "").casefold()
        steps = range(1, len(self._choices) + 1)
        if self._by_letter and letter.isalpha():
            for by in steps:
                if self._label_after(by).startswith(letter):
                    event.stop()
                    self.action_move(by)
                    return

    def on_click(self, event: events.Click) -> None:
        rows = 2 if self._look is Look.STEPS else 1
        for spot in self._spots(self.size.width):
            if event.y // rows == spot.row and spot.x <= event.x < spot.x + spot.width:
                self._cursor = spot.index
                self.action_pick()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        rows = max((spot.row for spot in self._spots(width)), default=0) + 1
        return rows * 2 if self._look is Look.STEPS else rows

    def render(self) -> Content:
        lines: dict[int, list[Content]] = {}
        for spot in self._spots(self.size.width):
            lines.setdefault(spot.row, []).append(self._drawn(spot))
        gap = " " * self._gap
        rows = [Content(gap).join(parts) for _, parts in sorted(lines.items())]
        if self._look is not Look.STEPS:
            return Content("\n").join(rows)
        numbers = [self._numbers(row) for row in sorted(lines)]
        return Content("\n").join(line for pair in zip(rows, numbers, strict=True) for line in pair)

    @property
    def _gap(self) -> int:
        return 1 if self._look is Look.STEPS else _GAP

    def _spots(self, width: int) -> list[_Spot]:
        spots: list[_Spot] = []
        row = x = 0
        for index in range(len(self._choices)):
            wide = cell_len(self._text(index))
            if x and x + wide > width:
                row, x = row + 1, 0
            spots.append(_Spot(index, row, x, wide))
            x += wide + self._gap
        return spots

    def _text(self, index: int) -> str:
        choice, on = self._choices[index], index in self.picked
        match self._look:
            case Look.ONE:
                sign = "(o)" if on else "( )" if choice.possible else "(-)"
                return f"{choice.key} {sign} {choice.label}".lstrip()
            case Look.STEPS:
                return f"[{choice.label}]" if on else f" {choice.label} "
            case Look.SWITCHES:
                return f"[{'x' if on else ' '}] {choice.label}"

    def _label_after(self, steps: int) -> str:
        return self._choices[(self._cursor + steps) % len(self._choices)].label.casefold()

    def _drawn(self, spot: _Spot) -> Content:
        text = fit(self._text(spot.index), spot.width)
        style = "" if self._choices[spot.index].possible else "$text-disabled"
        if spot.index in self.picked and self._look is not Look.SWITCHES:
            style = "bold"
        if self.has_focus and spot.index == self._cursor:
            style = f"{style} reverse".strip()
        return Content.styled(text, style)

    def _numbers(self, row: int) -> Content:
        gap = " " * self._gap
        spots = [spot for spot in self._spots(self.size.width) if spot.row == row]
        cells = [fit(f" {self._choices[s.index].key}", s.width) for s in spots]
        return Content.styled(gap.join(cells), "$text-muted")
