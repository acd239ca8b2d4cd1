"""The clipboard of the terminal around tmux, set by tmux itself.

`load-buffer -w` arrives with every value of `set-clipboard`, where OSC 52 is dropped by default
(measured with tmux 3.3a). Like OSC 52 it gets no answer from the terminal.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tokentui.delivery.clipboard_process import Finished, Run
    from tokentui.domain.secret import Secret

_FORMAT = "#{session_attached} #{client_name} #{client_termname}"
# tmux refreshes these at every attach; the copies in a pane's environment grow stale.
_REFRESHED = frozenset({"SSH_CONNECTION", "DISPLAY", "XAUTHORITY", "WAYLAND_DISPLAY"})


@dataclass(frozen=True, slots=True)
class Session:
    """The session that we run in: who is attached, and from where.

    `takes_text` is False if tmux knows that the terminal `term` has no clipboard sequence;
    `environ` is ours with what tmux has refreshed.
    """

    attached: int
    term: str
    takes_text: bool
    environ: Mapping[str, str]


async def look(run: Run, environ: Mapping[str, str]) -> Session | None:
    """Ask tmux about our session; None if it does not answer."""
    # The last command fails without a client, so what was printed counts, not the status.
    questions = ("display-message", "-p", _FORMAT, ";", "show-environment", ";")
    done = await run(["tmux", *questions, "show-messages", "-T"], environ, capture=True)
    first, _, rest = done.output.decode(errors="replace").partition("\n")
    attached, _, client = first.partition(" ")
    if not attached.isdecimal():
        return None
    name, _, term = client.strip().partition(" ")
    lines = rest.splitlines()
    return Session(
        attached=int(attached) if name else 0,
        term=term,
        takes_text=_takes_text(lines, name),
        environ=_refreshed(lines, environ),
    )


def _takes_text(lines: list[str], client: str) -> bool:
    """Find the clipboard capability `Ms` of one client in tmux's list of terminals."""
    ours = False
    for line in lines:
        if line.startswith("Terminal "):
            ours = f" for {client}," in line
        elif ours and " Ms: " in line:
            return "[missing]" not in line
    return True


def _refreshed(lines: list[str], environ: Mapping[str, str]) -> dict[str, str]:
    fresh = dict(environ)
    for line in lines:
        name, _, value = line.partition("=")
        removed = name.removeprefix("-")
        if name in _REFRESHED:
            fresh[name] = value
        elif removed in _REFRESHED:
            fresh.pop(removed, None)
        if removed == "SSH_CONNECTION":
            fresh.pop("SSH_TTY", None)  # as old as the pane, and nothing refreshes it
    return fresh


async def send(run: Run, environ: Mapping[str, str], text: Secret) -> Finished:
    """Hand `text` to the terminal around tmux and leave none of it in a buffer."""
    name = f"tokentui-{os.getpid()}"
    delete = ("delete-buffer", "-b", name)
    load = ("load-buffer", "-b", name, "-w", "-")
    done = None
    try:
        done = await run(["tmux", *load, ";", *delete], environ, feed=text)
    finally:
        if done is None or done.trouble:
            await run(["tmux", *delete], environ)
    return done
