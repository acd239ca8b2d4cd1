from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

import pytest

from clipboard_fakes import (
    TMUX,
    TOKEN,
    Programs,
    no_terminal,
)
from tokentui.delivery import clipboard_osc52, clipboard_process
from tokentui.delivery.clipboard import Certainty, Clipboard, Receipt, Route
from tokentui.delivery.clipboard_process import Finished
from tokentui.domain.errors import ConfigError
from tokentui.domain.secret import Secret

if TYPE_CHECKING:
    pass


@pytest.fixture(autouse=True)
def linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")


def terminal_bytes() -> tuple[list[bytes], Clipboard]:
    written: list[bytes] = []
    return written, Clipboard({"TERM": "xterm"}, terminal_write=written.append)


@pytest.mark.parametrize(
    ("environ", "setting", "route"),
    [
        ({"TMUX": "x", "STY": "y", "DISPLAY": ":0"}, "auto", Route.TMUX),
        ({"STY": "y", "SSH_TTY": "/dev/pts/1"}, "auto", Route.SCREEN),
        ({"SSH_CONNECTION": "a", "DISPLAY": "localhost:10"}, "auto", Route.OSC52),
        ({"SSH_TTY": "a", "WAYLAND_DISPLAY": "wayland-0"}, "auto", Route.OSC52),
        ({"DISPLAY": ":0"}, "auto", Route.LOCAL),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "auto", Route.LOCAL),
        ({}, "auto", Route.OSC52),
        ({"TMUX": "x"}, "osc52", Route.OSC52),
        ({"DISPLAY": ":0"}, "none", Route.NONE),
    ],
)
def test_the_route_follows_the_environment_and_the_setting(
    environ: dict[str, str], setting: str, route: Route
) -> None:
    assert Clipboard(environ, setting=setting, terminal_write=no_terminal).route() is route


def test_an_unknown_setting_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ConfigError) as caught:
        Clipboard({}, setting="xclip\x1b", terminal_write=no_terminal)
    assert "\x1b" not in caught.value.sentence
    assert "auto, tmux, screen, osc52, local, none" in caught.value.sentence


async def test_switched_off_says_so_and_starts_nothing() -> None:
    programs = Programs()
    clipboard = Clipboard(TMUX, setting="none", terminal_write=no_terminal, run=programs)
    receipt = await clipboard.copy(Secret(TOKEN))
    assert receipt.certainty is Certainty.FAILED
    assert "switched off" in receipt.sentence
    assert await clipboard.clear(receipt) == "nothing to clear"
    assert programs.calls == []


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("a\x1b[2Jb\x07", "2 control characters"),
        ("a\rb", "1 control characters"),
        ("\ud800", "1 control characters"),
        ("", "nothing to copy"),
    ],
)
async def test_a_value_that_could_steer_a_terminal_is_not_copied(value: str, words: str) -> None:
    written, clipboard = terminal_bytes()
    receipt = await clipboard.copy(Secret(value))
    assert receipt.certainty is Certainty.FAILED
    assert words in receipt.sentence
    assert written == []


async def test_raw_osc52_carries_the_text_and_is_only_called_sent() -> None:
    written, clipboard = terminal_bytes()
    receipt = await clipboard.copy(Secret("a: ü\n\tb"))
    encoded = base64.b64encode("a: ü\n\tb".encode())
    assert written == [b"\x1b]52;c;" + encoded + b"\a"]
    assert receipt == Receipt(
        Route.OSC52,
        Certainty.SENT,
        "sent to your terminal with OSC 52; terminals do not confirm",
        bytes_sent=8,
        limit_bytes=74_994,
        can_clear=True,
    )


async def test_the_largest_sequence_has_100_000_bytes_and_one_more_is_refused_whole() -> None:
    written, clipboard = terminal_bytes()
    await clipboard.copy(Secret("x" * 74_994))
    assert [len(data) for data in written] == [100_000]
    receipt = await clipboard.copy(Secret("x" * 74_995))
    assert receipt.certainty is Certainty.FAILED
    assert "74995 bytes are more than the 74994" in receipt.sentence
    assert "save it to a file" in receipt.sentence
    assert len(written) == 1


def test_screen_gets_pieces_that_join_to_the_sequence() -> None:
    sent = clipboard_osc52.for_screen(Secret("x" * 1184))
    pieces = re.findall(rb"\x1bP(.*?)\x1b\\", sent, re.DOTALL)
    assert max(map(len, pieces)) == 76
    assert b"".join(pieces) == clipboard_osc52.sequence(Secret("x" * 1184))
    assert len(sent) == len(b"".join(pieces)) + 4 * len(pieces)


async def test_a_console_without_a_clipboard_gets_no_bytes() -> None:
    clipboard = Clipboard({"TERM": "linux", "SSH_TTY": "x"}, terminal_write=no_terminal)
    receipt = await clipboard.copy(Secret(TOKEN))
    assert receipt.certainty is Certainty.FAILED
    assert "your terminal (linux) has no clipboard" in receipt.sentence


async def test_a_terminal_that_is_gone_is_a_failed_copy() -> None:
    async def gone(data: bytes) -> None:
        raise BrokenPipeError

    receipt = await Clipboard({"TERM": "xterm"}, terminal_write=gone).copy(Secret(TOKEN))
    assert receipt.certainty is Certainty.FAILED
    assert "could not be written to" in receipt.sentence


async def test_a_terminal_is_overwritten_with_a_blank_but_not_over_a_later_copy() -> None:
    written, clipboard = terminal_bytes()
    first = await clipboard.copy(Secret("first"))
    second = await clipboard.copy(Secret("second"))
    assert "later copy" in await clipboard.clear(first)
    assert len(written) == 2
    words = await clipboard.clear(second)
    assert words == "overwritten with a blank; terminals do not confirm"
    assert written[2] == clipboard_osc52.sequence(Secret(" "))


async def test_a_program_sees_only_the_environment_that_it_needs() -> None:
    environ = {"PATH": "/usr/bin:/bin", "STACKIT_SERVICE_ACCOUNT_TOKEN": TOKEN, "DISPLAY": ":9"}
    done = await clipboard_process.run(["env"], environ, capture=True)
    names = {line.split("=")[0] for line in done.output.decode().splitlines()}
    assert {"PATH", "DISPLAY"} <= names
    assert "STACKIT_SERVICE_ACCOUNT_TOKEN" not in names


async def test_a_program_that_is_not_there_is_words_not_a_crash() -> None:
    done = await clipboard_process.run(["tokentui-no-such-tool"], {"PATH": "/nowhere"})
    assert done.trouble == "could not be started"


def test_no_receipt_or_result_shows_what_was_copied() -> None:
    receipt = Receipt(Route.LOCAL, Certainty.PROVED, "copied", digest=TOKEN.encode())
    assert TOKEN not in repr(receipt) + repr(Finished(0, TOKEN.encode()))
