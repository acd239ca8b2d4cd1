"""From the wish for a credential to its result: dialog, one request, result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.domain.errors import Outcome, ProviderError, TokentuiError
from tokentui.domain.ledger import EntryState
from tokentui.domain.model import Ability
from tokentui.ui.clipboard_keeper import ClipboardKeeper
from tokentui.ui.generated import Generated
from tokentui.ui.seen_first import unasked

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tokentui.domain.ledger import Entry
    from tokentui.domain.model import Kind, KindKey, ProfileName, Target
    from tokentui.services.issue import Request, Result
    from tokentui.services.workbench import Workbench
    from tokentui.ui.app import TokentuiApp
    from tokentui.ui.generated import Wanted
    from tokentui.ui.modals.generate import GenerateModal
    from tokentui.ui.session import Session


class GenerateFlow:
    """Opens the dialogs and sends the requests; one for the whole program.

    A request belongs to the program, not to a dialog: whatever is closed meanwhile, its answer
    is shown.
    """

    def __init__(self, app: TokentuiApp, session: Session) -> None:
        self._app = app
        self._session = session
        self.keeper = ClipboardKeeper(app, session)

    def open(self, target: Target, kind: KindKey | None = None, asked: str = "") -> None:
        """Open the dialog for an instance or an account."""
        # Imported here: text fields and buttons would delay the first screen.
        from tokentui.ui.modals.generate import GenerateModal

        modal = GenerateModal(self._session, target, kind, asked, maker=self)
        self._app.push_screen(modal)

    def make(self, modal: GenerateModal, wanted: Wanted) -> None:
        """Send the request; the dialog is told how it went."""
        self._app.run_worker(
            self._ask(modal, wanted), group="generate", description="make a credential"
        )

    async def _ask(self, modal: GenerateModal, wanted: Wanted) -> None:
        async def issue(bench: Workbench) -> Result:
            return await bench.issuing.issue(wanted.request)

        try:
            result = await self._session.keep(issue)
        except TokentuiError as error:
            self._session.last_error = error
            kept = await self._rescue(error, wanted.request)
            if isinstance(error, ProviderError) and error.outcome is Outcome.UNKNOWN:
                await self._may_be_made(modal, wanted.request, error, kept)
            else:
                self._refused(modal, error, kept)
        else:
            self._made(modal, Generated(result, wanted.after))

    def _made(self, modal: GenerateModal, generated: Generated) -> None:
        if modal.is_attached:
            modal.finish(generated)
        else:
            self.show(generated)

    def show(self, generated: Generated) -> None:
        """Open the result; the caller's dialog is closed in the same turn of the loop."""
        from tokentui.ui.modals.result import ResultModal

        modal = ResultModal(self._session, generated, self.keeper, self._show_use)
        issued = generated.result.issued
        self._app.push_screen(modal, lambda _: self._bring_up_to_date(issued.kind, issued.target))
        unasked(modal)

    def _show_use(self, result: Result, on_delivered: Callable[[], None]) -> None:
        from tokentui.ui.use_flow import UseFlow

        UseFlow(self._app, self._session).open_result(result, on_delivered)

    def _refused(self, modal: GenerateModal, error: TokentuiError, kept: str) -> None:
        sentence = f"{error.sentence} - {kept}" if kept else error.sentence
        if modal.is_attached:
            modal.refused(sentence)
        else:
            self._app.say(sentence, "$text-error")
        self._bring_up_to_date()

    async def _rescue(self, error: TokentuiError, request: Request) -> str:
        """Keep an answer that could not be read; says where. Empty: there is none."""
        raw = error.raw if isinstance(error, ProviderError) else None
        if raw is None:
            return ""
        name = f"{request.offer.target.name}-{request.offer.kind.key}"

        async def keep(bench: Workbench) -> Path:
            return await bench.delivering.rescue(raw, name)

        try:
            path = await self._session.keep(keep)
        except TokentuiError as trouble:
            return f"the answer could not be kept: {trouble.sentence}"
        return f"the answer as it came is kept in {path}, readable by you alone"

    async def _may_be_made(
        self, modal: GenerateModal, request: Request, error: ProviderError, kept: str
    ) -> None:
        """Close the dialog, whose next Enter would send again, and ask what to do."""
        entry = await self._entry_of(request)
        if modal.is_attached:
            modal.finish(None)
        from tokentui.ui.modals.answer_lost import AnswerLost

        def decided(again: bool | None) -> None:
            self._bring_up_to_date(request.offer.kind, request.offer.target)
            if again:
                self.open(modal.target, request.offer.kind.key, request.asked)

        question = AnswerLost(request, error, entry, self._session.when, kept)
        self._app.push_screen(question, decided)
        unasked(question)

    def _bring_up_to_date(self, kind: Kind | None = None, target: Target | None = None) -> None:
        """Read the ledger; what its system lists is listed again."""
        is_listed = kind is not None and Ability.LIST in kind.abilities
        profile = target.profile if target is not None and is_listed else None
        self._app.run_worker(self._reload(profile), group="reload", description="look again")

    async def _reload(self, profile: ProfileName | None) -> None:
        try:
            await self._session.reload_overview()
            if profile is not None:
                await self._session.refresh(self._app.draw, (profile,))
        except TokentuiError as error:
            self._session.last_error = error
        self._app.draw()

    async def _entry_of(self, request: Request) -> Entry | None:
        """Find the entry of a request of which nobody knows what became."""
        try:
            await self._session.reload_overview()
        except TokentuiError:
            return None
        overview = self._session.overview
        entries = () if overview is None else overview.entries
        wanted = (request.offer.target.profile, request.offer.target.id, request.offer.kind.key)
        for entry in entries:
            plan = entry.plan
            found = (plan.profile, plan.target_id, plan.kind)
            if entry.state is EntryState.UNKNOWN and found == wanted:
                return entry
        return None
