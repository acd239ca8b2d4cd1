"""Whatever a server says, every byte that the program writes is one of its own."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator_fixtures import small_home, start_simulator
from terminal import wait_until
from terminal_bytes import ENTER, F5, back, copies_in, foreign, go, leave, opened
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.simulator.server import Simulator
from tokentui.simulator.stackit.hostile_texts import (
    HOSTILE_HEADER_SUFFIX,
    HOSTILE_TEXTS,
    hostile_text,
)
from tokentui.simulator.stackit.model import ACTIVE
from ui.pty_app import DOWN, PtyApp

LISTS = r"^/stackit/(edge|observability|service-account/v2)/|^/stackstate/"
MINT = r"/instances/[^/]+/(token|kubeconfig)$"
CLEARED = " "
FRAME = b"\x1b[?2026h\x1b[1;1H\x1b[38;2;224;224;224;48;2;18;18;18mname %b\x1b[0m\r\n\x1b[?2026l"


def read_last_error(app: PtyApp, *shown: str) -> None:
    """Open and close the last error until it says that."""

    def said() -> bool:
        app.press(b"!")
        back(app)
        return all(text.encode() in app.output for text in shown)

    wait_until(said, f"an error that says {shown}")


@pytest.fixture
def sim() -> Iterator[Simulator]:
    """A hostile world in which every text has an instance that can be asked for."""
    with start_simulator("hostile") as simulator:
        world = simulator.world.stackit
        template = world.instance_named("demo")
        for number, text in enumerate(HOSTILE_TEXTS):
            after = HOSTILE_TEXTS[(number + 1) % len(HOSTILE_TEXTS)]
            instance = dataclasses.replace(
                template,
                id=f"hostile-{number:02}-0000000",
                display_name=hostile_text(text) if number % 2 else text,
                status=after if number % 3 else ACTIVE,
                plan_id=text,
                description=text,
                frontend_url=template.frontend_url + text,
            )
            world.add_instance(instance)
        yield simulator


@pytest.fixture
def home(sim: Simulator, tmp_path: Path) -> Path:
    return small_home(sim, tmp_path / "home")


def test_hostile_names_write_nothing_of_theirs(sim: Simulator, home: Path) -> None:
    with opened(home) as app:
        app.settle(b"Quick generate")
        app.settle(b"5  ")
        go(app, b"5", "Credentials - \ufffd[2J")
        go(app, ENTER, "Token created")
        app.settle(b"\x1b]52;c;")
        go(app, b"?", "Keys here")
        back(app)
        app.press(b" ")
        app.press(ENTER)
        go(app, b"!", "Last error")
        back(app)
        go(app, b"p", "Show which profile?")
        back(app)
        go(app, b"I", "[I Instances]")
        app.settle(b"demo")
        app.type(b"\x1b[H")
        for _ in range(2 * len(HOSTILE_TEXTS) + 20):
            app.type(DOWN)
            app.settle(b"")
        for number in range(len(HOSTILE_TEXTS)):
            assert f"hostile-{number:02}".encode() in app.output, "its detail was not shown"
        go(app, b":", "ype a command")  # the cursor is on its first letter
        leave(app)

    (mint,) = sim.world.stackit.mints
    assert copies_in(app.output) == [mint.token, CLEARED]
    assert foreign(app.output, [mint.token, CLEARED]) == []


def answers() -> list[Fault]:
    """Error answers that together hold every hostile text, each marked by its number."""
    texts = [text for text in HOSTILE_TEXTS if len(text) < 100]
    faults = []
    for number, status in enumerate((400, 403, 404, 409, 500)):
        words = f"words{number} " + " ".join(texts[number::5])
        body = json.dumps({"message": words, "errors": [hostile_text("more")]})
        headers = {"x-trace-id": f"trace{number}{HOSTILE_HEADER_SUFFIX}"}
        faults.append(Fault(kind=FaultKind.STATUS, status=status, body=body, headers=headers))
    return faults


def test_hostile_answers_to_a_list_write_nothing_of_theirs(sim: Simulator, home: Path) -> None:
    with opened(home) as app:
        app.settle(b"Quick generate")
        for number, answer in enumerate(answers()):
            sim.faults.clear()
            sim.faults.add(dataclasses.replace(answer, path=LISTS))
            app.type(F5)
            read_last_error(app, f"words{number}", f"trace{number}")
            app.type(b"H" if number % 2 else b"I")
            app.settle(b"")
        leave(app)
    assert foreign(app.output) == []


def test_hostile_answers_to_a_mint_write_nothing_of_theirs(sim: Simulator, home: Path) -> None:
    *refusals, server_error = answers()
    with opened(home) as app:
        app.settle(b"1  demo")
        for number, answer in enumerate(refusals):
            sim.faults.clear()
            sim.faults.add(dataclasses.replace(answer, path=MINT))
            app.press(b"1")
            app.type(ENTER)
            app.settle(f"trace{number}".encode())
            back(app)
            read_last_error(app, f"trace{number}")
        assert b"words0" in app.output
        sim.faults.clear()
        sim.faults.add(dataclasses.replace(server_error, path=MINT))
        app.press(b"1")
        go(app, ENTER, "Was it created?")
        app.press(ENTER)
        app.settle(b"answer lost")
        leave(app)
    assert foreign(app.output) == []


STEERING = [text for text in HOSTILE_TEXTS if foreign(text.encode(errors="surrogatepass"))]


def test_most_of_the_texts_steer_when_they_are_raw() -> None:
    assert len(STEERING) >= 11


@pytest.mark.parametrize("text", [*STEERING, hostile_text("x"), "\x1b[31mred", "\u200emark"])
def test_one_raw_text_in_a_frame_is_caught(text: str) -> None:
    assert foreign(FRAME % text.encode(errors="surrogatepass"))


def test_a_frame_of_our_own_is_clean() -> None:
    assert foreign(FRAME % b"demo") == []


def test_a_copy_of_something_else_is_caught() -> None:
    stream = FRAME % b"\x1b]52;c;eA==\x07"
    assert copies_in(stream) == ["x"]
    assert foreign(stream, ["x"]) == []
    assert foreign(stream, ["y"])
