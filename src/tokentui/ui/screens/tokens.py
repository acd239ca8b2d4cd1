"""Every credential of all systems: what is listed, and what only the ledger knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import VerticalScroll
from textual.content import Content

from tokentui.domain.model import CredentialState
from tokentui.services.attention import row_of
from tokentui.services.inventory import Phase
from tokentui.services.verbs import Verb, title
from tokentui.ui import frame
from tokentui.ui.actions import Place, bindings
from tokentui.ui.screens import token_records as records
from tokentui.ui.screens.home_records import find_target
from tokentui.ui.screens.instance_records import source_line
from tokentui.ui.screens.place import PlaceScreen, set_shown
from tokentui.ui.screens.texts import asking, no_tokens, status
from tokentui.ui.screens.token_detail import detail
from tokentui.ui.screens.token_rows import TokenRows
from tokentui.ui.widgets.bar import Bar, Text
from tokentui.ui.widgets.mark_list import MarkList
from tokentui.ui.widgets.record_list import RecordList

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tokentui.domain.model import Kind, ProfileName, Target
    from tokentui.services.held import Held
    from tokentui.ui.flows import Flows
    from tokentui.ui.session import Session

_LEAST_LIST = 7
_LEAST_DETAIL = 7
_FRAME = 6  # the four lines around, and two headings
_MOST_SOURCES = 3
_ALL = ": token list --all"  # the command that shows what is over
_ONE_AT_A_TIME = frozenset({Verb.RENAME, Verb.REGENERATE, Verb.VERIFY})


class TokensScreen(PlaceScreen):
    """A list of credentials with what is known of the highlighted one beneath."""

    PLACE = Place.TOKENS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.TOKENS, Place.LIST)]

    def __init__(self, session: Session, flows: Flows) -> None:
        super().__init__(session, flows)
        self._rows = TokenRows()
        self._kinds: records.Kinds = {}
        self._found: Mapping[str, Held] = {}
        self._over = 0
        self._style = session.time_style
        self._detail_lines = 0
        self._detail_height = 0

    @property
    def places(self) -> Sequence[Place]:
        return (self.PLACE, Place.MARKS, Place.LIST, Place.ANYWHERE)

    @property
    def tokens(self) -> MarkList:
        """The list."""
        return self.query_one("#tokens", MarkList)

    def compose_body(self) -> ComposeResult:
        yield Bar(id="list-head")
        yield Text(id="sources")
        yield MarkList(
            records.columns(self._style),
            fields=records.FIELDS,
            clock=lambda: self.session.now().timestamp(),
            id="tokens",
        )
        yield Bar(id="detail-head")
        with VerticalScroll(id="detail"):
            yield Text(id="detail-text")

    def draw_body(self) -> None:
        session, tokens = self.session, self.tokens
        when = session.when
        if when.style is not self._style:
            self._style = when.style
            tokens.set_columns(records.columns(when.style))
        abouts = () if session.workbench is None else session.workbench.abouts
        self._kinds = records.kinds_of(abouts)
        helds = [held for held in session.helds if session.in_scope(held.profile)]
        made = self._rows.make(helds, when, self._kinds, self._being_asked())
        self._found = {held.key: held for held in helds}
        self._over = len(helds) - len(made)
        tokens.empty_text = no_tokens(session)
        tokens.state_line = asking(session)
        tokens.set_records(made)
        self._bar("list-head").show(frame.rule("Tokens, keys and users", self.size.width))
        self._divide(self._draw_sources())
        self._draw_detail()

    def counts(self) -> str:
        tokens = self.tokens
        parts = [f"{tokens.shown_count:,} of {tokens.total_count:,}"]
        if tokens.marked_count:
            hidden = f" ({tokens.hidden_count:,} hidden)" if tokens.hidden_count else ""
            parts.insert(0, f"{tokens.marked_count:,} marked{hidden}")
        if tokens.filter_text:
            parts.append(f"filter: {tokens.filter_text}")
        if self._over:
            parts.append(f"{self._over:,} over")
        text = " - ".join(parts)
        has_room = len(text) + len(_ALL) <= self.size.width // 2
        return text + _ALL if self._over and has_room else text

    def state(self) -> str:
        return status(self.session)

    def ends(self) -> list[datetime]:
        keys = self.tokens.keys_in_view if self._found else ()
        shown = (self._found.get(key) for key in keys)
        return [held.ends_at for held in shown if held and held.ends_at is not None]

    def row_texts(self, key: str) -> tuple[str, str]:
        held = self._found[key]
        return held.remote_id or held.key, records.name_of(held)

    def on_resize(self) -> None:
        self._detail_lines = 0  # before the place itself is drawn anew

    @on(RecordList.Highlighted)
    def follow_cursor(self) -> None:
        self._draw_detail()

    @on(RecordList.Opened)
    def focus_detail(self) -> None:
        self.query_one("#detail").focus()

    @on(MarkList.MarksChanged)
    def count_marks(self) -> None:
        self.draw_frame()

    def step_back(self) -> bool:
        """Leave the detail for the list."""
        if self.tokens.has_focus:
            return False
        self.tokens.focus()
        return True

    def action_end(self) -> None:
        self._act(Verb.END)

    def action_switch(self) -> None:
        are_off = [
            held.credential is not None and held.credential.state is CredentialState.SWITCHED_OFF
            for held in self._chosen()
        ]
        self._act(Verb.SWITCH_ON if are_off and all(are_off) else Verb.SWITCH_OFF)

    def action_rename(self) -> None:
        self._act(Verb.RENAME)

    def action_move_end(self) -> None:
        self._act(Verb.MOVE_END)

    def action_regenerate(self) -> None:
        self._act(Verb.REGENERATE)

    def action_verify(self) -> None:
        self._act(Verb.VERIFY)

    def action_generate(self) -> None:
        found = self._current_with_target()
        if found is not None:
            held, target = found
            asked = held.entry.plan.asked if held.entry else ""
            self.flows.generate(target, held.kind, asked)

    def action_use(self) -> None:
        found = self._current_with_target()
        if found is not None:
            held, target = found
            self.flows.use(self._kind_of(held), target, held)

    def _act(self, verb: Verb) -> None:
        """Do something with the marked rows, or with the highlighted one where none is marked."""
        helds, bench = self._chosen(), self.session.workbench
        if not helds:
            self.say("there is no credential to do that with")
        elif bench is None:
            self.say("the configuration is being read")
        elif len(helds) > 1 and verb in _ONE_AT_A_TIME:
            self.say(f"{verb}: one at a time, and {len(helds)} are marked: N forgets the marks")
        elif len(helds) == 1 and (why := bench.managing.objection(helds[0], verb)):
            self.say(f"{bench.managing.word(helds[0], verb)} {title(helds[0])}: {why}")
        else:
            self.flows.act(verb, helds)

    def _chosen(self) -> list[Held]:
        tokens = self.tokens
        keys = tokens.marked or ((tokens.cursor_key,) if tokens.cursor_key else ())
        return [self._found[key] for key in keys]

    def _current(self) -> Held | None:
        return self._found.get(self.tokens.cursor_key or "")

    def _current_with_target(self) -> tuple[Held, Target] | None:
        held = self._current()
        if held is None:
            self.say("there is no row to start from: I and A list what one can be made for")
            return None
        target = find_target(self.session, held.profile, held.target_id)
        if target is None:
            name = held.target_name or "what it was made for"
            self.say(f"{name} is not in the list of {held.profile} (any more): F5 asks again")
            return None
        return held, target

    def _kind_of(self, held: Held) -> Kind | None:
        return self._kinds.get((held.provider, held.kind))

    def _being_asked(self) -> set[ProfileName]:
        listings = self.session.listings.values()
        return {x.source.profile for x in listings if x.source.phase is Phase.LOADING}

    def _draw_sources(self) -> int:
        """Say which sources are not fresh; gives the number of lines."""
        told = [
            line
            for listing in self.session.listings.values()
            if self.session.in_scope(listing.source.profile)
            and (line := source_line(listing, self.session.when, self.size.width))
        ][:_MOST_SOURCES]
        sources = self.query_one("#sources", Text)
        set_shown(sources, bool(told), len(told))
        if told:
            sources.show(Content("\n").join(Content.styled(line, "$text-error") for line in told))
        return len(told)

    def _divide(self, source_lines: int) -> None:
        """Give the list what its rows need, and the rest to the detail if that is enough."""
        room = self.size.height - _FRAME - source_lines
        most = room - _LEAST_DETAIL
        has_detail = most >= _LEAST_LIST
        wanted = max(self.tokens.total_count + 2, _LEAST_LIST)  # the header and the foot
        height = min(wanted, most) if has_detail else room + 1
        set_shown(self.tokens, True, height)
        set_shown(self._bar("detail-head"), has_detail)
        set_shown(self.query_one("#detail"), has_detail, room - height)
        self._detail_height = max(0, room - height)
        self._detail_lines = max(self._detail_lines, self._detail_height)

    def _draw_detail(self) -> None:
        """Show what is known of the highlighted one.

        Blank lines keep the height: with another one a move would repaint the whole screen.
        Without any there is nothing to scroll to.
        """
        held, when = self._current(), self.session.when
        head = records.name_of(held) if held else ""
        lines = detail(row_of(held, when.now), self._kind_of(held), when) if held else []
        self._detail_lines = max(self._detail_lines, len(lines))
        height = self._detail_lines if held else self._detail_height
        lines += [""] * (height - len(lines))
        self._bar("detail-head").show(frame.rule(head, self.size.width))
        text = Content("\n").join(Content(line) for line in lines)
        self.query_one("#detail-text", Text).show(text)
