"""From the wish to make or change an account to its outcome."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tokentui.domain.account import AccountAbility
from tokentui.domain.errors import OutcomeUnknown, StorageError, TokentuiError
from tokentui.domain.model import Account
from tokentui.ui import account_words as words
from tokentui.ui.screens.accounts import AccountsScreen

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from tokentui.domain.model import ProfileName
    from tokentui.services.workbench import Workbench
    from tokentui.ui.account_change import Change
    from tokentui.ui.app import TokentuiApp
    from tokentui.ui.modals.asking import AskingModal
    from tokentui.ui.session import Session


class AccountFlow:
    """Opens the dialogs of accounts and sends their requests.

    A request belongs to the program, not to a dialog: whatever is closed meanwhile, its outcome
    is said.
    """

    def __init__(self, app: TokentuiApp, session: Session) -> None:
        self._app = app
        self._session = session

    def new(self, beside: Account | None = None) -> None:
        """Ask where and how to make an account; the place of another one is proposed."""
        # Imported here: text fields and buttons would delay the first screen.
        from tokentui.ui.modals.account_new import NewAccountModal

        if self._session.workbench is None:
            self._app.say("the configuration is being read")
        else:
            self._app.push_screen(NewAccountModal(self._session, self, beside))

    def change(self, ability: AccountAbility, account: Account) -> None:
        """Ask how to change an account, or say why it cannot be."""
        bench = self._session.workbench
        if ability is AccountAbility.CREATE:
            self.new(account)
        elif bench is None:
            self._app.say("the configuration is being read")
        elif objection := bench.accounts.objection(account, ability):
            self._app.say(f"{words.VERBS[ability]} {words.title(account)}: {objection}")
        else:
            self._app.push_screen(self._dialog(bench, ability, account))

    def send(self, modal: AskingModal, change: Change) -> None:
        """Send one request; the dialog is told how it went."""
        self._run(self._send(modal, change))

    def _dialog(self, bench: Workbench, ability: AccountAbility, account: Account) -> AskingModal:
        from tokentui.ui.modals.account import DeleteAccountModal, RegroupModal, RenameAccountModal

        match ability:
            case AccountAbility.RENAME:
                return RenameAccountModal(self._session, self, account)
            case AccountAbility.REGROUP:
                return RegroupModal(self._session, self, account)
            case _:
                told = words.handed_over(self._session, account)
                consequence = (*bench.accounts.consequence(account), *told)
                return DeleteAccountModal(
                    self._session,
                    self,
                    account,
                    consequence=consequence,
                    must_type=bench.accounts.must_type(account),
                    why_type=bench.accounts.why_type(account),
                )

    async def _send(self, modal: AskingModal, change: Change) -> None:
        try:
            came = await self._session.keep(change.work)
        except OutcomeUnknown as error:
            self._session.last_error = error
            self._tell_lost(modal, error.sentence)
        except StorageError as error:  # it was done, and could not be written down
            self._session.last_error = error
            self._finish(modal, error.sentence, "$text-warning")
        except TokentuiError as error:
            self._session.last_error = error
            self._refuse(modal, error.sentence)
            return
        else:
            done = came if isinstance(came, str) else change.done
            made = came if isinstance(came, Account) else None
            if made is not None:
                self._point_to(made)
            self._finish(modal, done, "$text-primary", made)
        self._run(self._refresh(change.profile))

    def _point_to(self, account: Account) -> None:
        """Let the cursor go to one that was made, so that the next key is meant for it."""
        for screen in self._app.all_screens():
            if isinstance(screen, AccountsScreen):
                screen.point_to(account)

    def _finish(
        self, modal: AskingModal, sentence: str, style: str, made: Account | None = None
    ) -> None:
        then = partial(self._tell, sentence, style, made)
        if modal.is_attached:
            modal.finish(then)
        else:
            then()

    def _tell(self, sentence: str, style: str, made: Account | None) -> None:
        screen = self._app.screen
        if made is not None and isinstance(screen, AccountsScreen) and self._can_own(made):
            screen.tell_made(made, sentence)
        else:
            self._app.say(sentence, style)

    def _can_own(self, account: Account) -> bool:
        about = words.about_of(self._session, account)
        return about is not None and any(kind.fits(account) for kind in about.kinds)

    def _refuse(self, modal: AskingModal, sentence: str) -> None:
        if modal.is_attached:
            modal.refused(sentence)
        else:
            self._app.say(sentence, "$text-error")

    def _tell_lost(self, modal: AskingModal, sentence: str) -> None:
        if modal.is_attached:
            modal.lost(sentence)
        else:
            self._app.say(sentence, "$text-error")

    async def _refresh(self, profile: ProfileName) -> None:
        try:
            await self._session.reload_overview()
            await self._session.refresh(self._app.draw, (profile,))
        except TokentuiError as error:
            self._session.last_error = error
        self._app.draw()

    def _run(self, work: Coroutine[None, None, None]) -> None:
        self._app.run_worker(work, group="accounts", description="change an account")
