"""The dialog in which an account is made: where, and what the provider asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Button, Input, Static

from tokentui.domain.errors import TokentuiError
from tokentui.domain.model import FieldType
from tokentui.domain.text import clean
from tokentui.ui import account_words as words
from tokentui.ui import offer_values
from tokentui.ui.account_change import Change
from tokentui.ui.modals.asking import AskingModal, Stage, row
from tokentui.ui.modals.offer_fields import OfferFields
from tokentui.ui.widgets.button import DialogButton
from tokentui.ui.widgets.choices import Choice, Choices, Look
from tokentui.ui.widgets.text_part import TextPart, set_row_shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.app import ComposeResult

    from tokentui.domain.account import AccountOffer
    from tokentui.domain.model import Account, FieldValue
    from tokentui.services.accounts import Places
    from tokentui.ui.account_change import Changer
    from tokentui.ui.session import Session

_MOST_KEYS = 9
_LONGEST_PLACE = 40
_NEXT = "tab"
_PREPARING = "asking where accounts can be made.."


class NewAccountModal(AskingModal):
    """A place to choose if there are several, its fields, one request.

    Until the places are known, what is typed is remembered; Enter is not.
    """

    doing = "making it"
    AUTO_FOCUS = "#create"
    ENTER_ACTS = True
    ENTER_IN_FIELD = "make it"
    DEFAULT_CSS = """
    NewAccountModal {
        & #buttons { height: 1; align-horizontal: right; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "act", show=False),
        Binding("down", "down", show=False),
        Binding("up", "up", show=False),
    ]

    def __init__(self, session: Session, changer: Changer, beside: Account | None = None) -> None:
        """Ask for an account; proposed is the place of the one `beside` it."""
        super().__init__(session)
        self._changer = changer
        self._beside = beside
        self._is_preparing = True
        self._early: list[events.Key] = []
        self._offers: Sequence[AccountOffer] = ()
        self._offer: AccountOffer | None = None
        self._values: dict[str, FieldValue] = {}
        self._nothing = _PREPARING
        self._places = Choices(Look.ONE, id="places")
        self._fields = OfferFields()
        self._about = TextPart("about", classes="muted")
        self._remarks = TextPart("remarks")

    @property
    def keys_in_field(self) -> tuple[tuple[str, str], ...]:
        return (("Enter", self.ENTER_IN_FIELD), ("Esc", "leaves the field"))

    def compose_box(self) -> ComposeResult:
        yield row("Place", self._places)
        yield self._about
        yield self._fields
        yield Static("", classes="gap")
        yield self._remarks

    def compose_foot(self) -> ComposeResult:
        with Horizontal(id="buttons"):
            yield DialogButton("[ Cancel ]", "cancel")
            yield DialogButton("[[ Create ]]", "create", "primary")

    def on_mount(self) -> None:
        self.title_with("New account")
        set_row_shown(self._places, False)
        self.say(_PREPARING, "$text-muted")
        self.run_worker(self._load(), group="offers", description="where accounts can be made")

    def draw(self) -> None:
        offer = self._offer
        if offer is None:
            return
        several = len(self.session.profiles) > 1
        choices = tuple(
            Choice(
                clean(words.place(one, several_profiles=several), _LONGEST_PLACE),
                str(number) if number <= _MOST_KEYS else "",
                not one.impossible,
            )
            for number, one in enumerate(self._offers, 1)
        )
        self._places.show(choices, frozenset({self._offers.index(offer)}))
        set_row_shown(self._places, len(choices) > 1)
        self._about.show(words.target(offer))
        impossible = [f"x {clean(offer.impossible)}"] if offer.impossible else []
        warnings = [f"! {clean(text)}" for text in offer.warnings]
        self._remarks.show("\n".join([*impossible, *warnings]), "$text-warning")

    # What keys do

    async def on_key(self, event: events.Key) -> None:
        typed = event.character or ""
        if self.stage is not Stage.OPEN:
            return
        if self._is_preparing:
            if typed.isalpha() or (self._early and (event.is_printable or event.key == _NEXT)):
                event.stop()
                self._early.append(event)
        elif event.is_printable and isinstance(self.focused, Input):
            event.stop()  # it was under way when the fields came
            self._replay([event])
        elif typed.isdecimal() and typed.isascii():
            event.stop()
            await self._choose(int(typed) - 1)
        elif typed.isalpha() and self._places.has_focus and self._focus_first_text():
            event.stop()
            self._replay([event])

    def action_cancel(self) -> None:
        if self.stage is Stage.OPEN and isinstance(self.focused, Input):
            self.query_one("#create").focus()
        else:
            super().action_cancel()

    async def on_choices_picked(self, event: Choices.Picked) -> None:
        event.stop()
        if self.stage is Stage.OPEN:
            await self._choose(event.index)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        if event.button.id == "create":
            self.action_act()
        else:
            self.action_cancel()

    def on_offer_fields_edited(self, event: OfferFields.Edited) -> None:
        event.stop()
        self._values[event.key] = event.value
        if self.stage is Stage.OPEN and self._offer is not None:
            wrong = offer_values.misfit(self._offer.noun, self._offer.fields, self._values)
            self.say(f"x {wrong}" if wrong else "")

    # What is sent

    def problem(self) -> str:
        offer = self._offer
        if offer is None:
            return self._nothing
        if offer.impossible:
            return offer.impossible
        if needed := offer_values.missing(offer.fields, self._values):
            self._fields.focus_field(needed.key)
        return offer_values.problem(offer.noun, offer.fields, self._values)

    def send(self) -> None:
        offer, values = self._offer, dict(self._values)
        if offer is not None:
            self._changer.send(self, _making(offer, values))

    # How it goes on

    async def _load(self) -> None:
        names = [p.name for p in self.session.profiles if self.session.in_scope(p.name)]
        try:
            found = await self.session.call(lambda bench: bench.accounts.offers(names))
        except TokentuiError as error:
            self._fail(error.sentence)
        else:
            await self._take(found)

    async def _take(self, found: Places) -> None:
        failed = [f"{name}: {error.sentence}" for name, error in found.failed.items()]
        if not found.offers:
            self._fail("; ".join(failed) or words.why_none(self.session))
            return
        self._offers = found.offers
        await self._choose(self._first_place())
        self.say("\n".join(f"x {line}" for line in failed))
        if self._early and self._focus_first_text():
            self._replay(self._early)
        elif len(found.offers) > 1:
            self._places.focus()
        elif self._offer is not None and self._offer.fields:
            self._fields.focus_field(offer_values.in_order(self._offer.fields)[0].key)
        self._is_preparing = False

    def _first_place(self) -> int:
        """Give the place of the account beside it, else the first where one can be made."""
        possible = [n for n, offer in enumerate(self._offers) if not offer.impossible]
        if (one := self._beside) is not None:
            near = (one.profile, one.noun, one.scope)
            for n in possible:
                offer = self._offers[n]
                if (offer.profile, offer.noun, offer.scope) == near:
                    return n
        return next(iter(possible), 0)

    def _focus_first_text(self) -> bool:
        """Go to the first field, if that is a text: letters are meant for it."""
        fields = () if self._offer is None else offer_values.in_order(self._offer.fields)
        if not fields or fields[0].type is not FieldType.TEXT:
            return False
        self._fields.focus_field(fields[0].key)
        return True

    def _replay(self, typed: Sequence[events.Key]) -> None:
        """Give keys to the fields that they were meant for."""
        for one in typed:
            if one.key == _NEXT:
                self.focus_next()
            elif self.focused is not None:
                self.focused.post_message(events.Key(one.key, one.character))

    def _fail(self, sentence: str) -> None:
        self._nothing = sentence
        self.say(f"x {sentence}")

    async def _choose(self, place: int) -> None:
        """Choose where; what was filled in stays if the same is asked for there."""
        if not 0 <= place < len(self._offers):
            return
        before, self._offer = self._offer, self._offers[place]
        fields = offer_values.in_order(self._offer.fields)
        if before is None or before.fields != self._offer.fields:
            asked = () if before is None else before.fields
            self._values = offer_values.carried_over(fields, asked, self._values)
            await self._fields.show(fields, self._values)
        self.say("")
        self.draw()


def _making(offer: AccountOffer, values: Mapping[str, FieldValue]) -> Change:
    name = str(values.get(offer_values.NAME, ""))
    where = offer.scope or offer.profile
    done = f"made {offer.noun} {name} in {where}"
    return Change(offer.profile, lambda bench: bench.accounts.create(offer, values), done)
