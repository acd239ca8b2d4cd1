"""The rows of the result dialog: the secret, and how each way out went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from tokentui.ui import credential_words as words
from tokentui.ui import result_words
from tokentui.ui.widgets.paste_check import PasteCheck
from tokentui.ui.widgets.secret_view import SecretView
from tokentui.ui.widgets.text_part import TextPart

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.widget import Widget

    from tokentui.services.issue import Result
    from tokentui.ui.clipboard_keeper import ClipboardKeeper
    from tokentui.ui.handover import Handover
    from tokentui.ui.present import When

_NAMES = (
    "user",
    "facts",
    "valid",
    "verified",
    "clipboard",
    "clears",
    "kubeconfig",
    "file",
    "ledger",
)


class ResultBody(Vertical):
    """While the secret is shown, nothing else takes room."""

    DEFAULT_CSS = """
    ResultBody {
        height: auto;
        & #others { height: auto; }
        & .check { width: auto; color: $text-muted; }
        &.-open #others { display: none; }
    }
    """

    def __init__(self, result: Result, handover: Handover, keeper: ClipboardKeeper) -> None:
        super().__init__()
        self._result = result
        self._handover = handover
        self._keeper = keeper
        self._parts = {name: TextPart(name) for name in _NAMES}
        self._check = Horizontal(id="check", classes="field")
        self._remarks = TextPart("remarks")
        self.secret = SecretView()

    def compose(self) -> ComposeResult:
        parts = self._parts
        yield _row("User name", parts["user"])
        yield _row(self._result.issued.kind.form.capitalize(), self.secret)
        with Vertical(id="others"):
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

    def draw(self, when: When, *, wide: bool) -> None:
        """Say how everything is now."""
        handover, issued = self._handover, self._result.issued
        self.set_class(self.secret.is_open, "-open")
        merging = handover.kubeconfig or "not merged (k merges)"
        name = result_words.user_name(issued)
        texts = {
            "user": f"{name}  (y copies it)" if name else "",
            "facts": result_words.facts(self._result) if wide else "",
            "valid": words.validity(issued, when, with_date=wide),
            "verified": handover.verified,
            "clipboard": handover.clipboard or "not copied (c copies)",
            "clears": result_words.clearing(self._keeper, handover.receipt, when),
            "kubeconfig": merging if handover.is_kubeconfig else "",
            "file": handover.file,
            "ledger": result_words.ledger(self._result),
        }
        for name, text in texts.items():
            self._parts[name].show(text)
        self._check.display = handover.receipt is not None
        remarks = "\n".join(result_words.remarks(self._result, handover))
        self._remarks.show(remarks, "$text-warning")


def _row(label: str, body: Widget) -> Widget:
    return Horizontal(Static(Content(label), classes="label"), body, classes="field")
