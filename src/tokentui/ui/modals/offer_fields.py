"""The fields that an offer asks for, built from what it declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from tokentui.domain.model import FieldType
from tokentui.domain.text import clean
from tokentui.ui import offer_values
from tokentui.ui.widgets.choices import Choice, Choices, Look
from tokentui.ui.widgets.line_input import LineInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from textual.widget import Widget

    from tokentui.domain.model import FieldValue, OfferField

_LEAST_LABELS = 13  # cells, as in every dialog
LONGEST_LABEL = 20
_LONGEST_CHOICE = 40
_LONGEST_LINE = 1000
_MOST_CHOICES = 20  # of those that can be typed as well
_FLAG_LABEL = "yes"
_TYPED = "-typed"
_HOW_TO_TYPE = "others, with commas between"
_HOW_TO_NAME = "path of a text file"


class OfferFields(Vertical):
    """One row for each field; tells the dialog whenever a value changes."""

    DEFAULT_CSS = """
    OfferFields {
        height: auto;
        & .texts { height: auto; width: 1fr; }
    }
    """

    class Edited(Message):
        """A field has another value."""

        def __init__(self, key: str, value: FieldValue) -> None:
            super().__init__()
            self.key = key
            self.value = value

    def __init__(self) -> None:
        super().__init__()
        self._fields: Sequence[OfferField] = ()
        self._label_width = _LEAST_LABELS

    async def show(self, fields: Sequence[OfferField], values: Mapping[str, FieldValue]) -> None:
        """Ask for these fields, filled in with these values."""
        await self.remove_children()
        self._fields = fields
        rows = (_row(place, item, values[item.key]) for place, item in enumerate(fields))
        await self.mount_all(rows)
        self._align()

    def focus_field(self, key: str) -> None:
        """Go to a field."""
        place = next(place for place, item in enumerate(self._fields) if item.key == key)
        self.screen.set_focus(self._row_widgets(place)[0])

    def _align(self) -> None:
        """Give all labels of the dialog the room that the longest one here needs."""
        longest = max((cell_len(_label(item)) for item in self._fields), default=0)
        width = max(_LEAST_LABELS, longest + 1)
        if width != self._label_width:
            self._label_width = width
            for label in self.screen.query(".label"):
                label.styles.width = width

    def on_choices_picked(self, event: Choices.Picked) -> None:
        event.stop()
        item = self._fields[_place(event.choices)]
        if item.type is FieldType.CHOICE:
            picked = frozenset({event.index})
        else:
            picked = event.choices.picked ^ {event.index}
        event.choices.show(_choices(item), picked)
        self._tell(_place(event.choices))

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._tell(_place(event.input))

    def _tell(self, place: int) -> None:
        item = self._fields[place]
        picked: tuple[int, ...] = ()
        typed = ""
        for widget in self._row_widgets(place):
            if isinstance(widget, Choices):
                picked = tuple(sorted(widget.picked))
            elif isinstance(widget, Input):
                typed = widget.value
        self.post_message(self.Edited(item.key, _value(item, picked, typed)))

    def _row_widgets(self, place: int) -> list[Widget]:
        return [*self.query(f"#{_name(place)}, #{_name(place)}{_TYPED}")]


def _name(place: int) -> str:
    return f"field-{place}"


def _place(widget: Widget) -> int:
    return int((widget.id or "").removeprefix(_name(0)[:-1]).removesuffix(_TYPED))


def _row(place: int, item: OfferField, value: FieldValue) -> Widget:
    title = Static(Content(_label(item)), classes="label")
    editors = [*_editors(_name(place), item, value)]
    body = editors[0] if len(editors) == 1 else Vertical(*editors, classes="texts")
    return Horizontal(title, body, classes="field")


def _label(item: OfferField) -> str:
    return clean(item.label, LONGEST_LABEL) + ("*" if item.required else "")


def _editors(name: str, item: OfferField, value: FieldValue) -> Iterator[Widget]:
    if item.type is FieldType.TEXT:
        yield LineInput(str(value), placeholder=clean(item.help), longest=item.longest, id=name)
        return
    if item.type is FieldType.FILE:
        told = clean(item.help) or _HOW_TO_NAME
        yield LineInput(str(value), placeholder=told, longest=_LONGEST_LINE, id=name)
        return
    if item.choices or item.type is not FieldType.TEXTS:
        is_one = item.type is FieldType.CHOICE
        editor = Choices(Look.ONE if is_one else Look.SWITCHES, by_letter=is_one, id=name)
        editor.show(_choices(item), _picked(item, value))
        yield editor
    if item.type is FieldType.TEXTS:
        yield LineInput(
            _typed(item, value),
            placeholder=_how_to_type(item),
            longest=_LONGEST_LINE,
            id=f"{name}{_TYPED}",
        )


def _how_to_type(item: OfferField) -> str:
    """Say what can be typed: how many texts have no room above comes first."""
    more = len(item.choices) - _MOST_CHOICES
    told = clean(item.help) or _HOW_TO_TYPE
    return f"{more} more can be typed; {told}" if more > 0 else told


def _known(item: OfferField) -> tuple[str, ...]:
    """Give the texts that are shown to choose from; of very many, the others are typed."""
    return item.choices[:_MOST_CHOICES] if item.type is FieldType.TEXTS else item.choices


def _choices(item: OfferField) -> tuple[Choice, ...]:
    if item.type is FieldType.FLAG:
        return (Choice(clean(item.help, _LONGEST_CHOICE) or _FLAG_LABEL),)
    return tuple(Choice(clean(text, _LONGEST_CHOICE)) for text in _known(item))


def _picked(item: OfferField, value: FieldValue) -> frozenset[int]:
    if isinstance(value, bool):
        return frozenset({0}) if value else frozenset()
    chosen = (value,) if isinstance(value, str) else value
    return frozenset(place for place, text in enumerate(_known(item)) if text in chosen)


def _typed(item: OfferField, value: FieldValue) -> str:
    texts = value if isinstance(value, tuple) else ()
    return ", ".join(text for text in texts if text not in _known(item))


def _value(item: OfferField, picked: Sequence[int], typed: str) -> FieldValue:
    texts = tuple(_known(item)[place] for place in picked if item.type is not FieldType.FLAG)
    match item.type:
        case FieldType.TEXT | FieldType.FILE:
            return typed
        case FieldType.FLAG:
            return bool(picked)
        case FieldType.CHOICE:
            return texts[0]
        case FieldType.CHOICES:
            return texts
        case FieldType.TEXTS:
            return tuple(dict.fromkeys((*texts, *offer_values.as_texts(typed))))
