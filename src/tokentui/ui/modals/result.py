"""The dialog that holds a new credential until it is handed over."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from tokentui.ui import credential_words as words
from tokentui.ui import result_words
from tokentui.ui.actions import Place, bindings
from tokentui.ui.handover import CHECKING, Handover, control_characters
from tokentui.ui.modals.confirm import Confirm
from tokentui.ui.modals.dialog import Dialog
from tokentui.ui.modals.save import ask_file
from tokentui.ui.present import next_change
from tokentui.ui.screens.too_small import is_too_small
from tokentui.ui.widgets.paste_check import PasteCheck, compare
from tokentui.ui.widgets.secret_view import SecretView
from tokentui.ui.widgets.text_part import TextPart

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from textual import events
    from textual.app import ComposeResult
    from textual.timer import Timer
    from textual.widget import Widget

    from tokentui.ui.clipboard_keeper import ClipboardKeeper
    from tokentui.ui.generated import Generated
    from tokentui.ui.session import Session

SHOWN_S = 5.0
_BLOCKED = "Esc is blocked until it is handed over or thrown away"


class ResultModal(Dialog[None]):
    """Shows how each way out went; it is left after one of them, or by throwing it away."""

    PLACE = Place.RESULT
    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    ResultModal {
        & .check { width: auto; color: $text-muted; }
        & #done { text-align: right; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(Place.RESULT),
        Binding("escape,q", "done", show=False),
        Binding("down,pagedown", "scroll(1)", show=False),
        Binding("up,pageup", "scroll(-1)", show=False),
    ]

    def __init__(self, session: Session, generated: Generated, keeper: ClipboardKeeper) -> None:
        super().__init__(session)
        self._result = generated.result
        self._keeper = keeper
        self._handover = Handover(session, generated, keeper, self.draw)
        names = (
            "facts",
            "valid",
            "verified",
            "clipboard",
            "clears",
            "kubeconfig",
            "file",
            "ledger",
        )
        self._parts = {name: TextPart(name) for name in names}
        self._secret = SecretView()
        self._check = Horizontal(id="check", classes="field")
        self._remarks = TextPart("remarks")
        self._done = TextPart("done")
        self._sealing: Timer | None = None
        self._clock: Timer | None = None

    @property
    def greyed(self) -> frozenset[str]:
        return frozenset() if self._handover.is_kubeconfig else frozenset({"kubeconfig"})

    def compose_box(self) -> ComposeResult:
        parts = self._parts
        yield _row(self._result.issued.kind.form.title(), self._secret)
        yield _row("", parts["facts"])
        yield _row("Valid", parts["valid"])
        yield Static("", classes="gap")
        yield _row("Verified", parts["verified"])
        yield _row("Clipboard", parts["clipboard"])
        with self._check:
            yield Static("", classes="label")
            yield Static("paste here to check  [", classes="check", markup=False)
            yield PasteCheck()
            yield Static("]", classes="check", markup=False)
        yield _row("", parts["clears"])
        yield _row("Merge", parts["kubeconfig"])
        yield _row("File", parts["file"])
        yield _row("Ledger", parts["ledger"])
        yield Static("", classes="gap")
        yield self._remarks

    def compose_foot(self) -> ComposeResult:
        yield self._done

    def on_mount(self) -> None:
        super().on_mount()
        self.title_with(result_words.title(self._result))
        self._keeper.on_change = self.draw
        self.watch(self.app, "app_focus", self._focus_moved, init=False)
        self._run(self._handover.begin(), "hand over")

    def on_unmount(self) -> None:
        self._keeper.on_change = None

    def draw(self) -> None:
        when, handover, issued = self.session.when, self._handover, self._result.issued
        if is_too_small(self.app.size) or not self._secret.is_open:
            self._secret.mask(handover.text)
        merging = handover.kubeconfig or "not merged (k merges)"
        texts = {
            "facts": result_words.facts(self._result) if self.is_wide else "",
            "valid": words.validity(issued, when, with_date=self.is_wide),
            "verified": handover.verified,
            "clipboard": handover.clipboard or "not copied (c copies)",
            "clears": result_words.clearing(self._keeper, when),
            "kubeconfig": merging if handover.is_kubeconfig else "",
            "file": handover.file,
            "ledger": result_words.ledger(self._result),
        }
        for name, text in texts.items():
            self._parts[name].show(text)
        self._check.display = handover.receipt is not None
        remarks = "\n".join(result_words.remarks(self._result, handover))
        self._remarks.show(remarks, "$text-warning")
        done = _BLOCKED if self.why_stay() else "Enter closes it"
        self._done.show(done, "$text-muted")
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
        self._try(self._handover.copy(), "copy")

    def action_merge(self) -> None:
        if not self._handover.is_kubeconfig:
            self.say("this is no kubeconfig: make a kubeconfig for this instance instead")
            return
        self._try(self._handover.merge(), "merge")

    def action_save(self) -> None:
        self._try(self._save(), "save")

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
        if self._handover.is_busy or self._handover.is_delivered:
            self.say(self.why_stay() or "it was handed over already: Enter closes")
            return
        question = Confirm(
            "Throw it away?",
            result_words.discarding(self._result, self.session.when),
            yes="D",
            yes_label="throw it away",
            no_label="go back",
        )
        self.app.push_screen(question, self._discard)

    def action_scroll(self, direction: int) -> None:
        view = self._secret
        moved = view if view.max_scroll_y else self.query_one("#box > VerticalScroll")
        moved.scroll_relative(y=direction * max(1, moved.size.height - 1), animate=False)

    # What is pasted, and what covers the dialog

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self.query_one(PasteCheck).pass_on(event.text)

    def on_paste_check_pasted(self, event: PasteCheck.Pasted) -> None:
        event.stop()
        text = self._handover.text
        if text is None:
            return
        proved, sentence = compare(event.text, text)
        if proved:
            self._handover.prove(sentence)
            self.say("")
        else:
            self.say(f"x {sentence} - s saves it to a file", "$text-error")

    def on_screen_suspend(self) -> None:
        self._seal()

    def _focus_moved(self, has_focus: bool) -> None:
        if not has_focus:
            self._seal()

    # How it goes on

    async def _save(self) -> None:
        proposal = result_words.proposal(self._result)
        chosen = await ask_file(self.app, proposal, self._handover.exists)
        if chosen is not None:
            path, overwrite = chosen
            await self._handover.save(path, overwrite=overwrite)

    def _discard(self, sure: bool | None) -> None:
        if sure:
            self._run(self._discard_and_close(), "discard")

    async def _discard_and_close(self) -> None:
        await self._handover.discard()
        self._close()

    def _close(self) -> None:
        if self.is_active:
            self.dismiss()

    def _try(self, way: Coroutine[object, object, None], name: str) -> None:
        """Try a way out, unless one is being tried."""
        if self._handover.is_busy:
            way.close()
            self.say(self.why_stay())
            return
        self.say("")
        self._run(way, name)

    def _run(self, work: Coroutine[object, object, None], name: str) -> None:
        self.run_worker(work, group=name, description=name)

    def _seal(self) -> None:
        if self._sealing is not None:
            self._sealing.stop()
            self._sealing = None
        self._secret.mask(self._handover.text)

    def _arm_clock(self) -> None:
        if self._clock is not None:
            self._clock.stop()
        end = self._result.issued.ends_at
        wait = next_change([] if end is None else [end], self.session.now())
        if self._keeper.clears_at is not None:
            wait = min(wait, timedelta(seconds=result_words.COUNT_STEP_S))
        self._clock = self.set_timer(wait.total_seconds(), self.draw)


def _row(label: str, body: Widget) -> Widget:
    return Horizontal(Static(Content(label), classes="label"), body, classes="field")
