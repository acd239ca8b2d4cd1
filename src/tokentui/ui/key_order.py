"""Hands keys on one at a time, so that each meets what the one before it left.

Textual (8.2.8) forwards all keys of one read to the widget that has the focus when they arrive:
what is typed right after Tab would still reach the field before it, and what is typed right after
the key of a dialog would reach what lies beneath it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from textual import events
from textual.message import Message

from tokentui.ui.seen_first import SeenFirst

if TYPE_CHECKING:
    from asyncio import TimerHandle
    from collections.abc import Mapping

    from textual.dom import DOMNode
    from textual.driver import Driver

LONGEST_WAIT_S = 0.5
"""How long a key waits at most for the one before it, should that never come to its end."""
_ROUNDS = 2  # what a key makes a widget say is on its way up only after the key itself


class OrderedKeys(SeenFirst):
    """An app in which each key and each paste waits until the one before it was handled."""

    class Follower(Message):
        """Goes the way of a key, from its widget up to the app, right behind it."""

        def __init__(self, target: DOMNode, number: int) -> None:
            super().__init__()
            self.target = target
            self.number = number

    def __init__(self, driver_class: type[Driver] | None = None) -> None:
        super().__init__(driver_class=driver_class)
        self._waiting: deque[events.Key | events.Paste] = deque()
        self._follower: OrderedKeys.Follower | None = None
        self._limit: TimerHandle | None = None
        self._chosen_keys: frozenset[str] = frozenset()

    def set_keymap(self, keymap: Mapping[str, str]) -> None:
        super().set_keymap(keymap)
        chosen = self._normalize_keymap(keymap).values()
        self._chosen_keys = frozenset(key for keys in chosen for key in keys.split(","))

    async def on_event(self, event: events.Event) -> None:
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
        elif self._follower is not None:
            self._waiting.append(event)
        else:
            await self._hand_on(event)

    async def on_ordered_keys_follower(self, follower: Follower) -> None:
        if follower is not self._follower:
            return  # it took too long
        target = self._target()
        if follower.number < _ROUNDS or follower.target is not target:
            self._send_follower(target, follower.number + 1)
        else:
            await self._go_on()

    async def _hand_on(self, event: events.Key | events.Paste) -> None:
        target = self._target()
        await super().on_event(event)
        if target is not None and not self._stays_within(target, event):
            self._limit = asyncio.get_running_loop().call_later(LONGEST_WAIT_S, self._give_up)
            self._send_follower(target, 1)

    def _send_follower(self, target: DOMNode | None, number: int) -> None:
        """Send one from the widget; one that is being closed takes none."""
        target = target or self
        self._follower = self.Follower(target, number)
        if not target.post_message(self._follower):
            self._follower = self.Follower(self, number)
            self.post_message(self._follower)

    def _give_up(self) -> None:
        self.call_later(self._go_on)

    async def _go_on(self) -> None:
        """Hand on what waits, up to the first that has to be waited for."""
        self._follower = None
        if self._limit is not None:
            self._limit.cancel()
        while self._waiting and self._follower is None:
            await self._hand_on(self._waiting.popleft())

    def _stays_within(self, target: DOMNode, event: events.Key | events.Paste) -> bool:
        """Say whether a key changes nothing but the widget it goes to: it is not waited for.

        Such are the text of a field, since a terminal that does not mark a paste types it,
        thousands of characters perhaps, and the arrows of a list, which are held down.
        """
        if not isinstance(event, events.Key):
            return False
        if event.is_printable:
            return bool(getattr(target, "TAKES_TEXT", False))
        return event.key in getattr(target, "MOVES", ()) and event.key not in self._chosen_keys

    def _target(self) -> DOMNode | None:
        """Give the widget that would get a key now; None while the program begins or ends."""
        if not self.is_running or not self._screen_stack:
            return None
        return self.focused or self.screen
