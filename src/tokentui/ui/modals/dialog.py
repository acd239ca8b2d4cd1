"""What every dialog has: the scope above, its keys below, a box between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar

from rich.cells import cell_len
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input

from tokentui.ui import frame
from tokentui.ui.actions import Place, bindings, lines
from tokentui.ui.modals.box import BoxModal
from tokentui.ui.screens.help import HelpDialog
from tokentui.ui.widgets.bar import Bar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tokentui.ui.actions import Line
    from tokentui.ui.session import Session

T = TypeVar("T")

_ROOMY_HEIGHT = 22
_HELP = [binding for binding in bindings(Place.ANYWHERE) if binding.action == "help"]
_HELP_KEY = ("?", " help")


class Dialog(BoxModal[T]):
    """A box with a title; the last line in it is what the dialog says."""

    PLACE: ClassVar[Place]
    DEFAULT_CSS = """
    Dialog {
        & > Bar { dock: top; }
        & > #keys { dock: bottom; }
        & > #box { width: 92%; max-width: 98; }
        & > #box > VerticalScroll { height: auto; max-height: 100%; }
        & #foot { dock: bottom; height: auto; }
        & .gap { height: 1; }
        &.-tight .gap { display: none; }
        & .field { height: auto; }
        & .label { width: 13; color: $text-muted; }
        & .muted { color: $text-muted; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*_HELP]
    ENTER_IN_FIELD: ClassVar[str]
    """What Enter does while a text field has the focus."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._top = Bar()
        self._keys = Bar(id="keys")
        self.scroller = VerticalScroll(can_focus=False)

    @property
    def places(self) -> Sequence[Place]:
        """The group of actions that works here."""
        return (self.PLACE,)

    @property
    def greyed(self) -> frozenset[str]:
        """The labels of keys that do nothing now but say why."""
        return frozenset()

    @property
    def absent(self) -> frozenset[str]:
        """The labels of keys that never do anything here but say why."""
        return frozenset()

    @property
    def key_lines(self) -> Sequence[Line]:
        """The keys of the dialog as they are told below it."""
        return lines(self.PLACE, self.session.keys)

    @property
    def is_wide(self) -> bool:
        """Whether there is room for what is good to know but not needed."""
        return self.app.size.width >= frame.WIDE

    def compose(self) -> ComposeResult:
        yield self._top
        with self._box:
            with self.scroller:
                yield from self.compose_box()
            with Vertical(id="foot"):
                yield self._said
                yield from self.compose_foot()
        yield self._keys

    def compose_box(self) -> ComposeResult:
        """Give what stands in the box."""
        raise NotImplementedError

    def compose_foot(self) -> ComposeResult:
        """Give what stands below it and never scrolls away."""
        yield from ()

    def draw(self) -> None:
        """Bring everything up to date."""
        raise NotImplementedError

    def on_mount(self) -> None:
        self._adapt()

    def on_resize(self) -> None:
        if self.is_mounted:
            self._adapt()

    def on_descendant_focus(self) -> None:
        self.draw_keys()

    def on_descendant_blur(self) -> None:
        self.draw_keys()

    def action_help(self) -> None:
        if self.is_active:
            self.app.push_screen(HelpDialog(self.places, self.session.keys))

    def action_down(self) -> None:
        self.focus_next()

    def action_up(self) -> None:
        self.focus_previous()

    def _adapt(self) -> None:
        width, height = self.app.size
        self.set_class(height < _ROOMY_HEIGHT, "-tight")
        self._top.show(frame.top_line(self.session, width))
        self.draw_keys()
        self.draw()

    def draw_keys(self) -> None:
        """Name the keys that work now."""
        in_field = isinstance(self.focused, Input)
        width = self.app.size.width
        self._keys.show(self._field_words() if in_field else self._key_words(width))

    def _field_words(self) -> Content:
        told = (("Enter", self.ENTER_IN_FIELD), ("Esc", "leaves the field"))
        return field_words(told)

    def _key_words(self, width: int) -> Content:
        """Name the keys of the dialog that fit, and help."""
        parts: list[tuple[str, str]] = [(" ", "")]
        room = width - 2 - sum(map(len, _HELP_KEY))
        told = [x for x in self.key_lines if x.footer and x.label not in self.absent]
        if sum(map(_width, told)) > room:
            told = [line for line in told if line.label not in self.greyed]
        for line in told:
            if _width(line) <= room:
                grey = line.label in self.greyed
                style = "$text-disabled" if grey else ""
                parts += [(line.shown, style or "bold"), (f" {line.label}  ", style)]
                room -= _width(line)
        return Content.assemble(*parts, (_HELP_KEY[0], "bold"), (_HELP_KEY[1], ""))


def field_words(told: Iterable[tuple[str, str]]) -> Content:
    """Name the keys that a text field leaves to the dialog, and what they do."""
    told = (*told, ("F1", "help"))
    parts = [part for key, label in told for part in ((key, "bold"), f" {label}  ")]
    return Content.assemble(" ", *parts)


def _width(line: Line) -> int:
    return cell_len(line.shown) + cell_len(line.label) + 3
