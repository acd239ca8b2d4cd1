"""The rows of the generate dialog: they show a form and change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tokentui.domain.errors import UsageError
from tokentui.domain.text import clean
from tokentui.ui import credential_words as words
from tokentui.ui import offer_values
from tokentui.ui.generate_script import script
from tokentui.ui.modals.offer_fields import OfferFields
from tokentui.ui.widgets.choices import Choice, Choices, Look
from tokentui.ui.widgets.line_input import LineInput
from tokentui.ui.widgets.text_part import TextPart, set_row_shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.widget import Widget
    from textual.widgets import Input

    from tokentui.domain.model import Target
    from tokentui.ui.generate_form import GenerateForm
    from tokentui.ui.present import When

CUSTOM_HELP = '90m, 36h, 7d, 2w, 3M, 2026-12-31, "2026-12-31 18:00"'
_LONGEST_LABEL = 40
_LONGEST_ASKED = 60


class GenerateBody(Vertical):
    """Type, the offer's fields, expiration, purpose, what happens after."""

    DEFAULT_CSS = "GenerateBody { height: auto; }"

    class Edited(Message):
        """The form was changed; `refusal` says why it was not, if it was not."""

        def __init__(self, refusal: str = "") -> None:
            super().__init__()
            self.refusal = refusal

    def __init__(self) -> None:
        super().__init__()
        self._form: GenerateForm | None = None
        self._type = Choices(Look.ONE, id="type")
        self._steps = Choices(Look.STEPS, id="steps")
        self._after = Choices(Look.SWITCHES, id="after")
        self._custom = LineInput(
            placeholder="a length or a date", longest=_LONGEST_ASKED, id="custom"
        )
        self._purpose = LineInput(placeholder="kept in the ledger", id="purpose")
        self._fields = OfferFields()
        names = ("decided", "until", "allowed", "impossible", "warnings", "rules", "script")
        self._texts = {name: TextPart(name) for name in names}

    def compose(self) -> ComposeResult:
        texts = self._texts
        yield _row("Type", self._type)
        yield self._fields
        yield Static("", classes="gap")
        yield _row("Expiration", self._steps)
        yield _row("Expiration", texts["decided"])
        yield _row("", self._custom)
        yield _row("", texts["until"])
        yield _row("", texts["allowed"])
        yield _row("Purpose", self._purpose)
        yield _row("After", self._after)
        yield Static("", classes="gap")
        yield texts["impossible"]
        yield texts["warnings"]
        yield texts["rules"]
        yield texts["script"]

    async def take(self, form: GenerateForm) -> None:
        """Show a form from now on."""
        self._form = form
        await self._fields.show(form.fields, form.values)
        self._custom.value = form.custom
        form.purpose = self._purpose.value

    def draw(
        self, when: When, others: Sequence[Target], *, wide: bool, several_profiles: bool
    ) -> bool:
        """Show what the form says now; gives whether type and expiration can be had.

        `others` are the targets that a command must tell from this one.
        """
        form = self._form
        if form is None:
            return True
        self._draw_choices(form)
        fits = self._draw_end(form, when, wide=wide)
        self._draw_remarks(form)
        is_whole = wide and not form.problem(when.now)
        same = script(form, others, several_profiles=several_profiles) if is_whole else ""
        self._texts["script"].show(f"\nSame thing in a script:  {same}" if same else "")
        return fits and not form.offer.impossible

    def focus_steps(self) -> None:
        """Go to the expirations."""
        self._steps.focus()

    def focus_reason(self) -> None:
        """Go to what keeps it from being made, which says why."""
        if self._form is None or self._form.offer.impossible:
            self._type.focus()
        elif self._form.is_custom:
            self._custom.focus()
        else:
            self._steps.focus()

    def focus_first_field(self) -> bool:
        """Go to the first field of the offer; False: it has none, or it cannot be filled in now."""
        if self._form is None or not self._form.fields or self.disabled:
            return False
        self._fields.focus_field(self._form.fields[0].key)
        return True

    def focus_needed(self) -> None:
        """Go to what is needed and not filled in."""
        form = self._form
        if form is None:
            return
        if form.guard.purpose_required and not form.purpose.strip():
            self._purpose.focus()
        elif needed := offer_values.missing(form.fields, form.values):
            self._fields.focus_field(needed.key)

    async def choose_type(self, letter: str) -> bool:
        """Choose the next type whose label begins with the letter; False: there is none."""
        form = self._form
        if form is None:
            return False
        here = form.offers.index(form.offer)
        order = (*range(here + 1, len(form.offers)), *range(here + 1))
        found = next((n for n in order if _letter(form.offers[n].kind.label) == letter), None)
        if found is not None:
            await self._choose_offer(found)
        return found is not None

    def choose_step(self, step: int) -> None:
        """Choose an expiration by its place and go to the text if it is the custom one."""
        form = self._form
        if form is None or not form.choose_step(step):
            self.post_message(self.Edited(f"{step + 1}: there is no such expiration"))
            return
        if form.is_custom:
            self._show_custom(form)
            self._custom.focus()
        self.post_message(self.Edited())

    async def on_choices_picked(self, event: Choices.Picked) -> None:
        event.stop()
        form = self._form
        if form is None:
            return
        if event.choices is self._type:
            await self._choose_offer(event.index)
        elif event.choices is self._steps:
            self.choose_step(event.index)
        else:
            form.switch_after(list(form.after_labels)[event.index])
            self.post_message(self.Edited())

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self._form is None:
            return
        if event.input is self._purpose:
            self._form.purpose = event.value
        else:
            self._form.custom = event.value
        self.post_message(self.Edited())

    def on_offer_fields_edited(self, event: OfferFields.Edited) -> None:
        event.stop()
        if self._form is not None:
            self._form.values[event.key] = event.value
            self.post_message(self.Edited(self._form.misfit()))

    async def _choose_offer(self, place: int) -> None:
        form = self._form
        if form is None:
            return
        before = form.offer
        refusal = form.choose_offer(place)
        if form.offer is not before:
            await self.take(form)
        elif refusal == form.offer.impossible:
            refusal = ""  # it is shown already
        self.post_message(self.Edited(refusal))

    def _draw_choices(self, form: GenerateForm) -> None:
        types = tuple(
            Choice(_label(offer.kind.label), _letter(offer.kind.label), not offer.impossible)
            for offer in form.offers
        )
        self._type.show(types, frozenset({form.offers.index(form.offer)}))
        labels = [preset.label for preset in form.presets]
        labels += ["custom"] if form.takes_custom else []
        steps = tuple(Choice(label, str(number)) for number, label in enumerate(labels, 1))
        self._steps.show(steps, frozenset({form.step}))
        set_row_shown(self._steps, form.takes_custom)
        after = tuple(Choice(label) for label in form.after_labels.values())
        keys = list(form.after_labels)
        self._after.show(after, frozenset(map(keys.index, form.after)))

    def _draw_end(self, form: GenerateForm, when: When, *, wide: bool) -> bool:
        self._show_custom(form)
        decided = words.decision(form.offer.lifetime)
        self._texts["decided"].show(decided)
        limits = words.allowed(form.offer.lifetime)
        self._texts["allowed"].show(limits if wide or form.is_custom else "")
        if form.is_custom and not form.custom.strip():
            self._texts["until"].show(f"like {CUSTOM_HELP}", "$text-muted")
            return False
        try:
            term = form.term(when.now)
        except UsageError as error:
            self._texts["until"].show(f"x {error.sentence}", "$text-error")
            return False
        said = decided and term.ends_at is None
        until = words.until(term.ends_at, when, with_date=wide)
        self._texts["until"].show("" if said else f"valid {until}")
        return True

    def _draw_remarks(self, form: GenerateForm) -> None:
        reason = form.offer.impossible
        self._texts["impossible"].show(f"x {reason}" if reason else "")
        warnings = "\n".join(f"! {clean(text)}" for text in form.offer.warnings)
        self._texts["warnings"].show(warnings, "$text-warning")
        self._texts["rules"].show(words.rules(form.offer.target.profile, form.guard), "$text-muted")
        self._purpose.placeholder = (
            "required in this profile" if form.guard.purpose_required else "kept in the ledger"
        )

    def _show_custom(self, form: GenerateForm) -> None:
        set_row_shown(self._custom, form.is_custom)


def _row(label: str, editor: Widget) -> Horizontal:
    return Horizontal(Static(Content(label), classes="label"), editor, classes="field")


def _label(text: str) -> str:
    return clean(text, _LONGEST_LABEL)


def _letter(label: str) -> str:
    return _label(label)[:1].lower()
