"""`token verify`: try a secret once that standard input gives."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tokentui.cli.credentials import held_facts, known_credentials
from tokentui.cli.output import document, note
from tokentui.cli.questions import read_secret
from tokentui.cli.session import run
from tokentui.domain.errors import ExitCode, Refused
from tokentui.services.verbs import Verb, title

if TYPE_CHECKING:
    import argparse

    from tokentui.services.held import Held
    from tokentui.services.managing import Tried
    from tokentui.services.workbench import Workbench

_CODES = {True: ExitCode.DONE, False: ExitCode.FAILED, None: ExitCode.UNREACHABLE}


def verify(options: argparse.Namespace) -> int:
    """Say whether the secret is accepted; the exit code says it, too."""

    async def use(workbench: Workbench) -> ExitCode:
        held = (await known_credentials(workbench, options)).find(options.object)
        objection = workbench.managing.objection(held, Verb.VERIFY)
        if objection:
            raise Refused(f"{title(held)} cannot be verified: {objection}")
        secret = await read_secret(f"Secret of {title(held)} (not shown): ")
        tried = await workbench.managing.verify(held, secret)
        _tell(held, tried, options.output)
        return _CODES[tried.verification.ok]

    return run(use)


def _tell(held: Held, tried: Tried, form: str) -> None:
    verification = tried.verification
    if form == "text":
        sys.stdout.write(f"{verification.sentence}\n")
        if tried.is_ours is not None:
            note(f"it is {'' if tried.is_ours else 'not '}the secret of #{held.number}")
        return
    facts = held_facts(held)
    said = {
        "accepted": verification.ok,
        "sentence": verification.sentence,
        "is_ours": tried.is_ours,
    }
    document({"schema": "tokentui/verification/v1", **facts, **said}, form)
