"""The preview of what happens to each of many, which then shows what became of each."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from tokentui.domain.text import clean
from tokentui.services.verbs import title
from tokentui.ui import verb_words as words
from tokentui.ui.actions import Place, bindings
from tokentui.ui.modals.asking import ACT_LABEL, FIELD_LABEL, row
from tokentui.ui.modals.confirm import YES_KEY
from tokentui.ui.modals.dialog import Dialog
from tokentui.ui.present import counted
from tokentui.ui.widgets.line_input import LineInput
from tokentui.ui.widgets.record_list import Cell, Column, Record, RecordList
from tokentui.ui.widgets.text_part import TextPart, set_row_shown
from tokentui.ui.wishes import Fate, Wish

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.app import ComposeResult
    from textual.widgets import Input

    from tokentui.services.held import Held
    from tokentui.services.judging import Step
    from tokentui.services.verbs import Verb
    from tokentui.ui.session import Session
    from tokentui.ui.widgets.record_list import Tone
    from tokentui.ui.wishes import Doer, Report

_COLUMNS = (
    Column("what", "WHAT", 12, priority=9),
    Column("name", "NAME", 16, grow=True, priority=8),
    Column("kind", "KIND", 13, priority=5),
    Column("where", "PROFILE", 10, priority=6),
    Column("why", "WHY", 20, grow=True, priority=7),
)
_AROUND = 11  # the lines of the dialog that are not the list's
_TIGHTER = 2  # how many of them a low terminal saves
_TYPING = 2  # how many more it takes to type something
_LEAST_LIST = 3
_LONGEST_TYPED = 300
_SIGNS: dict[Fate, tuple[str, Tone]] = {
    Fate.DONE: ("", ""),
    Fate.UNRECORDED: ("!", "warning"),
    Fate.FAILED: ("x", "error"),
    Fate.UNKNOWN: ("?", "unknown"),
}


class _Stage(Enum):
    OPEN = "nothing was sent yet"
    RUNNING = "one after the other is sent"
    OVER = "all that was to be sent was"


class PreviewModal(Dialog[None]):
    """One row for each credential: what will happen to it, or why nothing will.

    What a profile is signed in with is changed last.

    `why_type` are the profiles whose names must be typed, in place of each credential's own name,
    and why that is: it proves that a person knows where this happens, and the rows say to what.
    """

    PLACE = Place.ACT
    AUTO_FOCUS = "RecordList"
    ENTER_IN_FIELD = f"nothing yet: {YES_KEY.upper()} does it"
    DEFAULT_CSS = """
    PreviewModal {
        & > #box { border: round $warning; }
        & #about { height: 3; }
        &.-tight #about { height: 2; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(Place.ACT),
        Binding("q", "cancel", show=False),
    ]

    def __init__(
        self,
        session: Session,
        doer: Doer,
        verb: Verb,
        word: str,
        steps: Sequence[Step],
        *,
        why_type: Mapping[str, str],
    ) -> None:
        super().__init__(session)
        self.verb = verb
        self.word = word
        self._doer = doer
        self._steps = {step.held.key: step for step in steps}
        possible = (step.held for step in steps if not step.objection)
        self._possible = sorted(possible, key=_is_own)  # without it the others could not be sent
        self._why_type = ", ".join(f"{profile} {why}" for profile, why in why_type.items())
        self._must_type = " ".join(why_type)
        self._reports: dict[str, Report] = {}
        self._stage = _Stage.OPEN
        self._list = RecordList(_COLUMNS, id="steps")
        self._about = TextPart("about", classes="muted")
        self._typed = LineInput(longest=_LONGEST_TYPED, id="typed")
        self._answers = Static(id="answers", markup=False)

    @property
    def absent(self) -> frozenset[str]:
        if self._stage is not _Stage.OPEN:
            return frozenset({FIELD_LABEL, ACT_LABEL})
        return frozenset() if self._must_type else frozenset({FIELD_LABEL})

    def compose_box(self) -> ComposeResult:
        yield self._list

    def compose_foot(self) -> ComposeResult:
        yield self._about
        if self._must_type:
            yield TextPart("must-type")
            yield row("Profile", self._typed)
        yield Static("", classes="gap")
        yield self._answers

    def on_mount(self) -> None:
        super().on_mount()
        count = counted(len(self._possible), "credential")
        self.title_with(f"{self.word.capitalize()} {count}?")
        self._list.set_records(self._record(key) for key in self._steps)
        left = len(self._steps) - len(self._possible)
        if left:
            self.say(f"{left} of {len(self._steps)} cannot be changed and stay as they are")

    def draw(self) -> None:
        around = _AROUND - (_TIGHTER if self.has_class("-tight") else 0)
        around += _TYPING if self._must_type and self._stage is _Stage.OPEN else 0
        room = max(_LEAST_LIST, self.size.height - around)
        self._list.styles.height = min(len(self._steps) + 1, room)
        if self._must_type:
            self._draw_must_type()
        self._draw_about()
        self._draw_answers()

    # What the requests' sender tells

    def began(self, held: Held) -> None:
        """Say that its request is under way now."""
        if self.is_attached:
            what = f"{words.doing(self.verb, self.word)}.."
            self._list.upsert([_record(held, what, "", ("", "info"))])
            number = len(self._reports) + 1
            self.say(f"{what} {number} of {len(self._possible)}", "$text-primary")

    def ended(self, held: Held, report: Report) -> None:
        """Say what became of it."""
        self._reports[held.key] = report
        if self.is_attached:
            self._list.upsert([self._record(held.key)])
            self._draw_about()

    def all_ended(self, sentence: str, style: str) -> None:
        """Say what became of all."""
        self._stage = _Stage.OVER
        self.say(sentence, style)
        self._draw_answers()
        self.draw_keys()

    def why_stay(self) -> str:
        """Say that there is more to be sent."""
        if self._stage is not _Stage.RUNNING:
            return ""
        left = len(self._possible) - len(self._reports)
        return f"{left} of {len(self._possible)} are not over yet: Esc stops before the next one"

    # What keys do

    def action_act(self) -> None:
        if self._stage is not _Stage.OPEN:
            self.say(self.why_stay() or "that is done: Esc closes", "$text-muted")
        elif not self._possible:
            self.say("x none of these can be changed")
        elif self._must_type and self._typed.value.strip() != self._must_type:
            self.say(f"x type {self._must_type} to {self.word} them")
            self._typed.focus()
        else:
            self._begin()

    def action_cancel(self) -> None:
        if self.is_active:
            self.dismiss()

    @on(RecordList.Opened)
    def close_when_over(self) -> None:
        if self._stage is _Stage.OVER:
            self.action_cancel()

    @on(RecordList.Highlighted)
    def follow_cursor(self) -> None:
        self._draw_about()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.say(f"{YES_KEY.upper()} does it", "$text-muted")

    def _begin(self) -> None:
        self._stage = _Stage.RUNNING
        self._typed.disabled = True
        self._list.focus()
        self.draw()
        self.draw_keys()
        bench = self.session.workbench
        wishes = [
            Wish(self.verb, held, typed=bench.managing.must_type(held, self.verb))
            for held in self._possible
            if bench is not None
        ]
        self._doer.do_all(self, wishes)

    def _draw_must_type(self) -> None:
        """Ask for what has to be typed, until it was."""
        is_asked = self._stage is _Stage.OPEN
        told = f"{self._why_type}: type {self._must_type}"
        self.query_one("#must-type", TextPart).show(told if is_asked else "", "$text-warning")
        set_row_shown(self._typed, is_asked)

    def _draw_about(self) -> None:
        """Say all of the row under the cursor, which its columns may cut."""
        key = self._list.cursor_key
        step = self._steps.get(key or "")
        if step is None:
            self._about.show("")
            return
        report = self._reports.get(step.held.key)
        sentences = (report.sentence,) if report else (step.objection, *step.consequence)
        self._about.show(" ".join(map(clean, filter(None, sentences))))

    def _draw_answers(self) -> None:
        match self._stage:
            case _Stage.OPEN:
                count = len(self._possible)
                answers = f"[ Esc change nothing ]   [ {YES_KEY.upper()} {self.word} {count} ]"
            case _Stage.RUNNING:
                answers = "[ Esc stop before the next one ]"
            case _Stage.OVER:
                answers = "[ Enter close ]"
        self._answers.update(Content(answers))

    def _record(self, key: str) -> Record:
        step, report = self._steps[key], self._reports.get(key)
        if report is not None:
            return _record(step.held, report.fate.value, report.sentence, _SIGNS[report.fate])
        if step.objection:
            return _record(step.held, "cannot", step.objection, ("-", "muted"))
        if _is_own(step.held):
            return _record(step.held, self.word, "signed in with it", ("!", "warning"))
        return _record(step.held, self.word, "", ("", ""))


def _is_own(held: Held) -> bool:
    return held.credential is not None and held.credential.is_own


def _record(held: Held, what: str, why: str, sign: tuple[str, Tone]) -> Record:
    text, tone = sign
    texts = (what, held.name or title(held), held.noun, held.profile, why)
    cells = tuple(Cell(clean(cell), tone) for cell in texts)
    return Record(held.key, cells, " ".join(texts).lower(), sign=Cell(text, tone))
