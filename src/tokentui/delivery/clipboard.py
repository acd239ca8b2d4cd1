"""Puts a secret on the user's clipboard: one policy for every place that we may run in.

Only the user's own terminal knows his clipboard when we run on a remote host, and it never
confirms. So a copy is called "copied" after a read-back on a local desktop, "sent" otherwise.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from inspect import isawaitable
from typing import TYPE_CHECKING

from tokentui.delivery import clipboard_osc52, clipboard_tmux
from tokentui.delivery.clipboard_local import Desktop, at_desktop, tools
from tokentui.delivery.clipboard_process import Run
from tokentui.delivery.clipboard_process import run as run_process
from tokentui.domain.errors import ConfigError
from tokentui.domain.receipt import Certainty, Receipt, Route, failed
from tokentui.domain.secret import Secret
from tokentui.domain.text import clean, unprintable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

__all__ = ["SETTINGS", "Certainty", "Clipboard", "Receipt", "Route"]

AUTO = "auto"
SETTINGS = (AUTO, *Route)
_ALLOWED_CONTROLS = "\n\t"
_BLANK = Secret(" ")
_UNCONFIRMED = "terminals do not confirm"
_OVERWRITTEN = f"overwritten with a blank; {_UNCONFIRMED}"
_NO_TOOL = "no clipboard tool fits this desktop (wl-copy, xclip, xsel)"
_MULTIPLEXERS = ("tmux", "screen")


class Clipboard:
    """Copies secrets by the route that reaches the user, and takes them back.

    `environ` is the process's environment, `setting` one of `SETTINGS`, and `terminal_write`
    writes to the terminal that the user sees. Nothing is started before the first copy.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        *,
        setting: str = AUTO,
        terminal_write: Callable[[bytes], Awaitable[None] | None],
        run: Run = run_process,
    ) -> None:
        if setting not in SETTINGS:
            raise ConfigError(
                f"clipboard: {clean(setting, 40)!r} is not a way to copy",
                f"use one of {', '.join(SETTINGS)}",
            )
        self._environ = environ
        self._setting = setting
        self._terminal_write = terminal_write
        self._run = run
        self._key = os.urandom(32)
        self._desktop = Desktop(run, environ, self._key)
        self._last_sent: Receipt | None = None
        self._one_at_a_time = asyncio.Lock()

    def route(self) -> Route:
        """Give the route that the environment calls for; a receipt names the one taken."""
        if self._setting != AUTO:
            return Route(self._setting)
        if self._environ.get("TMUX"):
            return Route.TMUX
        if self._environ.get("STY"):
            return Route.SCREEN
        return Route.LOCAL if at_desktop(self._environ) else Route.OSC52

    async def copy(self, secret: Secret) -> Receipt:
        """Copy `secret`; a failure is a receipt too, with words that say what to do."""
        route = self.route()
        if not secret:
            return failed(route, "there is nothing to copy")
        if count := unprintable(secret.reveal(), _ALLOWED_CONTROLS):
            return failed(route, f"the value has {count} control characters")
        async with self._one_at_a_time:
            receipt = await self._copy(route, secret)
            if receipt.certainty is Certainty.FAILED:
                return receipt
            receipt = replace(receipt, bytes_sent=_size(secret), can_clear=True)
            if receipt.certainty is Certainty.SENT:
                self._last_sent = receipt
            return receipt

    async def clear(self, receipt: Receipt) -> str:
        """Take a copy back and say what is known about it.

        A desktop's clipboard is emptied only if it still holds our text. A terminal's cannot be
        read, so a blank goes over whatever it holds.
        """
        if not receipt.can_clear:
            return "nothing to clear"
        async with self._one_at_a_time:
            if receipt.tool:
                return await self._desktop.clear(receipt.tool, receipt.digest)
            if receipt is not self._last_sent:
                return "nothing to clear: a later copy has replaced it"
            return await self._overwrite(receipt.route)

    async def _copy(self, route: Route, secret: Secret) -> Receipt:
        match route:
            case Route.NONE:
                return failed(route, "the clipboard is switched off in the configuration")
            case Route.TMUX:
                return await self._through_tmux(secret)
            case Route.LOCAL:
                return await self._locally(secret)
            case Route.SCREEN | Route.OSC52:
                return await self._through_terminal(route, secret)

    async def _through_tmux(self, secret: Secret) -> Receipt:
        session = await clipboard_tmux.look(self._run, self._environ)
        if session is None:
            return failed(Route.TMUX, "tmux did not answer")
        if not session.attached:
            return failed(Route.TMUX, "no terminal is attached to this tmux session")
        if self._setting == AUTO and session.attached == 1 and at_desktop(session.environ):
            receipt, _ = await self._on_desktop(secret, session.environ)
            if receipt is not None:
                return receipt
        term = clean(session.term, 40)
        if not session.takes_text:
            return failed(Route.TMUX, f"tmux knows no clipboard of your terminal ({term})")
        if trouble := _too_long(secret):
            return failed(Route.TMUX, trouble, clipboard_osc52.LIMIT_BYTES)
        done = await clipboard_tmux.send(self._run, self._environ, secret)
        if done.trouble:
            return failed(Route.TMUX, f"tmux {done.trouble}")
        sentence = f"sent through tmux to {_which_terminal(session)}; {_UNCONFIRMED}"
        return _sent(Route.TMUX, sentence)

    async def _locally(self, secret: Secret) -> Receipt:
        receipt, trouble = await self._on_desktop(secret, self._environ)
        if receipt is not None:
            return receipt
        if self._setting != AUTO:
            return failed(Route.LOCAL, trouble)
        return await self._through_terminal(Route.OSC52, secret, f"{trouble}; ")

    async def _on_desktop(
        self, secret: Secret, environ: Mapping[str, str]
    ) -> tuple[Receipt | None, str]:
        """Try the desktop's tools until one is proved; else give what was wrong with each."""
        troubles = []
        self._desktop = Desktop(self._run, environ, self._key)
        for tool in tools(environ):
            trouble = await self._desktop.put(tool, secret)
            troubles.append(trouble)
            if not trouble:
                sentence = f"copied with {tool.name} and read back"
                digest = self._desktop.digest(secret.reveal().encode())
                proof = Receipt(Route.LOCAL, Certainty.PROVED, sentence)
                return replace(proof, tool=tool.name, digest=digest), ""
        return None, "; ".join(troubles) or _NO_TOOL

    async def _through_terminal(self, route: Route, secret: Secret, before: str = "") -> Receipt:
        if term := clipboard_osc52.terminal_without_clipboard(self._environ):
            return failed(route, f"{before}your terminal ({term}) has no clipboard")
        if trouble := _too_long(secret):
            return failed(route, before + trouble, clipboard_osc52.LIMIT_BYTES)
        if not await self._write(route, secret):
            return failed(route, f"{before}the terminal could not be written to")
        way = "through Screen" if route is Route.SCREEN else "with OSC 52"
        return _sent(route, f"{before}sent to your terminal {way}; {_UNCONFIRMED}")

    async def _write(self, route: Route, text: Secret) -> bool:
        encode = clipboard_osc52.for_screen if route is Route.SCREEN else clipboard_osc52.sequence
        try:
            written = self._terminal_write(encode(text))
            if isawaitable(written):
                await written
        except OSError:
            return False
        return True

    async def _overwrite(self, route: Route) -> str:
        if route is Route.TMUX:
            done = await clipboard_tmux.send(self._run, self._environ, _BLANK)
            return f"not cleared: tmux {done.trouble}" if done.trouble else _OVERWRITTEN
        written = await self._write(route, _BLANK)
        return _OVERWRITTEN if written else "not cleared: the terminal could not be written to"


def _size(text: Secret) -> int:
    return len(text.reveal().encode())


def _too_long(text: Secret) -> str:
    size, limit = _size(text), clipboard_osc52.LIMIT_BYTES
    return f"{size} bytes are more than the {limit} that terminals take" if size > limit else ""


def _sent(route: Route, sentence: str) -> Receipt:
    limit = clipboard_osc52.LIMIT_BYTES
    return Receipt(route, Certainty.SENT, sentence, limit_bytes=limit)


def _which_terminal(session: clipboard_tmux.Session) -> str:
    if session.attached > 1:
        return f"the last used of {session.attached} attached terminals"
    if session.term.startswith(_MULTIPLEXERS):
        return f"the {clean(session.term, 40)} around it, which passes it on if it is set up to"
    return "your terminal"
