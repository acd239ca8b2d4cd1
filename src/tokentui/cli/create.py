"""`token create` and `kubeconfig create`: make one credential and hand it over."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from tokentui.cli.output import Plain, document, instant, note
from tokentui.cli.session import chosen, run
from tokentui.cli.show import last_listings
from tokentui.domain.errors import (
    BadAnswer,
    DeliveryError,
    ExitCode,
    NotFound,
    OutcomeUnknown,
    UsageError,
)
from tokentui.domain.lifetime import default_lifetime, spell, typed
from tokentui.domain.model import Form, KindKey
from tokentui.services.inventory import Phase
from tokentui.services.issue import Request

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from tokentui.domain.model import FieldValue, Instance, Offer
    from tokentui.services.inventory import Source
    from tokentui.services.issue import Result
    from tokentui.services.workbench import Workbench


def create_token(options: argparse.Namespace) -> int:
    """Make a token, or whatever `--kind` names."""
    return run(_Creation(options, Form.TOKEN).run)


def create_kubeconfig(options: argparse.Namespace) -> int:
    """Make a kubeconfig; without a destination it is merged into the file that kubectl uses."""
    if not (options.copy or options.stdout or options.file):
        options.kubeconfig = options.kubeconfig or ""
    return run(_Creation(options, Form.KUBECONFIG).run)


@dataclass(frozen=True, slots=True)
class _Creation:
    """One command: find the instance, make the credential, hand it over, say so."""

    options: argparse.Namespace
    form: Form

    async def run(self, workbench: Workbench) -> ExitCode:
        self._check_destination()
        names = chosen(workbench, self.options.profile)
        instances, sources = await last_listings(workbench, names)
        instance = find(instances, self.options.instance, sources)
        offer = await self._offer(workbench, instance)
        request = self._request(workbench, offer)
        result = await self._issue(workbench, request)
        for warning in result.warnings:
            note(f"tokentui: {warning}")
        await self._hand_over(workbench, result)
        if not self.options.no_verify:
            note(f"verified: {(await workbench.issuing.verify(result)).sentence}")
        return ExitCode.DONE

    def _check_destination(self) -> None:
        """Refuse a file that cannot be written before anything is made."""
        if not self.options.file:
            return
        path = _path(self.options.file)
        if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
            raise UsageError(
                f"--file {path}: its folder does not exist or cannot be written to",
                "make the folder first, or name another file",
            )
        if path.exists() and not self._may_overwrite(path):
            raise UsageError(f"--file {path} exists already", "name another file, or say -y")

    async def _offer(self, workbench: Workbench, instance: Instance) -> Offer:
        kind = getattr(self.options, "kind", None)
        if kind:
            return await workbench.issuing.offer(instance, KindKey(kind))
        offers = await workbench.issuing.offers(instance)
        offer = next((offer for offer in offers if offer.kind.form is self.form), None)
        if offer is None:
            raise UsageError(f"no {self.form} can be made for {instance.noun} {instance.name}")
        return offer

    def _request(self, workbench: Workbench, offer: Offer) -> Request:
        asked = self.options.expiration or typed(default_lifetime(offer.lifetime))
        lifetime, _ = workbench.issuing.term(offer, asked)
        return Request(offer, lifetime, asked, self.options.purpose, self._values())

    def _values(self) -> dict[str, FieldValue]:
        values: dict[str, FieldValue] = {}
        for pair in self.options.set:
            field, equals, value = pair.partition("=")
            if not equals:
                raise UsageError(f"--set {pair!r} has no value", "write --set FIELD=VALUE")
            values[field] = value
        return values

    async def _issue(self, workbench: Workbench, request: Request) -> Result:
        try:
            return await workbench.issuing.issue(request)
        except BadAnswer as error:
            if error.raw is not None:
                name = f"{request.offer.target.name}-{request.offer.kind.key}"
                kept = await workbench.delivering.rescue(error.raw, name)
                note(f"tokentui: the answer as it came is kept in {kept} (readable by you alone)")
            raise
        except OutcomeUnknown:
            note("tokentui: nothing was sent a second time; 'tokentui token list' shows the entry")
            raise

    async def _hand_over(self, workbench: Workbench, result: Result) -> None:
        """Deliver to the chosen place; if that fails, into a rescue file, so nothing is lost."""
        try:
            where = await self._deliver(workbench, result)
        except DeliveryError as error:
            kept = await workbench.delivering.keep(result)
            raise DeliveryError(
                error.sentence, f"the secret is kept in {kept} (readable by you alone)"
            ) from None
        note(f"#{result.number} {result.issued.kind.noun} of {result.issued.target.name} {where}")
        note(self._end(workbench, result))

    async def _deliver(self, workbench: Workbench, result: Result) -> str:
        options, delivering = self.options, workbench.delivering
        if options.kubeconfig is not None:
            path = _path(options.kubeconfig) if options.kubeconfig else None
            use = getattr(options, "use", False)
            merged = await delivering.to_kubeconfig(result, path, make_current=use)
            for warning in merged.warnings:
                note(f"tokentui: {warning}")
            self._print_facts(result)
            return f"merged into {merged.path} as context {merged.context}"
        if options.file:
            path = _path(options.file)
            written = await delivering.to_file(result, path, overwrite=path.exists())
            self._print_facts(result)
            return f"written to {written}"
        if options.copy or (sys.stdout.isatty() and not options.stdout):
            receipt = await delivering.to_clipboard(result)
            self._print_facts(result)
            return f"{receipt.sentence}; it stays there until you copy something else"
        if options.output == "text":
            delivering.to_stdout(result, _print)
        else:
            delivering.to_stdout(result, lambda secret: self._print_facts(result, secret.rstrip()))
        return "printed"

    def _print_facts(self, result: Result, secret: str | None = None) -> None:
        if self.options.output == "text":
            return
        issued = result.issued
        facts: dict[str, Plain] = {
            "schema": "tokentui/issued/v1",
            "number": result.number,
            "profile": issued.target.profile,
            "where": issued.target.name,
            "kind": issued.kind.key,
            "endsAt": instant(issued.ends_at),
            "endSource": str(issued.end_source),
        }
        if secret is not None:
            facts["secret"] = secret
        document(facts, self.options.output)

    def _may_overwrite(self, path: Path) -> bool:
        if self.options.yes or not sys.stdin.isatty():
            return bool(self.options.yes)
        sys.stderr.write(f"{path} exists; overwrite it? [y/N] ")
        sys.stderr.flush()
        return sys.stdin.readline().strip().lower() in {"y", "yes"}

    def _end(self, workbench: Workbench, result: Result) -> str:
        issued = result.issued
        if issued.ends_at is None:
            return "it never ends"
        local = issued.ends_at.astimezone(workbench.zone)
        left = spell(issued.ends_at - workbench.clock())
        return f"ends {local:%Y-%m-%d %H:%M:%S %Z} ({instant(issued.ends_at)}), {left} left"


def _print(text: str) -> None:
    """Print at once, so that a reader who has gone is noticed before it counts as handed over."""
    sys.stdout.write(text)
    sys.stdout.flush()


def _path(text: str) -> Path:
    return Path(text).expanduser()


def find(instances: Sequence[Instance], wanted: str, sources: Sequence[Source]) -> Instance:
    """Find the one instance with this name or id.

    Raises `UsageError` where several have it, `NotFound` where none has, and the source's own
    error where one did not answer, because the instance may be there.
    """
    found = [i for i in instances if wanted in {i.name, i.native_id, i.id}]
    if len(found) == 1:
        return found[0]
    if found:
        listed = ", ".join(f"{i.native_id} ({i.profile}, {i.region})" for i in found)
        raise UsageError(
            f"{len(found)} instances are called {wanted!r}", f"name one by id: {listed}"
        )
    for source in sources:
        if source.phase is not Phase.OK and source.errors:
            raise source.errors[0]
    near = get_close_matches(wanted, [i.name for i in instances], n=1)
    hint = f"did you mean {near[0]}?" if near else "see 'tokentui instance list'"
    raise NotFound(f"there is no instance {wanted!r} in the chosen profiles", hint)
