"""The dialog in which a credential is given another end."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from tokentui.domain.errors import TokentuiError, UsageError
from tokentui.domain.text import clean
from tokentui.services.verbs import ends_sooner, order
from tokentui.ui import credential_words
from tokentui.ui.end_form import EndForm
from tokentui.ui.modals.act import ActModal
from tokentui.ui.modals.asking import Stage, row
from tokentui.ui.modals.confirm import YES_KEY
from tokentui.ui.present import MINUTE
from tokentui.ui.widgets.choices import Choice, Choices, Look
from tokentui.ui.widgets.line_input import LineInput
from tokentui.ui.widgets.text_part import TextPart, set_row_shown
from tokentui.ui.wishes import Wish

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.timer import Timer
    from textual.widgets import Input

    from tokentui.domain.lifetime import LifetimePolicy
    from tokentui.services.held import Held
    from tokentui.services.verbs import Verb
    from tokentui.services.workbench import Workbench
    from tokentui.ui.session import Session
    from tokentui.ui.wishes import Doer

_LONGEST_ASKED = 60
_LONGEST_NAME = 300
_EXAMPLES = 'like 90m, 36h, 7d, 2w, 3M, 2026-12-31, "2026-12-31 18:00"'
_PREPARING = "preparing.."


class MoveEndModal(ActModal):
    """Steps and a text as in the generate dialog, and beneath them the end that they mean.

    An end earlier than now is guarded like switching it off: then `consequence` is said,
    `must_type` has to be typed where `why_type` says of the profile why, and only F10 does it.
    """

    ENTER_ACTS = True
    ENTER_IN_FIELD = "move it"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "enter", show=False),
        *(Binding(str(n), f"step({n})", show=False) for n in range(1, 10)),
    ]

    def __init__(
        self,
        session: Session,
        doer: Doer,
        verb: Verb,
        held: Held,
        word: str,
        *,
        consequence: Sequence[str],
        must_type: str,
        why_type: str,
    ) -> None:
        super().__init__(session, doer, verb, held, word)
        self._told = "\n".join(map(clean, consequence))
        self._must_type = must_type
        self._why_type = why_type
        self._consequence = TextPart("consequence")
        self._typed = LineInput(longest=_LONGEST_NAME, id="typed")
        self._wanted = TextPart("must-type")
        self._steps = Choices(Look.STEPS, id="steps")
        self._custom = LineInput(
            placeholder="a length or a date", longest=_LONGEST_ASKED, id="custom"
        )
        self._until = TextPart("until")
        self._allowed = TextPart("allowed", classes="muted")
        self._form: EndForm | None = None
        self._clock: Timer | None = None

    @property
    def answers(self) -> str:
        return f"[ Esc leave it ]   [ {'Enter' if self.enter_acts else YES_KEY.upper()} move it ]"

    @property
    def enter_acts(self) -> bool:
        return not self._is_sooner

    @property
    def keys_in_field(self) -> tuple[tuple[str, str], ...]:
        if self.enter_acts:
            return super().keys_in_field
        return ((YES_KEY.upper(), self.ENTER_IN_FIELD), ("Esc", "changes nothing"))

    def compose_box(self) -> ComposeResult:
        yield self._facts
        yield Static("", classes="gap")
        yield row("New end", self._steps)
        yield row("", self._custom)
        yield row("", self._until)
        yield row("", self._allowed)
        yield self._consequence

    def compose_foot(self) -> ComposeResult:
        yield self._wanted
        yield row("Name", self._typed)
        yield from super().compose_foot()

    def on_mount(self) -> None:
        set_row_shown(self._custom, False)
        self._draw_guard()
        self.say(_PREPARING, "$text-muted")
        self.run_worker(self._load(), group="ends", description="which ends it can be given")

    def draw(self) -> None:
        super().draw()
        form = self._form
        if form is None:
            return
        steps = tuple(Choice(label, str(n)) for n, label in enumerate(form.labels, 1))
        self._steps.show(steps, frozenset({form.step}))
        set_row_shown(self._custom, form.is_custom)
        self._allowed.show(credential_words.allowed(form.policy))
        self._draw_end(form)
        self._draw_guard()
        self._arm_clock()

    def problem(self) -> str:
        if self._form is None:
            return "which ends it can be given is not known yet"
        try:
            self._form.term(self.session.now())
        except UsageError as error:
            return error.sentence
        if self._is_sooner and self._must_type and self._typed.value != self._must_type:
            return f"type {self._must_type} to {order(self.word, self.verb)}"
        return ""

    def wish(self) -> Wish:
        asked = self._form.asked() if self._form else ""
        return Wish(self.verb, self.held, text=asked, typed=self._typed.value)

    def submitted(self) -> None:
        """Move it, unless that takes time away: only F10 does what stops somebody."""
        if self.enter_acts:
            self.action_act()
        else:
            self.say(self.problem() or f"{YES_KEY.upper()} does it", "$text-muted")

    def action_enter(self) -> None:
        self.submitted()

    def action_step(self, number: int) -> None:
        self._choose(number - 1)

    def on_choices_picked(self, event: Choices.Picked) -> None:
        event.stop()
        self._choose(event.index)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self._form is None or self.stage is not Stage.OPEN:
            return
        self.say("")
        if event.input is self._custom:
            self._form.custom = event.value
            self.draw()

    def _choose(self, step: int) -> None:
        if self._form is None or self.stage is not Stage.OPEN:
            return
        if not self._form.choose(step):
            self.say(f"x {step + 1}: there is no such expiration")
            return
        self.say("")
        self.draw()
        if self._form.is_custom:
            self._custom.focus()

    async def _load(self) -> None:
        async def ends(bench: Workbench) -> LifetimePolicy:
            return bench.managing.new_ends(self.held)

        try:
            policy = await self.session.call(ends)
        except TokentuiError as error:
            self.session.last_error = error
            self.say(f"x {error.sentence}")
            return
        self._form = EndForm(policy, self.session.zone)
        self.say("")
        self.draw()

    def _draw_end(self, form: EndForm) -> None:
        """Say below the steps when it would end: in local time and UTC."""
        if form.is_custom and not form.custom.strip():
            self._until.show(_EXAMPLES, "$text-muted")
            return
        when = self.session.when
        try:
            term = form.term(when.now)
        except UsageError as error:
            self._until.show(f"x {error.sentence}")
        else:
            end = "never ends" if term.ends_at is None else f"ends {when.exact(term.ends_at)}"
            self._until.show(end)

    @property
    def _is_sooner(self) -> bool:
        """Whether the chosen end takes time away from it."""
        if self._form is None:
            return False
        try:
            return ends_sooner(self.held, self._form.term(self.session.now()).ends_at)
        except UsageError:
            return False

    def _draw_guard(self) -> None:
        """Say what an earlier end means, and name the keys as they work now."""
        sooner = self._is_sooner
        typed = sooner and bool(self._must_type)
        wanted = f"Profile {self.held.profile} {self._why_type}: type {self._must_type}"
        self._consequence.show(self._told if sooner else "")
        if sooner:
            self.call_after_refresh(self.scroller.scroll_end, animate=False)
        self._wanted.show(wanted if typed else "", "$text-warning")
        set_row_shown(self._typed, typed)
        self.query_one("#answers", Static).update(Content(self.answers))
        self.draw_keys()

    def _arm_clock(self) -> None:
        """Count again each minute from when it was drawn: a length begins now."""
        if self._clock is not None:
            self._clock.stop()
        self._clock = self.set_timer(MINUTE.total_seconds(), self.draw)
