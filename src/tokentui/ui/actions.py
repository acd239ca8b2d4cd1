"""The one table of actions: key bindings, footer, help and command palette are made from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING

from textual.binding import Binding

if TYPE_CHECKING:
    from collections.abc import Mapping


class Place(StrEnum):
    """Where an action belongs; also the heading of its column in the help."""

    ANYWHERE = "anywhere"
    LIST = "lists"
    HOME = "home"
    MARKS = "marked rows"
    INSTANCES = "instances"
    ACCOUNTS = "accounts"
    TOKENS = "tokens"
    GENERATE = "generate dialog"
    RESULT = "result dialog"
    ACT = "change dialog"
    USE = "how to use"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that a key does.

    `name` is the method `action_<name>`; `call` replaces it where an argument belongs to it.
    `keys` are Textual's names of keys, `shown` what the help and the footer print for them;
    without `keys` the place reads them itself, because they depend on what it shows. A key with
    `priority` works in every dialog and text field.
    """

    place: Place
    name: str
    keys: str
    shown: str
    label: str
    help: str
    footer: bool = False
    call: str = ""
    priority: bool = False

    @property
    def id(self) -> str:
        """The stable id under which `settings.keys` gives the action another key."""
        suffix = self.call.partition("(")[2].strip(")'\"") if self.call else ""
        return f"{self.place.name.lower()}.{self.name}{'.' + suffix if suffix else ''}"


def _numbered(place: Place, name: str, count: int, label: str, help_: str) -> tuple[Action, ...]:
    return tuple(
        Action(place, name, str(n), str(n), label, f"{help_} {n}", True, call=f"{name}({n})")
        for n in range(1, count + 1)
    )


_P = Place

AS_IN_THE_TABLE: Mapping[str, str] = MappingProxyType({})

ACTIONS: tuple[Action, ...] = (
    Action(_P.ANYWHERE, "help", "question_mark,f1", "?", "help", "the keys of this place", True),
    Action(_P.ANYWHERE, "palette", "colon,ctrl+p", ":", "command", "do anything by its name"),
    Action(_P.ANYWHERE, "home", "H", "H", "home", "what ends soon, and quick targets"),
    Action(_P.ANYWHERE, "instances", "I", "I", "instances", "what credentials open"),
    Action(_P.ANYWHERE, "accounts", "A", "A", "accounts", "who owns credentials"),
    Action(_P.ANYWHERE, "tokens", "T", "T", "tokens", "all credentials there are"),
    Action(_P.ANYWHERE, "profile", "p", "p", "profile", "show one profile or all", True),
    Action(_P.ANYWHERE, "time", "t", "t", "time", "time left, local time or UTC"),
    Action(_P.ANYWHERE, "last_error", "exclamation_mark", "!", "error", "the last error in full"),
    Action(_P.ANYWHERE, "refresh", "f5,ctrl+r", "F5", "refresh", "ask all providers again"),
    Action(_P.ANYWHERE, "back", "q", "q", "back", "back; at home: quit"),
    Action(_P.ANYWHERE, "up", "escape,h,left", "Esc h", "back", "back; never quits"),
    Action(
        _P.ANYWHERE,
        "quit",
        "ctrl+q",
        "^q",
        "quit",
        "leave, once no request is under way",
        priority=True,
    ),
    Action(
        _P.ANYWHERE, "interrupt", "ctrl+c", "^c", "nothing", "only says how to leave", priority=True
    ),
    Action(_P.LIST, "move", "", "j k", "row", "arrows or j and k: one row down or up"),
    Action(_P.LIST, "page", "", "PgDn", "page", "PgUp and PgDn: one page; Home and End: the ends"),
    Action(_P.LIST, "open", "", "Enter", "open", "open the row; l and Right do the same"),
    Action(_P.LIST, "filter", "slash,f", "/", "filter", "narrow the list as you type", True),
    Action(_P.LIST, "sort", "s", "s", "sort", "sort by the next column"),
    Action(_P.LIST, "copy_id", "c", "c", "copy id", "send the id to the clipboard"),
    Action(_P.LIST, "copy_name", "y", "y", "copy name", "send the name to the clipboard"),
    Action(_P.MARKS, "mark", "space", "Space", "mark", "mark the row, step down", True),
    Action(_P.MARKS, "mark_all", "a", "a", "mark all", "mark every row that is shown"),
    Action(_P.MARKS, "mark_none", "N", "N", "mark none", "forget all marks"),
    Action(_P.MARKS, "mark_invert", "i", "i", "invert", "mark the others instead"),
    *_numbered(_P.HOME, "quick", 9, "generate", "open the dialog for quick target"),
    Action(_P.HOME, "repeat", "full_stop", ".", "repeat", "open the last dialog again", True),
    Action(_P.INSTANCES, "generate", "g", "g", "generate", "make a credential", True),
    Action(_P.INSTANCES, "kubeconfig", "K", "K", "kubeconfig", "make a kubeconfig", True),
    Action(_P.INSTANCES, "ui_link", "o", "o", "UI", "show and copy the link to its own UI", True),
    Action(_P.INSTANCES, "use", "u", "u", "how to use", "ready texts to use it"),
    Action(_P.ACCOUNTS, "generate", "g", "g", "generate", "make a credential", True),
    Action(_P.ACCOUNTS, "new", "n", "n", "new", "make an account", True),
    Action(_P.ACCOUNTS, "rename", "e", "e", "rename", "give it another name"),
    Action(_P.ACCOUNTS, "regroup", "r", "r", "rights", "give it other rights"),
    Action(_P.ACCOUNTS, "delete", "x", "x", "delete", "delete it with its tokens", True),
    Action(_P.ACCOUNTS, "use", "u", "u", "how to use", "ready texts to use its tokens"),
    Action(_P.TOKENS, "generate", "g", "g", "generate", "one more of the same", True),
    Action(_P.TOKENS, "end", "x", "x", "end", "delete, revoke: for ever", True),
    Action(_P.TOKENS, "switch", "o", "o", "off/on", "switch it off, or on again"),
    Action(_P.TOKENS, "rename", "e", "e", "rename", "give it another name"),
    Action(_P.TOKENS, "move_end", "d", "d", "move end", "give it another end"),
    Action(_P.TOKENS, "regenerate", "R", "R", "regenerate", "new secret, old one dies"),
    Action(_P.TOKENS, "verify", "v", "v", "verify", "test a secret you paste"),
    Action(_P.TOKENS, "use", "u", "u", "how to use", "ready texts to use it"),
    Action(_P.GENERATE, "choose_kind", "", "letter", "type", "choose the type it begins"),
    *_numbered(_P.GENERATE, "preset", 9, "time", "choose expiration"),
    Action(_P.GENERATE, "field", "", "Tab", "field", "next field; Esc leaves it", True),
    Action(_P.GENERATE, "generate", "enter", "Enter", "generate", "send the request, once", True),
    Action(_P.GENERATE, "cancel", "escape", "Esc", "cancel", "close and make nothing", True),
    Action(_P.RESULT, "copy", "c", "c", "copy", "copy it once more", True),
    Action(_P.RESULT, "save", "s", "s", "save", "save it in a file (0600)", True),
    Action(_P.RESULT, "merge", "k", "k", "kubeconfig", "merge it into kubeconfig", True),
    Action(_P.RESULT, "show", "space", "Space", "show 5 s", "show it for five seconds", True),
    Action(_P.RESULT, "verify", "v", "v", "verify", "test it once more"),
    Action(_P.RESULT, "clear", "C", "C", "clear", "clear the clipboard now"),
    Action(_P.RESULT, "keep", "full_stop", ".", "keep", "leave it in the clipboard"),
    Action(_P.RESULT, "done", "enter", "Enter", "done", "close once handed over", True),
    Action(_P.RESULT, "discard", "D", "D", "discard", "throw it away and close", True),
    Action(_P.RESULT, "use", "u", "u", "how to use", "ready texts to use it"),
    Action(_P.RESULT, "copy_name", "y", "y", "copy name", "copy the user name"),
    Action(_P.ACT, "field", "", "Tab", "field", "next field; Esc leaves it", True),
    Action(_P.ACT, "act", "f10", "F10", "do it", "send the request, once", True),
    Action(_P.ACT, "cancel", "escape", "Esc", "cancel", "close and change nothing", True),
    Action(_P.USE, "choose", "", "j k", "choose", "arrows or j and k: another text", True),
    Action(_P.USE, "read", "", "PgDn", "more", "PgUp and PgDn: the rest of the text", True),
    Action(_P.USE, "copy", "c", "c", "copy", "copy the text", True),
    Action(_P.USE, "save", "s", "s", "save", "save it in a file (0600)", True),
    Action(_P.USE, "close", "enter,escape,q", "Esc", "close", "back to where it was opened", True),
)


def at(place: Place) -> tuple[Action, ...]:
    """Give the actions of a place, in the order of the table."""
    return tuple(action for action in ACTIONS if action.place is place)


def bindings(*places: Place, priority: bool = False) -> list[Binding]:
    """Make the key bindings of some places for a widget, a screen or the application."""
    return [
        Binding(
            action.keys,
            action.call or action.name,
            action.label,
            show=action.footer,
            key_display=action.shown,
            priority=priority or action.priority,
            tooltip=action.help,
            id=action.id,
        )
        for place in places
        for action in at(place)
        if action.keys
    ]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the help or one word of the footer."""

    shown: str
    label: str
    help: str
    footer: bool


def lines(place: Place, keys: Mapping[str, str] = AS_IN_THE_TABLE) -> tuple[Line, ...]:
    """Give a place's actions as they are told to a person: numbered ones are one line.

    `keys` are the keys that the configuration gives to actions, by their ids.
    """
    told: list[Line] = []
    for _, group in groupby(at(place), key=lambda action: (action.name, action.label)):
        first, *more = group
        shown = keys.get(first.id, first.shown)
        if more:
            shown += f"-{keys.get(more[-1].id, more[-1].shown)}"
        help_ = first.help.removesuffix(f" {first.shown}") if more else first.help
        told.append(Line(shown, first.label, help_, first.footer))
    return tuple(told)
