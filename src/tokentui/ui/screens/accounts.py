"""The accounts that own credentials, over all profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import VerticalScroll
from textual.content import Content

from tokentui.domain.account import AccountAbility
from tokentui.ui import account_words as words
from tokentui.ui import frame
from tokentui.ui.actions import Place, bindings
from tokentui.ui.screens import account_records as records
from tokentui.ui.screens.instance_records import source_line
from tokentui.ui.screens.place import PlaceScreen, set_shown
from tokentui.ui.screens.texts import asking, status
from tokentui.ui.widgets.bar import Bar, Text
from tokentui.ui.widgets.record_list import RecordList

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tokentui.domain.model import Account
    from tokentui.ui.flows import Flows
    from tokentui.ui.session import Session

_LEAST_LIST = 7
_LEAST_DETAIL = 7
_FRAME = 6  # the four lines around, and two headings
_MOST_REMARKS = 3


class AccountsScreen(PlaceScreen):
    """A list of accounts with what is known of the highlighted one beneath."""

    PLACE = Place.ACCOUNTS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.ACCOUNTS, Place.LIST)]

    def __init__(self, session: Session, flows: Flows) -> None:
        super().__init__(session, flows)
        self._records = records.Records()
        self._found: Mapping[str, records.Owner] = {}
        self._awaited = ""
        self._made: Account | None = None
        self._detail_lines = 0

    @property
    def accounts(self) -> RecordList:
        """The list."""
        return self.query_one("#accounts", RecordList)

    def compose_body(self) -> ComposeResult:
        yield Bar(id="list-head")
        yield Text(id="sources")
        yield RecordList(records.COLUMNS, fields=records.FIELDS, id="accounts")
        yield Bar(id="detail-head")
        with VerticalScroll(id="detail"):
            yield Text(id="detail-text")

    def draw_body(self) -> None:
        when = self.session.when
        self._found = records.owners(self.session, when)
        accounts = self.accounts
        accounts.empty_text = records.why_empty(self.session)
        accounts.state_line = asking(self.session)
        accounts.set_records(self._records.make(owner, when) for owner in self._found.values())
        self._go_to_awaited()
        self._bar("list-head").show(frame.rule("Accounts", self.size.width))
        self._divide(self._draw_sources())
        self._draw_detail()

    def counts(self) -> str:
        accounts = self.accounts
        filtered = f" - filter: {accounts.filter_text}" if accounts.filter_text else ""
        return f"{accounts.shown_count} of {accounts.total_count}{filtered}"

    def state(self) -> str:
        return status(self.session)

    def ends(self) -> list[datetime]:
        rows = (row for owner in self._found.values() for row in owner.rows)
        return [row.held.ends_at for row in rows if row.held.ends_at is not None]

    def row_texts(self, key: str) -> tuple[str, str]:
        account = self._found[key].account
        return account.native_id, account.name

    def on_resize(self) -> None:
        self._detail_lines = 0  # before the place itself is drawn anew

    def point_to(self, account: Account) -> None:
        """Put the cursor on an account as soon as it is listed, unless it is moved before."""
        self._awaited = records.key_of(account)

    def tell_made(self, account: Account, sentence: str) -> None:
        """Say what was made; if Enter is the next key, it makes a credential for that."""
        self.say(f"{sentence} - Enter makes a credential for it", "$text-primary")
        self._made = account

    def say(self, text: str, style: str = "$text-warning") -> None:
        self._made = None
        super().say(text, style)

    def on_key(self, event: events.Key) -> None:
        made, self._made = self._made, None
        if made is not None and event.key == "enter":
            event.stop()
            self.flows.generate(made, None, "")

    def on_screen_suspend(self) -> None:
        self._made = None

    @on(RecordList.Highlighted)
    def follow_cursor(self) -> None:
        self._awaited = ""  # whoever moves on meanwhile stays there
        self._draw_detail()

    @on(RecordList.Opened)
    def show_tokens(self) -> None:
        account = self._current()
        if account is not None:
            self.flows.go(Place.TOKENS, records.filter_of(account))

    def action_new(self) -> None:
        self.flows.new_account(self._current())

    def action_generate(self) -> None:
        account = self._current()
        if account is None:
            self.say("there is no account to make a credential for")
        else:
            self.flows.generate(account, None, "")

    def action_use(self) -> None:
        account = self._current()
        if account is None:
            self.say("there is no account to use a credential of")
        else:
            self.flows.use(None, account)

    def action_rename(self) -> None:
        self._change(AccountAbility.RENAME)

    def action_regroup(self) -> None:
        self._change(AccountAbility.REGROUP)

    def action_delete(self) -> None:
        self._change(AccountAbility.DELETE)

    def _change(self, ability: AccountAbility) -> None:
        account, bench = self._current(), self.session.workbench
        if account is None:
            self.say(f"there is no account to {words.VERBS[ability]}")
        elif bench is None:
            self.say("the configuration is being read")
        elif objection := bench.accounts.objection(account, ability):
            self.say(f"{words.VERBS[ability]} {words.title(account)}: {objection}")
        else:
            self.flows.change_account(ability, account)

    def _go_to_awaited(self) -> None:
        if self._awaited in self._found:
            self.accounts.move_to(self._awaited)
            self._awaited = ""

    def _current(self) -> Account | None:
        owner = self._found.get(self.accounts.cursor_key or "")
        return None if owner is None else owner.account

    def _draw_sources(self) -> int:
        """Say which sources are not fresh and which have no accounts; gives the lines."""
        width = self.size.width
        failed = [
            Content.styled(line, "$text-error")
            for listing in self.session.listings.values()
            if self.session.in_scope(listing.source.profile)
            and (line := source_line(listing, self.session.when, width))
        ]
        without = [
            Content.styled(line, "$text-muted")
            for line in records.without_accounts(self.session, width)
        ]
        told = [*failed, *without][:_MOST_REMARKS]
        sources = self.query_one("#sources", Text)
        set_shown(sources, bool(told), len(told))
        if told:
            sources.show(Content("\n").join(told))
        return len(told)

    def _divide(self, source_lines: int) -> None:
        """Give the list what its rows need, and the rest to the detail if that is enough."""
        room = self.size.height - _FRAME - source_lines
        most = room - _LEAST_DETAIL
        has_detail = most >= _LEAST_LIST
        wanted = max(self.accounts.total_count + 2, _LEAST_LIST)  # the header and the foot
        height = min(wanted, most) if has_detail else room + 1
        set_shown(self.accounts, True, height)
        set_shown(self._bar("detail-head"), has_detail)
        set_shown(self.query_one("#detail"), has_detail, room - height)
        self._detail_lines = max(0, room - height)

    def _draw_detail(self) -> None:
        """Show what is known of the highlighted one.

        Blank lines keep the height: with another one a move would repaint the whole screen.
        """
        owner = self._found.get(self.accounts.cursor_key or "")
        head = words.title(owner.account) if owner else ""
        lines = records.detail(self.session, owner, self._detail_lines) if owner else []
        lines += [""] * (self._detail_lines - len(lines))
        self._bar("detail-head").show(frame.rule(head, self.size.width))
        text = Content("\n").join(Content(line) for line in lines)
        self.query_one("#detail-text", Text).show(text)
