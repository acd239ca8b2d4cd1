"""What whole screens write to the terminal: the same each time, in an invented world."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ui.pty_app import DOWN, FRAME_END, PAGE_DOWN, UP, PtyApp

TESTS = Path(__file__).resolve().parents[1]
ENTER, ESCAPE, END = b"\r", b"\x1b", b"\x1b[F"
IDLE_S = 1.5
SMALL, LARGE = (80, 24), (120, 40)

PROGRAM = f"""
import os, sys
from pathlib import Path
sys.path.insert(0, {str(TESTS)!r})
from tokentui.domain.model import Page
from tokentui.services.engine import Engine
from tokentui.ui.app import TokentuiApp
from tokentui.ui.run import run
from tokentui.ui.session import Session
from ui.fakes import BERLIN, INSTANCES, busy_monday
from world import instance
world = busy_monday(Path(os.environ["WORLD"]))
more = tuple(instance(f"site-{{number:03}}") for number in range(200))
world.provider.pages = (Page((*INSTANCES, *more)),)
session = Session(world, Engine(print), clock=world.clock, zone=BERLIN)
os._exit(run(TokentuiApp(session)))
"""

BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("ready")
Bare().run()
"""

MOST_BYTES_OF_A_MODAL = 45_000
MOST_BYTES_OF_A_PAGE = 8_700
# The dialog opens as two frames, and what copying and verifying say changes its height once more;
# what it covers is painted when it closes.
MOST_BYTES_OF_A_RESULT = 39_400  # measured: 32,821

# Three times a key of a bare app (205) is enough for the two rows, 330 of these bytes; the rest
# is the detail beneath: the title in its rule, and each line that differs.
MOST_BYTES_OF_A_MOVE = {SMALL: 600, LARGE: 700}  # measured: 497 and 577
MOST_BYTES_OF_A_MOVE_TO_A_HISTORY = 1_850  # measured: 1,539
# One frame of a whole screen; after a dialog there are two or three of what was beneath it.
MOST_BYTES_OF_A_SWITCH = {SMALL: 5_200, LARGE: 10_600}  # measured: 4,448 and 8,986
MOST_BYTES_OF_CLOSING = {SMALL: 14_900, LARGE: 30_400}  # measured: 12,672 and 17,072


def opened(folder: Path, size: tuple[int, int]) -> PtyApp:
    columns, lines = size
    return PtyApp.of_code(PROGRAM, columns=columns, lines=lines, WORLD=str(folder))


@pytest.fixture(params=[SMALL, LARGE], ids=["80x24", "120x40"])
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    found: tuple[int, int] = request.param
    return found


@pytest.fixture
def app(tmp_path: Path, size: tuple[int, int]) -> Iterator[PtyApp]:
    with opened(tmp_path, size) as running:
        running.settle(b"invented ok")
        yield running


@pytest.fixture
def small(tmp_path: Path) -> Iterator[PtyApp]:
    with opened(tmp_path, SMALL) as running:
        running.settle(b"invented ok")
        yield running


def make(app: PtyApp) -> int:
    """Make a token and give the bytes from the request to the result at rest."""
    before = len(app.output)
    app.type(ENTER)
    app.settle(b"Enter closes it")
    return len(app.output) - before


def test_a_move_in_the_instances_repaints_what_differs(app: PtyApp, size: tuple[int, int]) -> None:
    app.press(b"I")
    for _ in range(4):  # beyond the instances for which something was issued
        app.press(DOWN)
    for key in (DOWN, DOWN, UP):
        written = app.press(key)
        assert written.frames <= 2  # the list, and the detail of its row
        assert 0 < written.size <= MOST_BYTES_OF_A_MOVE[size]


def test_a_page_of_instances_is_small(app: PtyApp) -> None:
    app.press(b"I")
    app.press(END)
    app.press(b"\x1b[H")
    for _ in range(3):
        written = app.press(PAGE_DOWN)
        assert written.frames <= 2
        assert 0 < written.size <= MOST_BYTES_OF_A_PAGE


def test_rows_with_more_to_tell_do_not_repaint_the_screen(small: PtyApp) -> None:
    small.press(b"I")
    moves = [small.press(key) for key in (DOWN, DOWN, UP, UP, DOWN)]
    # Once the longest detail was shown, a move between rows with and without a history.
    assert max(move.size for move in moves[2:]) <= MOST_BYTES_OF_A_MOVE_TO_A_HISTORY


def test_switching_a_screen_is_one_frame(app: PtyApp, size: tuple[int, int]) -> None:
    assert app.press(b"I").size <= 2 * MOST_BYTES_OF_A_SWITCH[size]  # it is built at first
    for key in (b"H", b"I", b"H"):
        written = app.press(key)
        assert written.frames == 1
        assert written.size <= MOST_BYTES_OF_A_SWITCH[size]


def test_the_generate_dialog_opens_and_closes_within_its_budget(
    app: PtyApp, size: tuple[int, int]
) -> None:
    app.press(b"I")
    first, closed, again = (app.press(key) for key in (b"g", ESCAPE, b"g"))
    assert first.size <= MOST_BYTES_OF_A_MODAL
    assert closed.size <= MOST_BYTES_OF_CLOSING[size]
    assert again.size == pytest.approx(first.size, rel=0.25)  # no more for being opened again


@pytest.mark.parametrize("key", [b"?", b":"], ids=["help", "palette"])
def test_help_and_palette_open_and_close_within_their_budget(small: PtyApp, key: bytes) -> None:
    assert small.press(key).size <= MOST_BYTES_OF_A_MODAL
    assert small.press(ESCAPE).size <= MOST_BYTES_OF_CLOSING[SMALL]


def test_the_result_comes_and_goes_within_its_budget(small: PtyApp) -> None:
    small.press(b"I")
    small.press(b"g")
    assert make(small) <= MOST_BYTES_OF_A_RESULT
    assert small.press(ENTER).size <= MOST_BYTES_OF_CLOSING[SMALL]


def test_nothing_is_written_while_nothing_happens(small: PtyApp) -> None:
    assert small.quiet_for(IDLE_S), "Home"
    small.press(b"I")
    assert small.quiet_for(IDLE_S), "Instances"
    small.press(b"g")
    assert small.quiet_for(IDLE_S), "the generate dialog"
    make(small)
    assert small.quiet_for(IDLE_S), "the result, masked"


def test_the_start_writes_at_most_twice_a_bare_application(small: PtyApp) -> None:
    with PtyApp.of_code(BARE) as bare:
        bare.settle(b"ready")
        assert len(small.output) <= 2 * len(bare.output)


def test_leaving_draws_no_frame(small: PtyApp) -> None:
    before = len(small.output)
    small.type(b"\x11")
    assert small.finish() == 0
    assert small.output.count(FRAME_END, before) == 0
