"""Copies a file's text through the real clipboard policy, then clears it after Enter.

Runs inside the terminal under test: `clipboard_probe.py TEXT_FILE RECEIPT_FILE`.
The receipt's file holds one JSON object after the copy, and has the key `cleared` after Enter.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

from tokentui.delivery.clipboard import Clipboard
from tokentui.domain.secret import Secret


def write_terminal(data: bytes) -> None:
    while data:
        data = data[os.write(sys.stdout.fileno(), data) :]


def tell(path: Path, found: dict[str, object]) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(found))
    fresh.replace(path)


async def main(text: str, told: Path) -> None:
    clipboard = Clipboard(os.environ, terminal_write=write_terminal)
    receipt = await clipboard.copy(Secret(text))
    found: dict[str, object] = {
        "route": receipt.route,
        "certainty": receipt.certainty,
        "sentence": receipt.sentence,
        "environ": dict(os.environ),
    }
    tell(told, found)
    await asyncio.to_thread(sys.stdin.readline)
    tell(told, found | {"cleared": await clipboard.clear(receipt)})
    await asyncio.to_thread(sys.stdin.readline)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]).read_text(), Path(sys.argv[2])))
