"""Opens the dialogs that places ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokentui.domain.account import AccountAbility
    from tokentui.domain.model import Account, Kind, KindKey, Target
    from tokentui.services.held import Held
    from tokentui.services.verbs import Verb
    from tokentui.ui.actions import Place
    from tokentui.ui.app import TokentuiApp
    from tokentui.ui.session import Session


class AppFlows:
    """The flows of one application; dialogs are imported late, for a quick first screen."""

    def __init__(self, app: TokentuiApp, session: Session) -> None:
        self._app = app
        self._session = session

    def generate(self, target: Target, kind: KindKey | None, asked: str) -> None:
        self._app.flow.open(target, kind, asked)

    def act(self, verb: Verb, helds: Sequence[Held]) -> None:
        from tokentui.ui.verb_flow import VerbFlow

        VerbFlow(self._app, self._session).act(verb, helds)

    def new_account(self, beside: Account | None = None) -> None:
        from tokentui.ui.account_flow import AccountFlow

        AccountFlow(self._app, self._session).new(beside)

    def change_account(self, ability: AccountAbility, account: Account) -> None:
        from tokentui.ui.account_flow import AccountFlow

        AccountFlow(self._app, self._session).change(ability, account)

    def use(self, kind: Kind | None, target: Target, held: Held | None = None) -> None:
        from tokentui.ui.use_flow import UseFlow

        UseFlow(self._app, self._session).open(kind, target, held)

    def go(self, place: Place, filter_text: str) -> None:
        self._app.go(place)
        self._app.place.filter_by(filter_text)
