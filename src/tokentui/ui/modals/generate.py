"""The dialog in which a credential is chosen; one Enter sends one request."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Button, Input, Static

from tokentui.domain.errors import TokentuiError
from tokentui.domain.text import clean
from tokentui.ui import credential_words as words
from tokentui.ui.account_words import guard_of, nothing_for
from tokentui.ui.actions import Place, bindings
from tokentui.ui.generate_form import GenerateForm
from tokentui.ui.generate_script import neighbours
from tokentui.ui.modals.dialog import Dialog
from tokentui.ui.modals.generate_body import GenerateBody
from tokentui.ui.present import MINUTE
from tokentui.ui.widgets.button import DialogButton
from tokentui.ui.widgets.text_part import TextPart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult
    from textual.timer import Timer

    from tokentui.domain.model import KindKey, Offer, Target
    from tokentui.services.workbench import Workbench
    from tokentui.ui.generated import Generated, Maker
    from tokentui.ui.session import Session


class _Stage(Enum):
    """Where the dialog is in its life."""

    PREPARING = "the offers are not known yet"
    CHOOSING = "the form is shown"
    ASKING = "the request is under way"
    OVER = "closes as soon as nothing covers it"


_UNDER_WAY = "the request is under way and cannot be called back; its answer will be shown"
_ENTER = ""


class GenerateModal(Dialog[None]):
    """The portal's dialog for one target; `kind` and `asked` fill it in.

    Until the offers are known, keys are remembered in their order.
    """

    PLACE = Place.GENERATE
    AUTO_FOCUS = "#generate"
    DEFAULT_CSS = "GenerateModal { & #buttons { height: 1; align-horizontal: right; } }"
    ENTER_IN_FIELD = "generate"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(Place.GENERATE),
        Binding("down", "down", show=False),
        Binding("up", "up", show=False),
        Binding("tab", "next_field", show=False),
    ]

    def __init__(
        self,
        session: Session,
        target: Target,
        kind: KindKey | None = None,
        asked: str = "",
        *,
        maker: Maker,
    ) -> None:
        super().__init__(session)
        self.target = target
        self.kind = kind
        self.asked = asked
        self._maker = maker
        self._body = GenerateBody()
        self._about = TextPart("about", classes="muted")
        self._generate = DialogButton("[[ Generate ]]", "generate", "primary")
        self._form: GenerateForm | None = None
        self._early: list[str] = []
        self._stage = _Stage.PREPARING
        self._seconds = 0
        self._more = ""
        self._ticking: Timer | None = None
        self._finished: Generated | None = None
        self._clock: Timer | None = None

    @property
    def greyed(self) -> frozenset[str]:
        return frozenset({"generate"}) if self._generate.disabled else frozenset()

    @property
    def absent(self) -> frozenset[str]:
        is_decided = self._form is not None and not self._form.takes_custom
        return frozenset({"time"}) if is_decided else frozenset()

    def compose_box(self) -> ComposeResult:
        yield self._about
        yield Static("", classes="gap")
        yield self._body

    def compose_foot(self) -> ComposeResult:
        with Horizontal(id="buttons"):
            yield DialogButton("[ Cancel ]", "cancel")
            yield self._generate

    def on_mount(self) -> None:
        super().on_mount()
        self.title_with(f"Credentials - {clean(self.target.name, 60)}")
        self.say(f"asking {self.target.profile}.. Esc cancels", "$text-muted")
        self.run_worker(self._load(), group="offers", description="what can be made")

    def draw(self) -> None:
        self._about.show(words.target(self.target) if self.is_wide else "")
        when = self.session.when
        several = len(self.session.profiles) > 1
        others = neighbours(self.session, self.target)
        can_be_made = self._body.draw(when, others, wide=self.is_wide, several_profiles=several)
        if self._generate.has_focus and not can_be_made:
            self._body.focus_reason()  # else Textual would go on to the other button
        self._generate.disabled = not can_be_made
        self.draw_keys()
        if self._clock is not None:
            self._clock.stop()
        past_the_minute = when.now.second + when.now.microsecond / 1e6
        self._clock = self.set_timer(MINUTE.total_seconds() - past_the_minute, self.draw)

    # What the request's sender tells

    def refused(self, sentence: str) -> None:
        """Say why nothing came of it; the form stays as it was."""
        self._stop_asking(_Stage.CHOOSING)
        self.say(f"x {sentence}", "$text-error")
        self._generate.focus()

    def finish(self, generated: Generated | None) -> None:
        """Close, at once or as soon as nothing covers the dialog."""
        self._finished = generated
        self._stop_asking(_Stage.OVER)
        self._close()

    def why_stay(self) -> str:
        """Say that an answer has arrived which was not shown yet."""
        landed = self._stage is _Stage.ASKING and not self.session.in_flight
        return "the answer has just arrived" if landed or self._finished else ""

    def on_screen_resume(self) -> None:
        self._close()

    # What keys do

    async def on_key(self, event: events.Key) -> None:
        letter = (event.character or "").lower()
        if not letter.isalpha():
            return
        if self._stage is _Stage.PREPARING:
            self._early.append(letter)
        elif self._stage is not _Stage.CHOOSING or not await self._body.choose_type(letter):
            return
        event.stop()
        event.prevent_default()

    def action_preset(self, number: int) -> None:
        if self._stage is _Stage.PREPARING:
            self._early.append(str(number))
        elif self._stage is _Stage.CHOOSING:
            self._body.choose_step(number - 1)

    def action_generate(self) -> None:
        if self._stage is _Stage.PREPARING:
            self._early.append(_ENTER)
            self.say(f"asking {self.target.profile}.. Esc cancels, Enter is kept", "$text-muted")
        elif self._stage is _Stage.ASKING:
            self._tell_waiting(_UNDER_WAY)
        elif self._stage is _Stage.CHOOSING:
            self._ask()

    def action_next_field(self) -> None:
        """Go on; from the button, where one begins, to what the offer asks for first."""
        if not (self._generate.has_focus and self._body.focus_first_field()):
            self.focus_next()

    def action_cancel(self) -> None:
        if self._stage is _Stage.ASKING:
            self._tell_waiting(_UNDER_WAY)
        elif isinstance(self.focused, Input):
            self._leave_field()
        elif self.is_active:
            self.dismiss()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_generate()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        if event.button.id == "generate":
            self.action_generate()
        else:
            self.action_cancel()

    def on_generate_body_edited(self, event: GenerateBody.Edited) -> None:
        event.stop()
        self.say(f"x {event.refusal}" if event.refusal else "", "$text-error")
        self.draw()

    # How it goes on

    async def _load(self) -> None:
        async def offers(bench: Workbench) -> tuple[Offer, ...]:
            return await bench.issuing.offers(self.target)

        try:
            found = await self.session.call(offers)
        except TokentuiError as error:
            self.session.last_error = error
            self.say(f"x {error.sentence}", "$text-error")
            return
        if found:
            await self._take(found)
        else:
            self.say(f"x {nothing_for(self.session, self.target)}")

    async def _take(self, offers: Sequence[Offer]) -> None:
        guard = guard_of(self.session, self.target)
        form = GenerateForm(offers, guard, self.session.zone, self.kind, self.asked)
        await self._body.take(form)
        self._form = form
        self._stage = _Stage.CHOOSING
        self.say("")
        self.draw()
        early, self._early = self._early, []
        for key in early:
            await self._replay(key)
            if form.is_custom and key.isdigit():
                return  # what was typed after that was meant for a field that was not there yet

    async def _replay(self, key: str) -> None:
        if key == _ENTER:
            self.action_generate()
        elif key.isdigit():
            self.action_preset(int(key))
        else:
            await self._body.choose_type(key)

    def _leave_field(self) -> None:
        if self._generate.disabled:
            self._body.focus_steps()
        else:
            self._generate.focus()

    def _ask(self) -> None:
        if self._form is None:
            return
        if self._generate.disabled:
            self._body.focus_reason()
            return
        if problem := self._form.problem(self.session.now()):
            self.say(f"x {problem}", "$text-error")
            self._body.focus_needed()
            return
        self._stage = _Stage.ASKING
        self._seconds, self._more = 0, ""
        self._ticking = self.set_interval(1, self._tick)
        self._body.disabled = True
        self._tell_waiting()
        self._maker.make(self, self._form.wanted())

    def _stop_asking(self, then: _Stage) -> None:
        self._stage = then
        if self._ticking is not None:
            self._ticking.stop()
            self._ticking = None
        self._body.disabled = False

    def _tick(self) -> None:
        self._seconds += 1
        self._tell_waiting()

    def _tell_waiting(self, more: str = "") -> None:
        self._more = more or self._more
        waited = f" {self._seconds} s" if self._seconds else ""
        bench = self.session.workbench
        about = None if bench is None else bench.connections.about(self.target.profile)
        text = f"asking {self.target.provider if about is None else about.title} ..{waited}"
        self.say(f"{text} - {self._more}" if self._more else text, "$text-primary")

    def _close(self) -> None:
        if self._stage is _Stage.OVER and self.is_active:
            with self.app.batch_update():
                self.dismiss()
                if self._finished is not None:
                    self._maker.show(self._finished)
