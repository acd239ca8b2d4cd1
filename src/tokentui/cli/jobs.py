"""Do something to one or many, after a preview and a question; say what became of each."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tokentui.cli.output import Plain, document, note
from tokentui.cli.questions import agrees, answer, has_person
from tokentui.domain.errors import ExitCode, GuardRail, TokentuiError, UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Awaitable, Callable, Sequence

    from tokentui.cli.session import UnderWay


_WORST_FIRST = (
    ExitCode.OUTCOME_UNKNOWN,  # somebody has to look
    ExitCode.GUARD_RAIL,
    ExitCode.FORBIDDEN,
    ExitCode.UNREACHABLE,
    ExitCode.NOT_FOUND,
    ExitCode.USAGE,
    ExitCode.FAILED,
    ExitCode.DONE,
)


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to do. `word` is the verb, `what` its object, in the words of a sentence.

    `order` puts both into an order: "delete it".
    `objection` is why it cannot be done, and `do` then raises the error that says so. `do` takes
    the name that has to be typed, and gives what is so now: "deleted". `why_type` says of the
    profile why: "is protected".
    """

    word: str
    order: str
    what: str
    do: Callable[[str], Awaitable[str]]
    objection: str = ""
    consequence: tuple[str, ...] = ()
    must_type: str = ""
    why_type: str = ""
    facts: dict[str, Plain] = field(default_factory=dict)


def need_answers(options: argparse.Namespace) -> None:
    """Raise `UsageError` where a question would have nobody to answer it."""
    if not (options.yes or options.confirm or has_person()):
        raise _nobody_to_ask()


async def agreed(jobs: Sequence[Job], options: argparse.Namespace) -> bool:
    """Show what would happen and ask.

    Raises `UsageError` where nobody can answer, `GuardRail` where a name was not typed.
    """
    todo = [job for job in jobs if not job.objection]
    for job in jobs:
        if not job.objection:
            note(" ".join(job.consequence))
        elif len(jobs) > 1:
            note(f"{job.what} is left out: {job.objection}")
    free = [job for job in todo if not job.must_type]
    if free and not options.yes:
        many = f"{free[0].word} these {len(free)}"
        what = f"{(free[0].order if len(free) == 1 else many).capitalize()}?"
        if not has_person():
            raise _nobody_to_ask()
        if not await agrees(what):
            note("nothing was done")
            return False
    for job in todo:
        if job.must_type and job.must_type not in options.confirm:
            await _typed(job)
    return True


async def run_jobs(
    jobs: Sequence[Job], failed: Sequence[TokentuiError], form: str, under_way: UnderWay
) -> ExitCode:
    """Do one after the other and tell of each; gives the worst exit code.

    `failed` are the errors of objects that were not found, which were told. After a signal no
    other is begun.
    """
    items: list[Plain] = []
    codes = [ExitCode.DONE, *(lost.exit_code for lost in failed)]
    for job in jobs:
        if under_way.stopping:
            break
        error = await _one(job, under_way)
        items.append({**job.facts, "verb": job.word, "done": not error, "error": _sentence(error)})
        codes.append(error.exit_code if error else ExitCode.DONE)
    items += [{"verb": None, "done": False, "error": lost.sentence} for lost in failed]
    if form != "text":
        document({"schema": "tokentui/changes/v1", "items": items}, form)
    return min(codes, key=_WORST_FIRST.index)


async def _one(job: Job, under_way: UnderWay) -> TokentuiError | None:
    try:
        with under_way.sending():
            how = await job.do(job.must_type)
    except TokentuiError as error:
        note(f"tokentui: {error.sentence}")
        return error
    note(f"{job.what}: {how}")
    return None


async def _typed(job: Job) -> None:
    """Let a person type the name that has to be typed."""
    name = job.must_type
    if not has_person():
        raise GuardRail(
            f"the profile of {job.what} {job.why_type}",
            f"say --confirm {shlex.quote(name)} if it is meant",
        )
    typed = await answer(f"Its profile {job.why_type}. Type {name} to {job.order}: ")
    if typed != name:
        raise GuardRail(
            f"the profile of {job.what} {job.why_type}, and {typed!r} was typed for {name!r}",
            "nothing was done",
        )


def _nobody_to_ask() -> UsageError:
    return UsageError(
        "this is done only after a yes, and there is no terminal to ask on", "say -y if it is meant"
    )


def _sentence(error: TokentuiError | None) -> str | None:
    return error.sentence if error else None
