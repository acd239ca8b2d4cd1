"""Every action by its name."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.command import CommandPalette, DiscoveryHit, Hit, Provider, SearchIcon
from textual.content import Content
from textual.widgets import Input

from tokentui.ui.actions import Place, at

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence
    from typing import Any

    from textual.command import Hits
    from textual.dom import DOMNode
    from textual.screen import Screen

    from tokentui.ui.actions import Action

_NOT_BY_NAME = {"palette", "interrupt"}

Command = tuple[str, str, "Callable[[], Awaitable[object]]"]


class Palette(CommandPalette):
    """The palette over the table of actions and the themes; nothing of it moves by itself."""

    def __init__(self) -> None:
        super().__init__(providers=[ActionCommands], placeholder="Type a command")

    def on_mount(self) -> None:
        self.query_one(Input).cursor_blink = False
        self.query_one(SearchIcon).icon = ":"


class ActionCommands(Provider):
    """The actions of the place beneath, and the themes."""

    async def discover(self) -> Hits:
        for name, help_, run in self._commands():
            yield DiscoveryHit(Content(name), run, name, help_)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for name, help_, run in self._commands():
            score = matcher.match(name)
            if score > 0:
                yield Hit(score, matcher.highlight(name), run, name, help_)

    def _commands(self) -> Iterator[Command]:
        for action in _named(getattr(self.screen, "places", (Place.ANYWHERE,))):
            nodes = _holders(self.screen, f"action_{action.name}")
            node = next(nodes, None)
            if node is not None:
                name = f"{action.label}: {action.help}"
                run = partial(self.app.run_action, action.call or action.name, node)
                yield name, f"key {action.shown}", run
        for theme in sorted(self.app.available_themes):
            yield f"theme: {theme}", "for this session", partial(self._set_theme, theme)

    async def _set_theme(self, name: str) -> None:
        self.app.theme = name


def _named(places: Sequence[Place]) -> Iterator[Action]:
    actions = (a for place in places for a in at(place))
    named = [a for a in actions if a.keys and a.name not in _NOT_BY_NAME]
    return iter(sorted(named, key=lambda a: a.keys.isdigit()))


def _holders(screen: Screen[Any], method: str) -> Iterator[DOMNode]:
    nodes = (screen.focused, screen, screen.app)
    return (node for node in nodes if node is not None and hasattr(node, method))
