"""Runs the interface on the demo's world and writes what it shows as pictures."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable  # noqa: TC003
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tokentui.hygiene import clean_process, prepare_textual

clean_process()
prepare_textual()

import cairosvg  # noqa: E402  # the environment is prepared first
from textual.app import App  # noqa: E402, TC002  # after cairosvg, like all of these
from textual.pilot import Pilot  # noqa: E402, TC002

from tokentui.bootstrap import Wiring  # noqa: E402
from tokentui.bootstrap.demo import demo_world  # noqa: E402
from tokentui.services.engine import Engine  # noqa: E402
from tokentui.ui.app import TokentuiApp  # noqa: E402
from tokentui.ui.session import Session  # noqa: E402

MONDAY = datetime(2026, 10, 5, 12, 22, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
FOLDER = Path(__file__).parent.parent / "screenshots"
WIDTH_PX = 1200
PATIENCE_S = 20.0
_FONT = re.compile(r"@font-face\s*\{.*?\}", re.DOTALL)

SHOTS = {
    "home": ("Quick generate", []),
    "instances": ("Next expiry", ["I"]),
    "accounts": ("deploy", ["A"]),
    "tokens": ("nightly-report", ["T"]),
    "generate": ("Credentials", ["1"]),
    "result": ("accepts it", ["1", "enter"]),
    "help": ("Keys here", ["question_mark"]),
    "use": ("curl", ["T", "slash", *"nightly", "enter", "u"]),
}


def monday() -> datetime:
    return MONDAY


def text_of(app: App[None]) -> str:
    lines = app.screen._compositor.render_strips()
    return "\n".join(strip.text for strip in lines)


async def until(pilot: Pilot[None], seen: Callable[[str], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not seen(text_of(pilot.app)):
            await pilot.pause(0.05)


async def shoot(environ: dict[str, str], name: str, size: tuple[int, int]) -> None:
    wanted, keys = SHOTS[name]
    wiring = Wiring(environ, clock=monday, zone=BERLIN, terminal_write=lambda data: None)
    session = Session(wiring, Engine(print), clock=monday, zone=BERLIN)
    app = TokentuiApp(session)
    session.start()
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda text: "data of" in text)
        for key in keys:
            await pilot.press(key)
        await until(pilot, lambda text: wanted.lower() in text.lower())
        svg = _FONT.sub("", app.export_screenshot(title="tokentui"))
    await session.close(1.0)
    picture = svg.replace("Fira Code", "Liberation Mono").encode()
    path = FOLDER / f"{name}-{size[0]}x{size[1]}.png"
    cairosvg.svg2png(bytestring=picture, write_to=str(path), output_width=WIDTH_PX)
    print(path)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name in SHOTS:
        for size in ((80, 24), (120, 40)):
            # A clipboard that does not exist: nothing of the user's is touched.
            quiet = {**os.environ, "SSH_CONNECTION": "demo", "TMUX": "", "STY": ""}
            with demo_world(quiet, monday) as environ:
                asyncio.run(shoot(environ, name, size))


if __name__ == "__main__":
    main()
