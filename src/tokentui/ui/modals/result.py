"""The dialog that holds a new credential until it is handed over."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from tokentui.ui import result_words
from tokentui.ui.actions import Place, bindings
from tokentui.ui.handover import CHECKING, Handover, control_characters
from tokentui.ui.modals.confirm import Confirm
from tokentui.ui.modals.dialog import Dialog
from tokentui.ui.modals.result_body import ResultBody
from tokentui.ui.modals.save import ask_file
from tokentui.ui.screens.too_small import is_too_small
from tokentui.ui.seen_first import unasked
from tokentui.ui.widgets.paste_check import PasteCheck, compare
from tokentui.ui.widgets.text_part import TextPart

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine
    from pathlib import Path

    from textual import events
    from textual.app import ComposeResult
    from textual.timer import Timer
    from textual.worker import Worker

    from tokentui.services.issue import Result
    from tokentui.ui.clipboard_keeper import ClipboardKeeper
    from tokentui.ui.generated import Generated
    from tokentui.ui.session import Session

    Use = Callable[[Result, Callable[[], None]], None]

SHOWN_S = 5.0
_WAY_OUT = "hand over"
_BLOCKED = "Esc is blocked until it is handed over or thrown away"


class ResultModal(Dialog[None]):
    """Shows how each way out went; it is left after one of them, or by throwing it away."""

    PLACE = Place.RESULT
    AUTO_FOCUS = ""
    DEFAULT_CSS = "ResultModal { & #done { text-align: right; } }"
    ENTER_IN_FIELD = "check it"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(Place.RESULT),
        Binding("escape,q", "done", show=False),
        Binding("down,pagedown", "scroll(1)", show=False),
        Binding("up,pageup", "scroll(-1)", show=False),
    ]

    def __init__(
        self, session: Session, generated: Generated, keeper: ClipboardKeeper, use: Use
    ) -> None:
        """Hold a credential; `use` opens its recipes and calls back after each delivery."""
        super().__init__(session)
        self._result = generated.result
        self._after = generated.after
        self._how = generated.how
        self._keeper = keeper
        self._use = use
        self._handover = Handover(session, generated, keeper, self._moved)
        self._body = ResultBody(self._result, self._handover, keeper)
        self._secret = self._body.secret
        self._works: dict[str, Worker[None]] = {}
        self._done = TextPart("done")
        self._sealing: Timer | None = None
        self._clock: Timer | None = None

    @property
    def greyed(self) -> frozenset[str]:
        return frozenset({"done"}) if self.why_stay() else frozenset()

    @property
    def absent(self) -> frozenset[str]:
        return frozenset() if self._handover.is_kubeconfig else frozenset({"kubeconfig"})

    def compose_box(self) -> ComposeResult:
        yield self._body

    def compose_foot(self) -> ComposeResult:
        yield self._done

    def on_mount(self) -> None:
        super().on_mount()
        self.title_with(result_words.title(self._result, self._how))
        self._keeper.on_change = self.draw
        self.watch(self.app, "app_focus", self._focus_moved, init=False)
        self.watch(self.scroller, "scroll_y", self._draw_done, init=False)
        self._run(self._begin(), "begin")

    def on_unmount(self) -> None:
        self._keeper.on_change = None

    def draw(self) -> None:
        if is_too_small(self.app.size) or not self._secret.is_open:
            self._secret.mask(self._handover.text)
        self._body.draw(self.session.when, wide=self.is_wide)
        self._draw_done()
        self.draw_keys()
        self._arm_clock()

    # What the application asks

    def blank(self) -> None:
        """Take the secret off the screen."""
        self._seal()

    def why_stay(self) -> str:
        """Say why the program should not end now."""
        return result_words.why_stay(self._result, self._handover)

    # What keys do

    def action_copy(self) -> None:
        self._try(self._handover.copy)

    def action_copy_name(self) -> None:
        if result_words.user_name(self._result.issued):
            self._try(self._handover.copy_name)
        else:
            self.say(f"this {self._result.issued.kind.noun} has no user name")

    def action_use(self) -> None:
        if self._handover.is_busy or self._is_running(_WAY_OUT) or not self.is_active:
            self.say(self.why_stay())
        else:
            self._use(self._result, self._handover.note_recipe)

    def action_merge(self) -> None:
        if not self._handover.is_kubeconfig:
            self.say("this is no kubeconfig: make a kubeconfig for this instance instead")
            return
        self._try(self._handover.merge)

    def action_save(self) -> None:
        self._try(self._save)

    def action_verify(self) -> None:
        if self._handover.verified != CHECKING:
            self._run(self._handover.verify(), "verify")

    def action_show(self) -> None:
        text, view = self._handover.text, self._secret
        if view.is_open:
            self._seal()
        elif text is None or is_too_small(self.app.size):
            self.say("there is nothing to show yet")
        elif count := control_characters(text):
            self.say(f"it holds {count} control characters, so it is not shown: s saves it")
        else:
            view.reveal(text)
            self._sealing = self.set_timer(SHOWN_S, self._seal)
            self.draw()
            self.scroller.scroll_home(animate=False)
            self.call_after_refresh(self._draw_done)
            self._run(self._handover.note_shown(), "note")

    def action_clear(self) -> None:
        if self._keeper.holds_something:
            self._run(self._keeper.clear(), "clear")
        else:
            self.say("there is nothing in the clipboard to clear")

    def action_keep(self) -> None:
        if not self._keeper.keep():
            self.say("there is nothing in the clipboard to keep")

    def action_done(self) -> None:
        if reason := self.why_stay():
            self.say(reason)
        else:
            self._close()

    def action_discard(self) -> None:
        if not self.is_active or self._is_running(_WAY_OUT):
            return
        if self._handover.is_busy or self._handover.is_delivered:
            self.say(self.why_stay() or "it was handed over already: Enter closes")
            return
        question = Confirm(
            "Throw it away?",
            result_words.discarding(self._result, self.session.when),
            yes_label="throw it away",
            no_label="go back",
        )
        self.app.push_screen(question, self._discard)

    def action_scroll(self, direction: int) -> None:
        by = direction * max(1, self.scroller.size.height - 1)
        self.scroller.scroll_relative(y=by, animate=False)

    # What is pasted, and what covers the dialog

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self.query_one(PasteCheck).pass_on(event.text)

    def on_paste_check_pasted(self, event: PasteCheck.Pasted) -> None:
        event.stop()
        text = self._handover.text
        if text is None:
            return
        self.say("")
        self._handover.check(*compare(event.text, text))

    def on_screen_suspend(self) -> None:
        self._seal()

    def _focus_moved(self, has_focus: bool) -> None:
        if not has_focus:
            self._seal()

    # How it goes on

    async def _begin(self) -> None:
        await self._handover.begin()
        if self._after.save and self._handover.text is not None:
            self._try(self._save)
            unasked(self.app.screen)
        if self._after.verify:
            await self._handover.verify()

    def _save(self) -> Coroutine[object, object, None]:
        issued = self._result.issued
        proposal = result_words.proposal(issued.target, issued.kind)
        return self._write(ask_file(self.app, proposal, self._handover.exists))

    async def _write(self, asking: Awaitable[tuple[Path, bool] | None]) -> None:
        if (chosen := await asking) is not None:
            await self._handover.save(chosen[0], overwrite=chosen[1])

    def _moved(self) -> None:
        if not self.why_stay():
            self.say("")  # what kept it open is over
        self.draw()

    def _discard(self, sure: bool | None) -> None:
        if sure:
            self._run(self._discard_and_close(), "discard")

    async def _discard_and_close(self) -> None:
        await self._handover.discard()
        self._close()

    def _close(self) -> None:
        if self.is_active:
            self.dismiss()

    def _try(self, way: Callable[[], Coroutine[object, object, None]]) -> None:
        """Try a way out, unless one is being tried."""
        if self._handover.is_busy or self._is_running(_WAY_OUT) or not self.is_active:
            self.say(self.why_stay())
            return
        self.say("")
        self._run(way(), _WAY_OUT)

    def _run(self, work: Coroutine[object, object, None], name: str) -> None:
        """Start something, unless the same is being done."""
        if self._is_running(name):
            work.close()
        else:
            self._works[name] = self.run_worker(work, group=name, description=name)

    def _is_running(self, name: str) -> bool:
        work = self._works.get(name)
        return work is not None and not work.is_finished

    def _seal(self) -> None:
        if self._sealing is not None:
            self._sealing.stop()
            self._sealing = None
        if self._secret.is_open:
            self._secret.mask(self._handover.text)
            self._body.draw(self.session.when, wide=self.is_wide)
            self._draw_done()

    def _draw_done(self) -> None:
        """Say below everything what comes next."""
        if self._secret.is_open:
            self._done.show(self._lines_shown(), "$text-muted")
        else:
            self._done.show(_BLOCKED if self.why_stay() else "Enter closes it", "$text-muted")

    def _lines_shown(self) -> str:
        view = self.scroller
        return result_words.lines(view.scroll_offset.y, view.size.height, view.virtual_size.height)

    def _arm_clock(self) -> None:
        if self._clock is not None:
            self._clock.stop()
        wait = result_words.next_change(self._result, self._keeper, self.session.now())
        self._clock = self.set_timer(wait.total_seconds(), self.draw)
