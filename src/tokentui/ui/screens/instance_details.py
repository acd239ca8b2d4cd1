"""What providers tell of instances that were opened, beyond their lists."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from rich.cells import cell_len

from tokentui.domain.errors import TokentuiError
from tokentui.services.details import details
from tokentui.ui.fitting import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tokentui.domain.model import Detail, Instance
    from tokentui.services.workbench import Workbench
    from tokentui.ui.session import Session

_INDENT = " " * 13
_BELOW = " " * 7
_MOST_ERROR_LINES = 3
_MOST_VALUE_LINES = 4
_ASKING = "   details   asking.."


class InstanceDetails:
    """Asks once for each instance, and forgets it when its profile is listed anew."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[Instance, tuple[object, Sequence[Detail] | TokentuiError | None]] = {}

    def is_unknown(self, instance: Instance) -> bool:
        """Whether nothing is known or asked of it since its profile was listed."""
        found = self._known.get(instance)
        return found is None or found[0] is not self._turn(instance)

    async def load(self, instance: Instance) -> None:
        """Ask for it; what goes wrong is among its lines."""
        turn = self._turn(instance)
        self._known[instance] = turn, None

        async def ask(bench: Workbench) -> tuple[Detail, ...] | None:
            return await details(bench.connections, instance)

        try:
            found = await self._session.call(ask)
        except TokentuiError as error:
            self._session.last_error = error
            self._known[instance] = turn, error
        else:
            self._known[instance] = turn, found or ()

    def lines(self, instance: Instance, width: int) -> list[str]:
        """Say what is known, group by group; nothing before it was opened."""
        if self.is_unknown(instance):
            return []
        match self._known[instance][1]:
            case None:
                return [_ASKING]
            case TokentuiError() as error:
                told = wrapped(f"x {error.sentence}", width - len(_INDENT), _MOST_ERROR_LINES)
                return [f"   details   {told[0]}", *(_INDENT + line for line in told[1:])]
            case found:
                return list(_grouped(found, width))

    def _turn(self, instance: Instance) -> object:
        return self._session.turns.get(instance.profile)


def _grouped(found: Sequence[Detail], width: int) -> Iterator[str]:
    """Give one line for each detail, more where one has no room for both label and value."""
    for group, members in groupby(found, key=attrgetter("group")):
        labelled = list(members)
        room = max(cell_len(detail.label) for detail in labelled)
        yield f"   {group}"
        for detail in labelled:
            line = f"     {detail.label:<{room}}  {detail.value}"
            if cell_len(line) <= width:
                yield line
            else:
                yield f"     {detail.label}"
                room_below = width - len(_BELOW)
                yield from (
                    _BELOW + part for part in wrapped(detail.value, room_below, _MOST_VALUE_LINES)
                )
