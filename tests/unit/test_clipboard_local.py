from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from clipboard_fakes import (
    TOKEN,
    Programs,
    desktop_with_xclip,
    no_terminal,
)
from tokentui.delivery import clipboard_local
from tokentui.delivery.clipboard import Certainty, Clipboard, Route
from tokentui.delivery.clipboard_process import NOTHING, Finished
from tokentui.domain.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


@pytest.fixture(autouse=True)
def linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")


@pytest.fixture
def desktop(tmp_path: Path) -> dict[str, str]:
    return desktop_with_xclip(tmp_path)


async def test_a_desktop_copy_is_called_copied_after_reading_it_back(
    desktop: dict[str, str],
) -> None:
    programs = Programs()
    clipboard = Clipboard(desktop, terminal_write=no_terminal, run=programs)
    receipt = await clipboard.copy(Secret(TOKEN))
    assert receipt.certainty is Certainty.PROVED
    assert receipt.sentence == "copied with xclip and read back"
    assert receipt.limit_bytes is None
    assert programs.clipboard == TOKEN
    assert await clipboard.clear(receipt) == "cleared"
    assert programs.clipboard == ""


async def test_a_desktop_clipboard_with_something_else_is_left_alone(
    desktop: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clipboard_local, "_BETWEEN_READS_S", 0)
    programs = Programs()
    clipboard = Clipboard(desktop, terminal_write=no_terminal, run=programs)
    receipt = await clipboard.copy(Secret(TOKEN))
    programs.clipboard = "the user's own"
    assert "left alone" in await clipboard.clear(receipt)
    assert programs.clipboard == "the user's own"


async def test_a_tool_that_lies_is_wiped_and_the_terminal_is_used_instead(
    desktop: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clipboard_local, "_BETWEEN_READS_S", 0)
    programs = Programs(_out=Finished(0, b"something else"))
    written: list[bytes] = []
    clipboard = Clipboard(desktop, terminal_write=written.append, run=programs)
    receipt = await clipboard.copy(Secret(TOKEN))
    assert receipt.route is Route.OSC52
    assert receipt.sentence.startswith("xclip did not give the text back; sent to your terminal")
    assert programs.calls[-1] == ("xclip -selection clipboard -in", "")
    assert len(written) == 1


async def test_local_alone_never_falls_back_to_the_terminal(desktop: dict[str, str]) -> None:
    programs = Programs(_in=Finished(1))
    clipboard = Clipboard(desktop, setting="local", terminal_write=no_terminal, run=programs)
    receipt = await clipboard.copy(Secret(TOKEN))
    assert receipt.sentence == ("not copied: xclip failed with status 1; save it to a file instead")


async def test_a_desktop_without_tools_uses_the_terminal_and_says_why(tmp_path: Path) -> None:
    written: list[bytes] = []
    environ = {"DISPLAY": ":9", "PATH": str(tmp_path), "TERM": "xterm"}
    receipt = await Clipboard(environ, terminal_write=written.append).copy(Secret(TOKEN))
    assert "no clipboard tool fits this desktop" in receipt.sentence
    assert receipt.certainty is Certainty.SENT
    assert len(written) == 1


async def test_a_cancelled_read_back_leaves_nothing_on_the_desktop(
    desktop: dict[str, str],
) -> None:
    class Reading(Programs):
        async def __call__(
            self,
            argv: Sequence[str],
            environ: Mapping[str, str],
            *,
            feed: Secret = NOTHING,
            capture: bool = False,
        ) -> Finished:
            if capture:
                reading.set()
                await asyncio.Event().wait()
            return await super().__call__(argv, environ, feed=feed, capture=capture)

    reading = asyncio.Event()
    programs = Reading()
    clipboard = Clipboard(desktop, terminal_write=no_terminal, run=programs)
    copying = asyncio.create_task(clipboard.copy(Secret(TOKEN)))
    await reading.wait()
    copying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await copying
    assert [fed for _, fed in programs.calls] == [TOKEN, ""]


def test_macos_has_its_own_tool_and_linux_never_gets_it(
    desktop: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [tool.name for tool in clipboard_local.tools(desktop)] == ["xclip"]
    monkeypatch.setattr("sys.platform", "darwin")
    assert [tool.name for tool in clipboard_local.tools({})] == ["pyperclip"]
    assert clipboard_local.at_desktop({})
    assert not clipboard_local.at_desktop({"SSH_TTY": "x"})
