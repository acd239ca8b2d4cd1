from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from clipboard_fakes import (
    DEAF,
    TMUX,
    TOKEN,
    Programs,
    desktop_with_xclip,
    no_terminal,
    tmux_answer,
)
from tokentui.delivery.clipboard import Certainty, Clipboard, Route
from tokentui.delivery.clipboard_process import Finished
from tokentui.domain.secret import Secret

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")


@pytest.fixture
def desktop(tmp_path: Path) -> dict[str, str]:
    return desktop_with_xclip(tmp_path)


async def test_tmux_gets_the_text_on_stdin_and_its_buffer_is_deleted() -> None:
    programs = Programs(display_message=tmux_answer())
    clipboard = Clipboard(TMUX, terminal_write=no_terminal, run=programs)
    receipt = await clipboard.copy(Secret(TOKEN))
    assert receipt.sentence == "sent through tmux to your terminal; terminals do not confirm"
    line, fed = programs.calls[1]
    assert re.fullmatch(r"tmux load-buffer -b (tokentui-\d+) -w - ; delete-buffer -b \1", line)
    assert fed == TOKEN
    await clipboard.clear(receipt)
    assert programs.calls[2] == (line, " ")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (tmux_answer(attached=0), "no terminal is attached"),
        (tmux_answer(term="linux", terminals=DEAF), "no clipboard of your terminal (linux)"),
        (Finished(None), "tmux did not answer"),
        (Finished(1, b"no server running"), "tmux did not answer"),
    ],
)
async def test_tmux_is_not_given_what_it_would_not_pass_on(answer: Finished, words: str) -> None:
    programs = Programs(display_message=answer)
    clipboard = Clipboard(TMUX, terminal_write=no_terminal, run=programs)
    receipt = await clipboard.copy(Secret(TOKEN))
    assert receipt.certainty is Certainty.FAILED
    assert words in receipt.sentence
    assert len(programs.calls) == 1


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (tmux_answer(attached=3), "the last used of 3 attached terminals"),
        (tmux_answer(term="screen-256color"), "the screen-256color around it"),
        (tmux_answer(terminals=""), "to your terminal;"),
        (tmux_answer(terminals=DEAF.replace("pts/7", "pts/8")), "to your terminal;"),
    ],
)
async def test_the_words_name_the_terminal_that_tmux_sends_to(answer: Finished, words: str) -> None:
    clipboard = Clipboard(TMUX, terminal_write=no_terminal, run=Programs(display_message=answer))
    receipt = await clipboard.copy(Secret(TOKEN))
    assert receipt.certainty is Certainty.SENT
    assert words in receipt.sentence


async def test_a_tmux_that_hangs_while_loading_has_its_buffer_deleted() -> None:
    programs = Programs(display_message=tmux_answer(), load_buffer=Finished(None))
    clipboard = Clipboard(TMUX, terminal_write=no_terminal, run=programs)
    receipt = await clipboard.copy(Secret(TOKEN))
    assert "tmux did not answer within 3 s" in receipt.sentence
    assert re.fullmatch(r"tmux delete-buffer -b tokentui-\d+", programs.lines[-1])


async def test_tmux_with_its_user_at_the_desktop_proves_the_copy_there(
    desktop: dict[str, str],
) -> None:
    answer = tmux_answer().output.replace(b"-DISPLAY", b"DISPLAY=:9")
    fresh = answer.replace(b"SSH_CONNECTION=10.0.0.1 1 10.0.0.2 22", b"-SSH_CONNECTION")
    stale = desktop | TMUX | {"SSH_CONNECTION": "old", "SSH_TTY": "old", "DISPLAY": ":1"}
    programs = Programs(display_message=Finished(0, fresh))
    receipt = await Clipboard(stale, terminal_write=no_terminal, run=programs).copy(Secret(TOKEN))
    assert receipt.certainty is Certainty.PROVED
    programs = Programs(display_message=Finished(0, answer))
    receipt = await Clipboard(stale, terminal_write=no_terminal, run=programs).copy(Secret(TOKEN))
    assert receipt.route is Route.TMUX, "the user sits at the other end of SSH"
