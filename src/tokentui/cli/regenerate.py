"""`token regenerate`: make a new secret in a credential's place and hand it over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.cli import making
from tokentui.cli.change import job_for
from tokentui.cli.credentials import kind_of, known_credentials
from tokentui.cli.destination import Destination
from tokentui.cli.jobs import agreed, need_answers
from tokentui.cli.session import UnderWay, run
from tokentui.domain.errors import ExitCode
from tokentui.services.verbs import Verb

if TYPE_CHECKING:
    import argparse

    from tokentui.services.held import Held
    from tokentui.services.managing import Managing
    from tokentui.services.workbench import Workbench


def regenerate(options: argparse.Namespace) -> int:
    """Make a new secret; the old one dies at once."""
    need_answers(options)
    under_way = UnderWay()
    destination = Destination(options)

    async def use(workbench: Workbench) -> ExitCode:
        held = (await known_credentials(workbench, options)).find(options.object)

        async def act(managing: Managing, held: Held, typed: str) -> str:
            renewing = managing.regenerate(held, options.purpose, typed)
            label = f"{held.target_name}-{held.kind}"
            result = await making.make(workbench, destination, under_way, renewing, label)
            if not options.no_verify:
                await making.check(workbench, result)
            return ""

        job = job_for(workbench, held, Verb.REGENERATE, act)
        kind = kind_of(workbench, held)
        if kind is not None and not job.objection:
            await destination.check(kind, workbench.delivering)
        if not await agreed([job], options):
            return ExitCode.FAILED
        await job.do(job.must_type)
        return ExitCode.DONE

    return run(use, under_way)
