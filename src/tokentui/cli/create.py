"""`token create` and `kubeconfig create`: make one credential and hand it over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.cli import making
from tokentui.cli.destination import Destination
from tokentui.cli.fields import unknown_words, values_of
from tokentui.cli.output import note
from tokentui.cli.session import UnderWay, chosen, run
from tokentui.cli.targets import find_target, kinds_for
from tokentui.domain.errors import ExitCode, UsageError
from tokentui.domain.lifetime import default_lifetime, typed
from tokentui.domain.model import Form, KindKey
from tokentui.services.issue import Request

if TYPE_CHECKING:
    import argparse

    from tokentui.domain.model import Kind, Offer, Target
    from tokentui.services.workbench import Workbench


def create_token(options: argparse.Namespace) -> int:
    """Make whatever `--kind` names, else the first that is offered and is no kubeconfig."""
    return _create(options, is_kubeconfig=False)


def create_kubeconfig(options: argparse.Namespace) -> int:
    """Make a kubeconfig; without a destination it is merged into the file that kubectl uses."""
    if not (options.copy or options.stdout or options.file):
        options.kubeconfig = options.kubeconfig or ""
    return _create(options, is_kubeconfig=True)


def _create(options: argparse.Namespace, *, is_kubeconfig: bool) -> int:
    under_way = UnderWay()
    destination = Destination(options)

    def fits(kind: Kind) -> bool:
        is_asked_for = options.kind is not None
        return is_asked_for or (kind.form is Form.KUBECONFIG) is is_kubeconfig

    async def use(workbench: Workbench) -> ExitCode:
        names = chosen(workbench, options.profile)
        target = await find_target(workbench, names, options, fits)
        offer = await _offer(workbench, target, options.kind, is_kubeconfig=is_kubeconfig)
        await destination.check(offer.kind, workbench.delivering)
        request = _request(workbench, offer, options)
        label = f"{target.name}-{offer.kind.key}"
        issuing = workbench.issuing.issue(request)
        result = await making.make(workbench, destination, under_way, issuing, label)
        if not options.no_verify:
            await making.check(workbench, result)
        return ExitCode.DONE

    return run(use, under_way)


async def _offer(
    workbench: Workbench, target: Target, kind: str | None, *, is_kubeconfig: bool
) -> Offer:
    if kind:
        named = kinds_for(workbench, target, kind)
        return await workbench.issuing.offer(target, named[0].key if named else KindKey(kind))
    for offer in await workbench.issuing.offers(target):
        if (offer.kind.form is Form.KUBECONFIG) is is_kubeconfig:
            return offer
    what = "kubeconfig" if is_kubeconfig else "credential"
    raise UsageError(f"no {what} can be made for {target.noun} {target.name}")


def _request(workbench: Workbench, offer: Offer, options: argparse.Namespace) -> Request:
    asked = options.expiration or typed(default_lifetime(offer.lifetime))
    lifetime, _ = workbench.issuing.term(offer, asked)
    if offer.impossible:  # issuing says why; no flag would help
        return Request(offer, lifetime, asked, options.purpose)
    values = values_of(offer.kind.noun, offer.fields, options)
    for sentence in unknown_words(offer.target.name, offer.fields, values):
        note(f"tokentui: {sentence}")
    return Request(offer, lifetime, asked, options.purpose, values)
