"""What places can start: each of these leads through dialogs or to another place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokentui.domain.account import AccountAbility
    from tokentui.domain.model import Account, Kind, KindKey, Target
    from tokentui.services.held import Held
    from tokentui.services.verbs import Verb
    from tokentui.ui.actions import Place


class Flows(Protocol):
    """The ways out of a place.

    They are called and no message is posted, because a key that was typed ahead must meet the
    dialog, not the place beneath.
    """

    def generate(self, target: Target, kind: KindKey | None, asked: str) -> None:
        """Open the generate dialog, filled in as far as it is known what is wanted."""

    def act(self, verb: Verb, helds: Sequence[Held]) -> None:
        """Do something with one credential or with many, after asking."""

    def new_account(self, beside: Account | None = None) -> None:
        """Make an account, first of all where another one is."""

    def change_account(self, ability: AccountAbility, account: Account) -> None:
        """Rename, regroup or delete an account."""

    def use(self, kind: Kind | None, target: Target, held: Held | None = None) -> None:
        """Show how a credential is used; without a kind, every kind that fits the target.

        With one that is known, its name and id stand in the texts.
        """

    def go(self, place: Place, filter_text: str) -> None:
        """Go to another place and filter its list by a text; an empty one shows all rows."""
