"""The dialogs that rename, regroup and delete an account."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input, Static

from tokentui.domain.text import clean, unprintable
from tokentui.services.gone import WAS_GONE
from tokentui.ui import account_words as words
from tokentui.ui.account_change import Change
from tokentui.ui.modals.asking import AskingModal, Stage, row
from tokentui.ui.modals.confirm import YES_KEY
from tokentui.ui.widgets.choices import Choice, Choices, Look
from tokentui.ui.widgets.line_input import LineInput
from tokentui.ui.widgets.text_part import TextPart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from tokentui.domain.model import Account
    from tokentui.services.workbench import Workbench
    from tokentui.ui.account_change import Changer
    from tokentui.ui.session import Session

_LONGEST_TITLE = 90
_LONGEST_NAME = 300
_LABEL = 12


class AccountModal(AskingModal):
    """Names the account and its place; `VERB` is what the title asks."""

    VERB: ClassVar[str]

    def __init__(self, session: Session, changer: Changer, account: Account) -> None:
        super().__init__(session)
        self.account = account
        self._changer = changer
        self._facts = TextPart("facts")

    def change(self) -> Change:
        """Give what is wished, as it stands now."""
        raise NotImplementedError

    def send(self) -> None:
        self._changer.send(self, self.change())

    def on_mount(self) -> None:
        self.title_with(clean(f"{self.VERB} {words.title(self.account)}?", _LONGEST_TITLE))

    def compose_box(self) -> ComposeResult:
        yield self._facts
        yield Static("", classes="gap")

    def draw(self) -> None:
        lines = words.facts(self.session, self.account)
        self._facts.show("\n".join(f"{label:<{_LABEL}} {clean(text)}" for label, text in lines))


class RenameAccountModal(AccountModal):
    """A field with the name as it is; Enter takes what it says then."""

    VERB = "Rename"
    doing = "renaming"
    AUTO_FOCUS = "#name"
    ENTER_ACTS = True
    ENTER_IN_FIELD = "rename"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "act", show=False)]

    def __init__(self, session: Session, changer: Changer, account: Account) -> None:
        super().__init__(session, changer, account)
        self._new_name = LineInput(account.name, longest=_LONGEST_NAME, id="name")

    @property
    def answers(self) -> str:
        return "[ Esc leave it ]   [ Enter rename ]"

    def compose_box(self) -> ComposeResult:
        yield from super().compose_box()
        yield row("Name", self._new_name)

    def problem(self) -> str:
        name = self._new_name.value.strip()
        if not name:
            return "it needs a name"
        if unprintable(name):
            return "the name holds characters that cannot be shown"
        return "that is its name already" if name == self.account.name else ""

    def change(self) -> Change:
        account, name = self.account, self._new_name.value.strip()
        done = f"{words.title(account)} of {account.profile} is called {name} now"
        return Change(account.profile, lambda bench: bench.accounts.rename(account, name), done)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self.stage is Stage.OPEN:
            problem = self.problem() if event.value != self.account.name else ""
            self.say(f"x {problem}" if problem else "")


class RegroupModal(AccountModal):
    """What gives the account its rights, to choose from."""

    VERB = "Give other rights to"
    doing = "changing its rights"
    AUTO_FOCUS = "#groups"
    ENTER_ACTS = True
    ENTER_IN_FIELD = "change it"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "act", show=False)]

    def __init__(self, session: Session, changer: Changer, account: Account) -> None:
        super().__init__(session, changer, account)
        self._chosen = account.group
        self._choices = Choices(Look.ONE, by_letter=True, id="groups")

    @property
    def answers(self) -> str:
        return "[ Esc leave it ]   [ Enter change it ]"

    def compose_box(self) -> ComposeResult:
        yield from super().compose_box()
        yield row(words.rights_label(self.session, self.account).capitalize(), self._choices)

    def draw(self) -> None:
        super().draw()
        groups = self.account.groups
        picked = frozenset(n for n, group in enumerate(groups) if group == self._chosen)
        self._choices.show(tuple(Choice(clean(group)) for group in groups), picked)

    def problem(self) -> str:
        if not self.account.groups:
            return "its provider names nothing to choose from"
        return "that is what it has already" if self._chosen == self.account.group else ""

    def change(self) -> Change:
        account, group = self.account, self._chosen
        done = f"{words.title(account)} of {account.profile} is {group} now"
        return Change(account.profile, lambda bench: bench.accounts.regroup(account, group), done)

    def on_choices_picked(self, event: Choices.Picked) -> None:
        event.stop()
        if self.stage is Stage.OPEN:
            self._chosen = self.account.groups[event.index]
            self.say("")
            self.draw()


class DeleteAccountModal(AccountModal):
    """Names the consequence; Enter is the safe answer, F10 the other.

    `must_type` has to be typed first where `why_type` says of the profile why.
    """

    VERB = "Delete"
    doing = "deleting"
    DEFAULT_CSS = "DeleteAccountModal { & > #box { border: round $warning; } }"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,q", "cancel", show=False)]

    def __init__(
        self,
        session: Session,
        changer: Changer,
        account: Account,
        *,
        consequence: Sequence[str],
        must_type: str,
        why_type: str,
    ) -> None:
        super().__init__(session, changer, account)
        self._must_type = must_type
        self._why_type = why_type
        self._consequence = "\n".join(map(clean, consequence))
        self._typed = LineInput(longest=_LONGEST_NAME, id="typed")

    @property
    def keys_in_field(self) -> tuple[tuple[str, str], ...]:
        return ((YES_KEY.upper(), "delete"), ("Esc", "changes nothing"))

    @property
    def answers(self) -> str:
        return f"[ Enter go back ]   [ {YES_KEY.upper()} delete ]"

    def on_mount(self) -> None:
        if self._must_type:
            self._typed.focus()

    def compose_box(self) -> ComposeResult:
        yield from super().compose_box()
        yield TextPart("consequence")

    def compose_foot(self) -> ComposeResult:
        if self._must_type:
            yield TextPart("must-type")
            yield row("Name", self._typed)
        yield from super().compose_foot()

    def draw(self) -> None:
        super().draw()
        self.query_one("#consequence", TextPart).show(self._consequence)
        if self._must_type:
            told = f"Profile {self.account.profile} {self._why_type}: type {self._must_type}"
            self.query_one("#must-type", TextPart).show(told, "$text-warning")

    def problem(self) -> str:
        if self._must_type and self._typed.value != self._must_type:
            return f"type {self._must_type} to delete it"
        return ""

    def change(self) -> Change:
        account, typed = self.account, self._typed.value
        named = f"{words.title(account)} of {account.profile}"
        done = f"deleted {named}"

        async def delete(bench: Workbench) -> str:
            how = await bench.accounts.delete(account, typed)
            return f"{named} {how}" if how == WAS_GONE else done

        return Change(account.profile, delete, done)

    def submitted(self) -> None:
        """Change nothing: a terminal that does not mark a paste types its line end too."""
        self.say(self.problem() or f"{YES_KEY.upper()} does it", "$text-muted")

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self.stage is Stage.OPEN:
            self.say("")
