"""Signs in with what a command prints, such as `stackit auth get-access-token -o json`."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import signal
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tokentui.domain.errors import NotSignedIn
from tokentui.domain.secret import Secret
from tokentui.domain.text import clean
from tokentui.providers import options
from tokentui.providers.auth_sources import one_line
from tokentui.providers.http_echo import MASK
from tokentui.providers.shared_run import SharedRun
from tokentui.providers.token_life import use_until

if TYPE_CHECKING:
    from asyncio import StreamReader
    from asyncio.subprocess import Process
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from tokentui.domain.about import SettingValue
    from tokentui.providers.auth import HeaderForm, SignIn

_LONGEST_OUTPUT = 200_000
_SECRET_LIKE = re.compile(
    r"eyJ[\w-]{5,}[\w.-]*"  # a JWT, or the beginning of one
    r"|\b(?=[\w+=-]*\d)[\w+=-]{20,}"  # a long word with digits: hexadecimal, base64
    r"|(?<=secret=)\S+|(?<=token=)\S+|(?<=password=)\S+",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Command:
    """What to run. `timeout_s` ends it with its children; `json_field` None: it prints text.

    `environment` is set beside what is inherited; `next_step` is what to do when it fails,
    `check` when it cannot be run or prints something else.
    """

    argv: tuple[str, ...]
    json_field: str | None
    timeout_s: float
    environment: Mapping[str, str] = field(default_factory=dict)
    next_step: str = "run it in a terminal and do what it asks for"
    check: str = "check auth.command and auth.json_field"

    @property
    def shown(self) -> str:
        """The command in an error: its program alone, since arguments can hold secrets."""
        program, *arguments = self.argv
        count = f"{len(arguments)} argument{'' if len(arguments) == 1 else 's'}"
        return f"{clean(program, 120)} with {count}" if arguments else clean(program, 120)


class CommandSignIn:
    """Keeps what the command printed until its end, or until the server refuses it."""

    def __init__(self, command: Command, form: HeaderForm, clock: Callable[[], datetime]) -> None:
        self._command = command
        self._form = form
        self._clock = clock
        self._kept: Secret | None = None
        self._kept_until: datetime | None = None
        self._fetch = SharedRun(self._run)

    @property
    def title(self) -> str:
        return f"command {self._command.shown}"

    async def header(self) -> tuple[str, Secret]:
        over = self._kept_until is not None and self._clock() >= self._kept_until
        value = await self._fetch() if self._kept is None or over else self._kept
        return self._form.name, value

    def forget(self, refused: Secret) -> None:
        if self._kept == refused:
            self._kept = None

    async def aclose(self) -> None:
        await self._fetch.aclose()

    async def _run(self) -> Secret:
        output = await run(self._command)
        secret = one_line(_taken(output, self._command).reveal(), f"the output of {self.title}")
        self._kept_until = use_until(secret, self._clock())
        self._kept = Secret(self._form.prefix + secret.reveal())
        return self._kept


def from_command(
    settings: Mapping[str, SettingValue], form: HeaderForm, clock: Callable[[], datetime]
) -> SignIn:
    """Build the sign-in. Raises `ConfigError`."""
    command = Command(
        options.texts(settings, "command", "auth"),
        options.optional_text(settings, "json_field", "auth"),
        options.seconds(settings, "timeout", "auth", default=20.0),
    )
    return CommandSignIn(command, form, clock)


async def run(command: Command) -> Secret:
    """Run the command without a shell or a terminal and give its output. Raises `NotSignedIn`."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command.argv,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
            env={**os.environ, **command.environment},
        )
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it cannot be run"
        raise NotSignedIn(f"cannot run {command.shown}: {why}", command.check) from None
    try:
        async with asyncio.timeout(command.timeout_s):
            output, complaint = await _communicate(process)
    except TimeoutError:
        await _end(process)
        raise NotSignedIn(
            f"{command.shown} did not end within {command.timeout_s:g} s",
            "run it in a terminal and see what it waits for",
        ) from None
    except asyncio.CancelledError:
        await _end(process)
        raise
    if process.returncode != 0:
        raise NotSignedIn(
            f"{command.shown} failed with status {process.returncode}",
            command.next_step,
            said=_said(complaint),
        )
    if len(output) >= _LONGEST_OUTPUT:
        raise NotSignedIn(f"{command.shown} printed more than a token", command.check)
    return Secret(output.decode(errors="replace"))


async def _communicate(process: Process) -> tuple[bytes, bytes]:
    output, complaint = await asyncio.gather(_all_of(process.stdout), _all_of(process.stderr))
    await process.wait()
    return output, complaint


async def _all_of(stream: StreamReader | None) -> bytes:
    """Read to the end, but keep no more than the longest output."""
    kept = bytearray()
    while stream is not None and (chunk := await stream.read(65_536)):
        kept += chunk[: _LONGEST_OUTPUT - len(kept)]
    return bytes(kept)


async def _end(process: Process) -> None:
    """End the command and its children."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()


def _said(complaint: bytes) -> str:
    """Give what it complained of, without what looks like a secret; masked before it is cut."""
    text = complaint.decode(errors="replace").strip()
    return clean(_SECRET_LIKE.sub(MASK, text), 300)


def _taken(output: Secret, command: Command) -> Secret:
    """Take the token out of the output: its field, or all of it."""
    if command.json_field is None:
        return output
    try:
        document: object = json.loads(output.reveal())
    except (ValueError, RecursionError):
        raise NotSignedIn(f"{command.shown} did not print JSON", command.check) from None
    value = document.get(command.json_field) if isinstance(document, dict) else None
    if not isinstance(value, str):
        shown = clean(command.json_field, 60)
        raise NotSignedIn(f"{command.shown} printed no text in the field {shown}", command.check)
    return Secret(value)
