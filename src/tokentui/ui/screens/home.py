"""The first screen: what ends soon, and the shortest way to a new credential."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.content import Content

from tokentui.ui import frame, present
from tokentui.ui.actions import Place, bindings
from tokentui.ui.fitting import wrapped
from tokentui.ui.home_plan import Plan, Wanted, plan
from tokentui.ui.present import TimeStyle
from tokentui.ui.screens import home_records as records
from tokentui.ui.screens.held import HeldDialog
from tokentui.ui.screens.place import PlaceScreen, set_shown
from tokentui.ui.screens.texts import counts, nothing_known, status, welcome
from tokentui.ui.timeline import timeline
from tokentui.ui.widgets.bar import Bar, Text
from tokentui.ui.widgets.record_list import RecordList

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tokentui.domain.ledger import QuickTarget
    from tokentui.domain.model import KindKey, ProfileName
    from tokentui.ui.flows import Flows
    from tokentui.ui.screens.home_records import Credentials
    from tokentui.ui.session import Session


_ROOMY = 20  # lines of a screen on which the greeting has room for its example
_ROOMY_WITH_PROBLEMS = 28
_MARGIN = 3
_LINES_OF_A_PROBLEM = 2
_NONE_ENDS = "Nothing that was found ends or needs attention."


class HomeScreen(PlaceScreen):
    """Credentials by their end, the next ninety days, numbered targets, what was done lately."""

    PLACE = Place.HOME
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.HOME, Place.LIST)]

    def __init__(self, session: Session, flows: Flows) -> None:
        super().__init__(session, flows)
        self._style = TimeStyle.LEFT
        self._ending, self._endless = records.Records(), records.Records()
        self._ends: Mapping[str, datetime] = {}

    def compose_body(self) -> ComposeResult:
        yield Bar(id="problems-head")
        yield Text(id="problems")
        yield Bar(id="attention-head")
        yield RecordList(records.columns(self._style), stays_first=True, id="attention")
        yield Text(id="welcome")
        yield Bar(id="timeline-head")
        yield Text(id="timeline")
        yield Bar(id="endless-head")
        yield RecordList(records.columns(self._style), stays_first=True, id="endless")
        yield Bar(id="quick-head")
        yield Text(id="quick")
        yield Text(id="tip")
        yield Bar(id="activity-head")
        yield Text(id="activity")

    def draw_body(self) -> None:
        when = self.session.when
        found = records.credentials(self.session, when.now)
        self._ends = {
            row.held.key: end for row in found.ending if (end := row.held.ends_at) is not None
        }
        targets = records.known_targets(self.session) or ()
        events = () if self.session.overview is None else self.session.overview.events
        width, height = self.size
        problems = [_told(error.sentence, width) for error in self.session.problems]
        greeting = self._greeting(found)
        wanted = Wanted(
            problems=sum(len(lines) for lines in problems),
            greeting=len(greeting),
            rows=len(found.ending),
            endless=len(found.endless),
            quick=len(targets),
            activity=len(events) + len(self.session.calls),
            worrying=found.worrying,
        )
        division = plan(width, height, wanted)
        self._draw_problems(problems, division)
        self.query_one("#welcome", Text).show(Content("\n".join(greeting)))
        set_shown(self.query_one("#welcome"), bool(greeting))
        self._draw_credentials(found, division)
        self._draw_timeline(found, division)
        self._draw_quick(targets, division)
        lines = records.activity_lines(self.session.calls, events, when, division.activity)
        self._part("activity", "Activity", lines)

    def counts(self) -> str:
        return counts(self.session)

    def state(self) -> str:
        return status(self.session)

    def ends(self) -> list[datetime]:
        shown = self.query_one("#attention", RecordList).keys_in_view
        return [self._ends[key] for key in shown if key in self._ends]

    def row_texts(self, key: str) -> tuple[str, str]:
        held = next(held for held in self.session.helds if held.key == key)
        return held.remote_id or held.key, held.name or held.target_name

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        held = next((held for held in self.session.helds if held.key == event.key), None)
        if held is not None:
            self.app.push_screen(HeldDialog(held, self.session.when))

    def action_quick(self, number: int) -> None:
        targets = records.known_targets(self.session)
        if targets is None:
            self.say(f"{number}: targets are not known yet, the configuration is being read")
        elif number > len(targets):
            self.say(f"{number}: there is no such target")
        else:
            target = targets[number - 1]
            self._generate(
                target.profile, target.target_id, target.target_name, target.kind, target.asked
            )

    def action_repeat(self) -> None:
        entry = records.last_made(self.session)
        if entry is None:
            self.say("nothing was made yet that could be repeated")
            return
        made = entry.plan
        self._generate(made.profile, made.target_id, made.target_name, made.kind, made.asked)

    def _generate(
        self, profile: ProfileName, target_id: str, name: str, kind: KindKey, asked: str
    ) -> None:
        target = records.find_target(self.session, profile, target_id)
        if target is None:
            self.say(f"{name} is not in the list of {profile} (any more): F5 asks again")
        else:
            self.flows.generate(target, kind, asked)

    def _draw_problems(self, problems: Sequence[list[str]], division: Plan) -> None:
        """Show as many problems as fit as a whole; the rest is counted."""
        shown: list[str] = []
        left = len(problems)
        for lines in problems:
            if len(shown) + len(lines) > division.problems:
                break
            shown += lines
            left -= 1
        title = f"Problems ({len(problems)})" + (f" - {left} more: press !" if left else "")
        self._part("problems", title, shown)

    def _greeting(self, found: Credentials) -> list[str]:
        """Give the lines that stand in place of the credentials; none: there are some."""
        if found.ending or found.endless:
            return []
        enough = _ROOMY_WITH_PROBLEMS if self.session.problems else _ROOMY
        return welcome(self.session, self.size.width, with_example=self.size.height >= enough)

    def _draw_credentials(self, found: Credentials, division: Plan) -> None:
        when = self.session.when
        if when.style is not self._style:
            self._style = when.style
            for credentials in self.query(RecordList):
                credentials.set_columns(records.columns(when.style))
        rest = len(found.ending) - found.worrying + self.session.unread
        title = f"Needs attention ({found.worrying})" + (f" - {rest} more live" if rest else "")
        self._list("attention", title, division.rows)
        self._list(
            "endless", f"No expiry - reviewed by age ({len(found.endless)})", division.endless
        )
        attention = self.query_one("#attention", RecordList)
        endless = self.query_one("#endless", RecordList)
        attention.empty_text = _NONE_ENDS if found.endless else nothing_known(self.session)
        several = self.session.scope is None and len(self.session.listings) > 1
        attention.set_records(self._ending.make(found.ending, when, several))
        endless.set_records(self._endless.make(found.endless, when, several))

    def _draw_timeline(self, found: Credentials, division: Plan) -> None:
        lines = timeline((*found.ending, *found.endless), self.size.width)
        self._part("timeline", "Next 90 days", lines if division.timeline else ())

    def _draw_quick(self, targets: Sequence[QuickTarget], division: Plan) -> None:
        when, rows = self.session.when, division.quick_rows
        lines = records.quick_lines(targets, when, self.size.width, division.quick_columns, rows)
        self._part("quick", "Quick generate - most used first", lines)
        last = records.last_made(self.session)
        if last and records.is_gone(self.session, last.plan.profile, last.plan.target_id):
            last = None
        set_shown(self.query_one("#tip"), division.tip, 2)
        if division.tip:
            lifetime = "" if last is None else present.asked(last.plan.asked, when.zone)
            text = (
                "1 opens the first one, filled in; Enter makes it"
                if last is None
                else f". repeats your last one ({last.plan.target_name}, {last.plan.noun}, "
                f"{lifetime}): . Enter"
            )
            self.query_one("#tip", Text).show(Content(f"\n Tip: {text}"))

    def _list(self, name: str, title: str, rows: int) -> None:
        self._head(name, title, shown=rows > 0)
        set_shown(self.query_one(f"#{name}"), rows > 0, rows + 1)

    def _part(self, name: str, title: str, lines: Sequence[str]) -> None:
        """Show a heading with some lines, or neither."""
        self._head(name, title, shown=bool(lines))
        part = self.query_one(f"#{name}", Text)
        set_shown(part, bool(lines), len(lines))
        if lines:
            part.show(Content("\n").join(Content(line) for line in lines))

    def _head(self, name: str, title: str, *, shown: bool) -> None:
        head = self.query_one(f"#{name}-head", Bar)
        set_shown(head, shown)
        head.show(frame.rule(title, self.size.width))


def _told(sentence: str, width: int) -> list[str]:
    first, *rest = wrapped(sentence, width - _MARGIN, _LINES_OF_A_PROBLEM)
    return [f" x {first}", *(f"   {line}" for line in rest)]
