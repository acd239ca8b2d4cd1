"""What is done with credentials that exist: end, switch, rename, move the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.cli.credentials import held_facts, kind_of, known_credentials, place_of
from tokentui.cli.jobs import Job, agreed, need_answers, run_jobs
from tokentui.cli.output import instant, note
from tokentui.cli.session import UnderWay, run
from tokentui.domain.errors import ExitCode, TokentuiError, UsageError
from tokentui.services.gone import WAS_GONE
from tokentui.services.verbs import STOPS_WORKING, Verb, done, ends_sooner, order

if TYPE_CHECKING:
    import argparse
    from collections.abc import Awaitable, Callable, Sequence

    from tokentui.cli.credentials import Known
    from tokentui.services.held import Held
    from tokentui.services.managing import Managing
    from tokentui.services.workbench import Workbench

    Act = Callable[[Managing, Held, str], Awaitable[str]]


def revoke(options: argparse.Namespace) -> int:
    """End credentials in their providers' way."""

    async def act(managing: Managing, held: Held, typed: str) -> str:
        how = await managing.end(held, typed)
        return how if how == WAS_GONE else ""

    return _change(options, options.objects, Verb.END, act)


def switch_off(options: argparse.Namespace) -> int:
    """Switch credentials off."""

    async def act(managing: Managing, held: Held, typed: str) -> str:
        await managing.switch(held, active=False, typed=typed)
        return ""

    return _change(options, options.objects, Verb.SWITCH_OFF, act)


def switch_on(options: argparse.Namespace) -> int:
    """Switch credentials on again."""

    async def act(managing: Managing, held: Held, _typed: str) -> str:
        await managing.switch(held, active=True)
        return ""

    return _change(options, options.objects, Verb.SWITCH_ON, act)


def rename(options: argparse.Namespace) -> int:
    """Give one credential another name."""

    async def act(managing: Managing, held: Held, _typed: str) -> str:
        await managing.rename(held, options.to)
        return f"it is {options.to.strip()} now"

    return _change(options, [options.object], Verb.RENAME, act)


def move_end(options: argparse.Namespace) -> int:
    """Give one credential another end; an earlier one is asked about."""
    under_way = UnderWay()

    async def act(managing: Managing, held: Held, typed: str) -> str:
        term = await managing.move_end(held, options.expiration, typed)
        return f"it ends {instant(term.ends_at)}" if term.ends_at else "it never ends"

    async def use(workbench: Workbench) -> ExitCode:
        held = (await known_credentials(workbench, options)).find(options.object)
        sooner = _ends_sooner(workbench.managing, held, options.expiration)
        job = job_for(workbench, held, Verb.MOVE_END, act, sooner=sooner)
        if sooner and not await agreed([job], options):
            return ExitCode.FAILED
        return await run_jobs([job], [], options.output, under_way)

    return run(use, under_way)


def _ends_sooner(managing: Managing, held: Held, asked: str) -> bool:
    """Say whether a move takes time away; one that is impossible says so when it is tried."""
    try:
        return ends_sooner(held, managing.new_end(held, asked).ends_at)
    except TokentuiError:
        return False


def _change(options: argparse.Namespace, words: Sequence[str], verb: Verb, act: Act) -> int:
    under_way = UnderWay()
    asks = verb in STOPS_WORKING
    if asks:
        need_answers(options)

    async def use(workbench: Workbench) -> ExitCode:
        known = await known_credentials(workbench, options)
        helds, failed = _found(known, words)
        jobs = [job_for(workbench, held, verb, act) for held in helds]
        if asks and not await agreed(jobs, options):
            return ExitCode.FAILED
        return await run_jobs(jobs, failed, options.output, under_way)

    return run(use, under_way)


def job_for(workbench: Workbench, held: Held, verb: Verb, act: Act, *, sooner: bool = False) -> Job:
    """Describe what a verb would do to a credential; `act` does it and adds to what is so now.

    `sooner`: its end is moved to an earlier one.
    """
    managing = workbench.managing
    participle = done(kind_of(workbench, held), verb)

    async def do(typed: str) -> str:
        addition = await act(managing, held, typed)
        if addition == WAS_GONE:
            return addition
        return ", ".join(filter(None, (participle, addition)))

    objection, word = managing.objection(held, verb), managing.word(held, verb)
    return Job(
        word=word,
        order=order(word, verb),
        what=place_of(held),
        do=do,
        objection=objection,
        consequence=() if objection else managing.consequence(held, verb, sooner=sooner),
        must_type=managing.must_type(held, verb, sooner=sooner),
        why_type=managing.why_type(held, verb, sooner=sooner),
        facts=held_facts(held),
    )


def _found(known: Known, words: Sequence[str]) -> tuple[list[Held], list[TokentuiError]]:
    """Find each object once. One alone has to be there; of many, the others are done without it.

    A word with several meanings stops everything: raises `UsageError`.
    """
    helds: dict[str, Held] = {}
    failed: list[TokentuiError] = []
    for word in words:
        try:
            held = known.find(word)
        except UsageError:
            raise
        except TokentuiError as error:
            if len(words) == 1:
                raise
            note(f"tokentui: {error.sentence}")
            failed.append(error)
        else:
            helds.setdefault(held.key, held)
    return list(helds.values()), failed
