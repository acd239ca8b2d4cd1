"""`token create` and `kubeconfig create`: make one credential and hand it over."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from tokentui.cli.destination import Destination
from tokentui.cli.output import instant, note
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
    from tokentui.domain.secret import Secret
    from tokentui.services.inventory import Source
    from tokentui.services.issue import Result
    from tokentui.services.workbench import Workbench


def create_token(options: argparse.Namespace) -> int:
    """Make a token, or whatever `--kind` names."""
    return _run(_Creation(options, Form.TOKEN))


def create_kubeconfig(options: argparse.Namespace) -> int:
    """Make a kubeconfig; without a destination it is merged into the file that kubectl uses."""
    if not (options.copy or options.stdout or options.file):
        options.kubeconfig = options.kubeconfig or ""
    return _run(_Creation(options, Form.KUBECONFIG))


def _run(creation: _Creation) -> int:
    return run(creation.run, busy=lambda: creation.under_way)


class _Creation:
    """One command: find the instance, make the credential, hand it over, say so.

    `under_way` is true from the moment the request is sent until the secret is handed over:
    a signal has to wait for that, and for nothing else.
    """

    def __init__(self, options: argparse.Namespace, form: Form) -> None:
        self.under_way = False
        self._options = options
        self._form = form
        self._destination = Destination(options)

    async def run(self, workbench: Workbench) -> ExitCode:
        options = self._options
        names = chosen(workbench, options.profile)
        instances, sources = await last_listings(workbench, names)
        instance = find(instances, options.instance, sources)
        offer = await self._offer(workbench, instance)
        await self._destination.check(offer.kind, workbench.delivering)
        request = self._request(workbench, offer)
        self.under_way = True
        try:
            result = await self._issue(workbench, request)
            for warning in result.warnings:
                note(f"tokentui: {warning}")
            where = await self._destination.deliver(workbench.delivering, result)
        finally:
            self.under_way = False
        note(f"#{result.number} {offer.kind.noun} of {instance.name} {where}")
        note(_end(workbench, result))
        if not options.no_verify:
            await _verify(workbench, result)
        return ExitCode.DONE

    async def _offer(self, workbench: Workbench, instance: Instance) -> Offer:
        kind = getattr(self._options, "kind", None)
        if kind:
            return await workbench.issuing.offer(instance, KindKey(kind))
        offers = await workbench.issuing.offers(instance)
        offer = next((offer for offer in offers if offer.kind.form is self._form), None)
        if offer is None:
            raise UsageError(f"no {self._form} can be made for {instance.noun} {instance.name}")
        return offer

    def _request(self, workbench: Workbench, offer: Offer) -> Request:
        asked = self._options.expiration or typed(default_lifetime(offer.lifetime))
        lifetime, _ = workbench.issuing.term(offer, asked)
        return Request(offer, lifetime, asked, self._options.purpose, self._values())

    def _values(self) -> dict[str, FieldValue]:
        values: dict[str, FieldValue] = {}
        for pair in self._options.set:
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
                await _rescue(workbench, error.raw, request)
            raise
        except OutcomeUnknown:
            note("tokentui: nothing was sent a second time; 'tokentui token list' shows the entry")
            raise


async def _rescue(workbench: Workbench, raw: Secret, request: Request) -> None:
    """Keep an answer that could not be read; a failure to do so hides no other error."""
    name = f"{request.offer.target.name}-{request.offer.kind.key}"
    try:
        kept = await workbench.delivering.rescue(raw, name)
    except DeliveryError as error:
        note(f"tokentui: the answer as it came could not be kept: {error.sentence}")
    else:
        note(f"tokentui: the answer as it came is kept in {kept} (readable by you alone)")


async def _verify(workbench: Workbench, result: Result) -> None:
    verification = await workbench.issuing.verify(result)
    word = {True: "verified", False: "tokentui: warning: not accepted", None: "not verified"}
    note(f"{word[verification.ok]}: {verification.sentence}")


def _end(workbench: Workbench, result: Result) -> str:
    issued = result.issued
    if issued.ends_at is None:
        return "it never ends"
    local = issued.ends_at.astimezone(workbench.zone)
    left = spell(issued.ends_at - workbench.clock())
    return f"ends {local:%Y-%m-%d %H:%M:%S %Z} ({instant(issued.ends_at)}), {left} left"


def find(instances: Sequence[Instance], wanted: str, sources: Sequence[Source]) -> Instance:
    """Find the one instance with this name or id.

    Raises `UsageError` where several have it, `NotFound` where none has, and the source's own
    error where one did not answer, because the instance may be there.
    """
    found = [i for i in instances if wanted in {i.name, i.native_id, i.id}]
    if len(found) == 1:
        for error in (error for source in sources for error in source.errors):
            note(f"tokentui: {error.sentence} (another {wanted!r} may be there)")
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
