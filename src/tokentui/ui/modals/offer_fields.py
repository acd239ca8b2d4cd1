"""The fields that an offer asks for, built from what it declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tokentui.domain.model import FieldType
from tokentui.domain.text import clean
from tokentui.ui.widgets.choices import Choice, Choices, Look
from tokentui.ui.widgets.line_input import LineInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.widget import Widget
    from textual.widgets import Input

    from tokentui.domain.model import FieldValue, OfferField

_LONGEST_LABEL = 12
_LONGEST_CHOICE = 40
_FLAG_LABEL = "yes"


class OfferFields(Vertical):
    """One row for each field; tells the dialog whenever a value changes."""

    DEFAULT_CSS = "OfferFields { height: auto; }"

    class Edited(Message):
        """A field has another value."""

        def __init__(self, key: str, value: FieldValue) -> None:
            super().__init__()
            self.key = key
            self.value = value

    def __init__(self) -> None:
        super().__init__()
        self._fields: Sequence[OfferField] = ()

    async def show(self, fields: Sequence[OfferField]) -> None:
        """Ask for these fields, with their defaults."""
        await self.remove_children()
        self._fields = fields
        await self.mount_all(_row(place, item) for place, item in enumerate(fields))

    def on_choices_picked(self, event: Choices.Picked) -> None:
        event.stop()
        item = self._field(event.choices)
        if item.type is FieldType.CHOICE:
            picked = frozenset({event.index})
        else:
            picked = event.choices.picked ^ {event.index}
        event.choices.show(_choices(item), picked)
        self.post_message(self.Edited(item.key, _value(item, picked)))

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Edited(self._field(event.input).key, event.value))

    def _field(self, widget: Widget) -> OfferField:
        return self._fields[int((widget.id or "").removeprefix("field-"))]


def _row(place: int, item: OfferField) -> Widget:
    label = clean(item.label, _LONGEST_LABEL) + ("*" if item.required else "")
    title = Static(Content(label), classes="label")
    return Horizontal(title, _editor(f"field-{place}", item), classes="field")


def _editor(name: str, item: OfferField) -> Widget:
    if item.type is FieldType.TEXT:
        help_ = clean(item.help)
        return LineInput(str(item.default), placeholder=help_, longest=item.longest, id=name)
    look = Look.ONE if item.type is FieldType.CHOICE else Look.SWITCHES
    editor = Choices(look, id=name)
    editor.show(_choices(item), _picked(item))
    return editor


def _choices(item: OfferField) -> tuple[Choice, ...]:
    texts = (_FLAG_LABEL,) if item.type is FieldType.FLAG else item.choices
    return tuple(Choice(clean(text, _LONGEST_CHOICE)) for text in texts)


def _picked(item: OfferField) -> frozenset[int]:
    if item.type is FieldType.FLAG:
        return frozenset({0}) if item.default is True else frozenset()
    chosen = item.default if isinstance(item.default, tuple) else (item.default,)
    return frozenset(place for place, text in enumerate(item.choices) if text in chosen)


def _value(item: OfferField, picked: frozenset[int]) -> FieldValue:
    if item.type is FieldType.FLAG:
        return bool(picked)
    texts = tuple(item.choices[place] for place in sorted(picked))
    return texts if item.type is FieldType.CHOICES else texts[0]
